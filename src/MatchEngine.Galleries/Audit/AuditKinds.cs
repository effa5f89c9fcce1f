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

    /// <summary>The longest kind.</summary>
    public const int MaxLength = 64;

    /// <summary>Whether a text can be a kind.</summary>
    public static bool IsValid(string? kind) => kind is not null && kind.Length <= MaxLength && Form().IsMatch(kind);

    [GeneratedRegex(@"\A[a-z0-9_-]+(\.[a-z0-9_-]+)*\z")]
    private static partial Regex Form();
}
