using MatchEngine.Galleries.Errors;

namespace MatchEngine.Galleries.Stores;

/// <summary>
/// What came and went in a gallery: what an index, a replica or a shard is made from and follows. Nobody writes to one of those but a
/// follower of this feed. Every member may be called from any thread; faults arrive as <see cref="StoreException"/>.
/// </summary>
public interface IChangeFeed
{
    /// <summary>
    /// Tells this gallery from every other one: made with it at random, and anew when a gallery is restored. What is derived from a store
    /// names the identity it was derived from.
    /// </summary>
    string Identity { get; }

    /// <summary>
    /// Where the snapshot of an index may lie: beside the store, so that it goes when the gallery is deleted.
    /// Null when there is no such place.
    /// </summary>
    string? SnapshotFile { get; }

    /// <summary>A number that is another one after a commit of anybody. Cheap enough to be asked before every search.</summary>
    long Version();

    /// <summary>The last change and how many templates there are, in one view.</summary>
    (long Change, long Templates) Extent();

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
    /// <exception cref="GalleryNotFoundException">The gallery was deleted meanwhile.</exception>
    long ReadChanges(long after, Action<StoredTemplate> added, Action<long> removed, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the biographics of the subjects that came or were corrected after a change of subjects, and which went, in one consistent
    /// view. These changes have a counter of their own, which never falls; row ids of subjects never come back.
    /// </summary>
    /// <param name="after">The last change of subjects that the caller has seen; 0: everything there is.</param>
    /// <param name="present">Called with the row id and the biographics of each subject, in no particular order.</param>
    /// <param name="removed">Called with the row id of each subject that went; the caller may never have seen it.</param>
    /// <param name="cancellationToken">Looked at between rows.</param>
    /// <returns>The change that the caller has seen now.</returns>
    /// <exception cref="GalleryNotFoundException">The gallery was deleted meanwhile.</exception>
    long ReadSubjects(
        long after, Action<long, IReadOnlyDictionary<string, string>> present, Action<long> removed, CancellationToken cancellationToken);

    /// <summary>The row ids of the encounters that were removed after a change.</summary>
    IReadOnlyList<long> RemovedAfter(long change);

    /// <summary>
    /// What the row ids of hits stand for: the encounters and the biographics of their subjects; those which are gone are absent.
    /// </summary>
    IReadOnlyDictionary<long, FoundEncounter> FindRows(IReadOnlyCollection<long> rows);
}
