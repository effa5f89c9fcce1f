using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Properties;

namespace MatchEngine.Galleries.Stores;

/// <summary>
/// Where one gallery is kept. The store is the truth; an index is made from it and follows it. Every member may be called from any thread,
/// and other processes may use the same store at the same time. A write is either there as a whole, for good, or not at all. Faults arrive
/// as <see cref="StoreException"/>; a store that was deleted meanwhile answers with <see cref="GalleryNotFoundException"/>.
/// </summary>
internal interface IGalleryStore : IDisposable
{
    /// <summary>The gallery's name.</summary>
    string Name { get; }

    /// <summary>The model it is bound to.</summary>
    GalleryModel Model { get; }

    /// <summary>Counts what is there.</summary>
    GallerySummary Summarize();

    /// <summary>How good the faces are; it looks at every encounter.</summary>
    GalleryQuality SummarizeQuality();

    /// <summary>The encounters that stem from an image with this SHA-256.</summary>
    IReadOnlyList<KnownFace> FindImage(byte[] sha256);

    /// <summary>Adds images in the order given, in one transaction. What is there already is left as it is.</summary>
    /// <param name="images">The images.</param>
    /// <param name="record">Written when the transaction changes anything: with the ids of the encounters that are new,
    /// as <c>encounters</c>.</param>
    /// <returns>What became of each image, in the same order.</returns>
    IReadOnlyList<EnrolledImage> Add(IReadOnlyList<CapturedImage> images, ChangeRecord? record = null);

    /// <summary>Removes a subject with all encounters and templates; false when there is none.</summary>
    bool RemoveSubject(string subjectId, ChangeRecord? record = null);

    /// <summary>Removes an encounter with its template, and the subject when it was the last one; false when there is none.</summary>
    bool RemoveEncounter(string encounterId, ChangeRecord? record = null);

    /// <summary>Sets and removes biographics of a subject; false when there is none.</summary>
    /// <param name="subjectId">The subject.</param>
    /// <param name="changes">New values; null removes a key.</param>
    /// <param name="record">Written when there is such a subject.</param>
    bool CorrectSubject(string subjectId, IReadOnlyDictionary<string, string?> changes, ChangeRecord? record = null);

    /// <summary>Sets and removes metadata of an encounter; false when there is none.</summary>
    /// <param name="encounterId">The encounter.</param>
    /// <param name="changes">New values; null removes a key.</param>
    /// <param name="record">Written when there is such an encounter.</param>
    bool CorrectEncounter(string encounterId, IReadOnlyDictionary<string, string?> changes, ChangeRecord? record = null);

    /// <summary>
    /// Removes some of the encounters that have expired by the gallery's rule,
    /// and the subjects that lose their last one, in one transaction.
    /// </summary>
    /// <param name="now">The time that it is.</param>
    /// <param name="after">Begins behind this row; 0 with the first.</param>
    /// <param name="record">Written when something is removed, with the numbers as <c>encounters</c> and <c>subjects</c>.</param>
    /// <returns>How many encounters and subjects were removed, and the row to go on behind; null when all were looked at.</returns>
    (int Encounters, int Subjects, long? Next) PurgeSome(DateTimeOffset now, long after, ChangeRecord? record = null);

    /// <summary>
    /// Tells this gallery from every other one: made with it at random, and anew when a gallery is restored. What is derived from a store
    /// names the identity it was derived from.
    /// </summary>
    string Identity { get; }

    /// <summary>A number that is another one after a commit of anybody. Cheap enough to be asked before every search.</summary>
    long Version();

