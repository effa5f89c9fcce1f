using MatchEngine.Galleries.Stores;

namespace MatchEngine.Galleries.Tests.Fakes;

/// <summary>Hands everything on to another feed; a test overrides what it wants to be in the middle of.</summary>
internal abstract class ForwardingFeed(IChangeFeed feed) : IChangeFeed
{
    public string Identity => feed.Identity;

    public string? SnapshotFile => feed.SnapshotFile;

    public long Version() => feed.Version();

    public (long Change, long Templates) Extent() => feed.Extent();

    public virtual long ReadChanges(long after, Action<StoredTemplate> added, Action<long> removed, CancellationToken cancellationToken) =>
        feed.ReadChanges(after, added, removed, cancellationToken);

    public virtual long ReadSubjects(
        long after, Action<long, IReadOnlyDictionary<string, string>> present, Action<long> removed, CancellationToken cancellationToken) =>
        feed.ReadSubjects(after, present, removed, cancellationToken);

    public IReadOnlyList<long> RemovedAfter(long change) => feed.RemovedAfter(change);

    public IReadOnlyDictionary<long, FoundEncounter> FindRows(IReadOnlyCollection<long> rows) => feed.FindRows(rows);
}
