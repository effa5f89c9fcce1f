namespace MatchEngine.Galleries;

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
    /// <returns>What became of each image, in the same order.</returns>
    IReadOnlyList<EnrolledImage> Add(IReadOnlyList<CapturedImage> images);

    /// <summary>Removes a subject with all encounters and templates; false when there is none.</summary>
    bool RemoveSubject(string subjectId);

    /// <summary>Removes an encounter with its template, and the subject when it was the last one; false when there is none.</summary>
    bool RemoveEncounter(string encounterId);

    /// <summary>A number that is another one after a commit of anybody. Cheap enough to be asked before every search.</summary>
    long Version();

    /// <summary>
    /// Reads which templates came and went after change <paramref name="after"/> (0: everything there is), in one consistent view.
    /// </summary>
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

    /// <summary>Where the snapshot of an index may lie: beside the store, so that it goes when the gallery is deleted. Null when there is no such place.</summary>
    string? SnapshotFile { get; }

    /// <summary>The encounters with these row ids and the biographics of their subjects; those which are gone are absent.</summary>
    IReadOnlyDictionary<long, FoundEncounter> FindRows(IReadOnlyCollection<long> rows);

    /// <summary>A subject with its encounters, or null.</summary>
    Subject? FindSubject(string subjectId);

    /// <summary>An encounter, or null.</summary>
    Encounter? FindEncounter(string encounterId);

    /// <summary>The next subjects in the ordinal order of their ids.</summary>
    /// <param name="after">The last id of the page before; null for the first page.</param>
    /// <param name="count">The largest number returned.</param>
    IReadOnlyList<Subject> Subjects(string? after, int count);
}