    /// <summary>
    /// Reads which templates came and went after change <paramref name="after"/> (0: everything there is), in one consistent view.
    /// </summary>
    /// <remarks>
    /// <para>The contract for what is derived from the store, such as an index snapshot: the store has a change counter which never falls,
    /// and each transaction that adds or removes templates raises it. A snapshot records the counter that this method gave (the snapshot
    /// holds what had changed up to it, no more) and the store's <see cref="Identity"/>. Whoever opens it discards it when the identity is
    /// another one or its counter is above the store's; otherwise he calls this method with the snapshot's counter before the first search.
    /// Every template added since is then given, and the row of every encounter removed since: rows of removed encounters are kept for good
    /// and row ids never come back, so a snapshot of any age cannot bring a removed template back.</para>
    /// <para>Nor may it keep one on the disk: after a removal the snapshots that hold the template are deleted or rewritten before
    /// they are used again.</para>
    /// </remarks>
    /// <param name="after">The last change that the caller has seen.</param>
    /// <param name="added">Called for each template, in the order in which they were enrolled.</param>
    /// <param name="removed">Called with the row id of each encounter that was removed; the caller may never have seen it.</param>
    /// <param name="cancellationToken">Looked at between rows.</param>
    /// <returns>The change that the caller has seen now.</returns>
    long ReadChanges(long after, Action<StoredTemplate> added, Action<long> removed, CancellationToken cancellationToken);

    /// <summary>The row ids of the encounters that were removed after a change.</summary>
    IReadOnlyList<long> RemovedAfter(long change);

    /// <summary>The last change and how many templates there are, in one view.</summary>
    (long Change, long Templates) Extent();

    /// <summary>
    /// Where the snapshot of an index may lie: beside the store, so that it goes when the gallery is deleted.
    /// Null when there is no such place.
    /// </summary>
    string? SnapshotFile { get; }

    /// <summary>The encounters with these row ids and the biographics of their subjects; those which are gone are absent.</summary>
    IReadOnlyDictionary<long, FoundEncounter> FindRows(IReadOnlyCollection<long> rows);

    /// <summary>A subject with its encounters, or null.</summary>
    Subject? FindSubject(string subjectId);

    /// <summary>An encounter, or null.</summary>
    Encounter? FindEncounter(string encounterId);

    /// <summary>The template of an encounter, or null.</summary>
    StoredTemplate? FindTemplate(string encounterId);

    /// <summary>The next subjects in the ordinal order of their ids.</summary>
    /// <param name="after">The last id of the page before; null for the first page.</param>
    /// <param name="count">The largest number returned.</param>
    IReadOnlyList<Subject> Subjects(string? after, int count);

    /// <summary>Whose the gallery is and how it may be used, as it stands now.</summary>
    GalleryProperties ReadProperties();

    /// <summary>Replaces the properties.</summary>
    void WriteProperties(GalleryProperties properties, ChangeRecord? record = null);

    /// <summary>The permissions in the ordinal order of the organisations.</summary>
    IReadOnlyList<GalleryPermission> ReadPermissions();

    /// <summary>Adds a permission, or replaces that of its organisation.</summary>
    void WritePermission(GalleryPermission permission, ChangeRecord? record = null);

    /// <summary>Removes the permission of an organisation; false when it has none.</summary>
    bool RemovePermission(string organisation, ChangeRecord? record = null);

    /// <summary>A subject's links, in the byte order of the others' ids.</summary>
    IReadOnlyList<SubjectLink> ReadLinks(string subjectId);

    /// <summary>Links two subjects, or says anew what links them; false when one of them is not there.</summary>
    bool WriteLink(string subjectId, SubjectLink link, ChangeRecord? record = null);

    /// <summary>Takes a link out; false when there is none.</summary>
    bool RemoveLink(string subjectId, string otherId, ChangeRecord? record = null);

    /// <summary>
    /// Whether the change of an event was made, whose record was given to one of these methods;
    /// not to be asked of events that were settled.
    /// </summary>
    bool HasMade(AuditEvent written);

    /// <summary>The image of an encounter as it was given; null when there is no such encounter or its image was not kept.</summary>
    byte[]? ReadPhoto(string encounterId);

    /// <summary>
    /// The face of an encounter with some of what is around it, a JPEG; null when there is no such encounter or its image was not kept.
    /// </summary>
    byte[]? ReadCrop(string encounterId);

    /// <summary>Seals again what is in the clear or under another key than the current one.</summary>
    /// <returns>How many values were sealed.</returns>
    long Rekey(IProgress<long>? progress, CancellationToken cancellationToken);
}
