using System.Text.RegularExpressions;

namespace MatchEngine.Galleries.Audit;

/// <summary>
/// The kinds of events that this room writes itself. A service adds its own: words of a-z, digits, '-' and '_', joined by dots.
/// </summary>
public static partial class AuditKinds
{
    /// <summary>A search was answered; the payload is a <see cref="SearchAudit"/>.</summary>
    public const string Search = "search";

    /// <summary>Expired events were removed; the payload is a <see cref="AuditAnchor"/>.</summary>
    public const string Purged = "audit.purged";

    /// <summary>
    /// The change of an earlier event did not come about: the process was killed, or the store failed, after the event was written. The
    /// payload names that event by <c>event</c> (its number) and <c>kind</c>.
    /// </summary>
    public const string NotMade = "change.not-made";

    /// <summary>The same where nobody can say any more whether it came about: the store is gone or cannot be read.</summary>
    public const string Unknown = "change.unknown";

    /// <summary>A gallery was made; whether the change came about shows by the gallery being there.</summary>
    public const string GalleryCreated = "gallery.created";

    /// <summary>A gallery was made of an archive; as <see cref="GalleryCreated"/>.</summary>
    public const string GalleryRestored = "gallery.restored";

    /// <summary>
    /// A gallery was deleted; the payload has its <c>identity</c>, by which it is told from a later one of the same name.
    /// </summary>
    public const string GalleryDeleted = "gallery.deleted";

    /// <summary>Owner, profile, approval or retention of a gallery was changed.</summary>
    public const string GalleryChanged = "gallery.changed";

    /// <summary>What a gallery keeps was sealed under another key; the payload has the number of <c>values</c>.</summary>
    public const string GalleryRekeyed = "gallery.rekeyed";

    /// <summary>Encounters expired and were removed; the payload has the numbers of <c>encounters</c> and <c>subjects</c>.</summary>
    public const string RetentionPurged = "retention.purged";

    /// <summary>
    /// A search for people who are enrolled twice was begun: the payload names the <c>galleries</c> and the <c>floor</c>, and the subject
    /// <c>after</c> which it goes on where it was begun earlier.
    /// </summary>
    public const string DuplicatesSought = "duplicates.sought";

    /// <summary>
    /// It ended: the payload has its <c>outcome</c> and how many <c>subjects</c> were searched with and <c>pairs</c> told.
    /// </summary>
    public const string DuplicatesEnded = "duplicates.ended";

    /// <summary>
    /// A search for photos that do not go with their subject was begun: the payload has the number of <c>subjects</c> and the <c>floor</c>.
    /// </summary>
    public const string ConsistencyChecked = "consistency.checked";

    /// <summary>It ended: the payload has its <c>outcome</c> and how many <c>remarks</c> and <c>pairs</c> were told.</summary>
    public const string ConsistencyCheckEnded = "consistency.ended";

    /// <summary>Photos were enrolled; the payload names the <c>subjects</c>, and the <c>encounters</c> that are new.</summary>
    public const string SubjectEnrolled = "subject.enrolled";

    /// <summary>An enrolment of many photos ended; the payload has the numbers of photos that were enrolled, known, or refused.</summary>
    public const string EnrolmentEnded = "enrolment.ended";

    /// <summary>
    /// A backup of the whole data folder was begun; the payload has its id, <c>backup</c>. The backup itself holds this event.
    /// </summary>
    public const string BackupBegun = "backup.begun";

    /// <summary>
    /// It ended: the payload has its <c>outcome</c> and, where it is done, its <c>bytes</c> and the <c>sha256</c> of the file.
    /// </summary>
    public const string BackupEnded = "backup.ended";

    /// <summary>
    /// The data folder was made of a backup; the payload has the <c>sha256</c> of its file. What was done between the event before this one
    /// and this one is not known here.
    /// </summary>
    public const string BackupRestored = "backup.restored";

    /// <summary>
    /// The log was found to lack an event that is known elsewhere: it was rolled back, replaced or removed. The payload has the number of
    /// the <c>event</c>. The numbers up to it, and some more, are never given again.
    /// </summary>
    public const string RolledBack = "audit.rolled-back";

    /// <summary>
    /// The clock shows an earlier time than at the event before: it was set back, <c>from</c> one time <c>to</c> another. Written by the
    /// log itself, before the first event of the earlier time.
    /// </summary>
    public const string ClockSetBack = "audit.clock-set-back";

    /// <summary>The longest kind.</summary>
    public const int MaxLength = 64;

    /// <summary>Whether a text can be a kind.</summary>
    public static bool IsValid(string? kind) => kind is not null && kind.Length <= MaxLength && Form().IsMatch(kind);

    [GeneratedRegex(@"\A[a-z0-9_-]+(\.[a-z0-9_-]+)*\z")]
    private static partial Regex Form();
}
