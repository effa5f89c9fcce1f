using MatchEngine.Galleries.Indexing;
using MatchEngine.Galleries.Search;
using MatchEngine.Galleries.Stores;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Vectors;
using MatchEngine.Vectors.Auto;

namespace MatchEngine.Galleries.Tests.Indexing;

public sealed class GalleryIndexTests : IDisposable
{
    private readonly TestGallery _test = new();
    private readonly IGalleryStore _store;

    public GalleryIndexTests() => _store = _test.Catalog.OpenStore(TestGallery.Name)!;

    public void Dispose()
    {
        _store.Dispose();
        _test.Dispose();
    }

    [Fact]
    public async Task It_is_loaded_when_first_asked_for_and_read_again_only_after_a_commit()
    {
        await _test.EnrolAsync("anna", FakeImage.Of(new FakeFace(1)));
        using var index = new GalleryIndex(_store.Feed, _store.Model);
        var loads = new List<long>();
        Assert.False(index.IsLoaded);

        var first = index.Current(new Recorder(loads), CancellationToken.None);
        var second = index.Current(new Recorder(loads), CancellationToken.None);
        await _test.EnrolAsync("bert", FakeImage.Of(new FakeFace(2)));
        var third = index.Current(new Recorder(loads), CancellationToken.None);

        Assert.True(index.IsLoaded);
        Assert.Same(first, second);
        Assert.Same(first, third);
        Assert.Equal([1, 2], loads);
        Assert.Equal(2, third.Count);
    }

    [Fact]
    public async Task An_exhaustive_search_gets_the_path_without_a_graph_and_the_same_templates()
    {
        await _test.EnrolAsync([.. Enumerable.Range(0, 30).Select(i => TestGallery.Item($"S{i}", FakeImage.Of(new FakeFace(i))))]);
        using var index = new GalleryIndex(_store.Feed, _store.Model);

        var whole = Assert.IsType<AutoIndex>(index.Current(null, CancellationToken.None));

        Assert.Same(whole.Exact, index.Current(null, CancellationToken.None, exhaustive: true));
        var probe = FakeImage.Of(new FakeFace(3, 2));
        var (usual, exhaustive) = (_test.Search(probe), _test.Search(probe, new SearchOptions { Exhaustive = true }));
        Assert.Equal(
            usual.Candidates.Select(candidate => (candidate.SubjectId, candidate.Score)),
            exhaustive.Candidates.Select(candidate => (candidate.SubjectId, candidate.Score)));
        Assert.Equal(IndexAnswer.Exact, exhaustive.Path);
    }

    [Fact]
    public async Task A_load_that_was_cancelled_leaves_nothing_and_the_next_one_has_everything()
    {
        await _test.EnrolAsync([.. Enumerable.Range(0, 30).Select(i => TestGallery.Item($"S{i}", FakeImage.Of(new FakeFace(i))))]);
        using var cancellation = new CancellationTokenSource();
        using var index = new GalleryIndex(new CancellingFeed(_store.Feed, cancellation), _store.Model);

        Assert.ThrowsAny<OperationCanceledException>(() => index.Current(null, cancellation.Token));

        Assert.False(index.IsLoaded);
        Assert.Equal(30, index.Current(null, CancellationToken.None).Count);
    }

    [Fact]
    public async Task Whoever_asks_at_once_gets_the_same_index()
    {
        await _test.EnrolAsync([.. Enumerable.Range(0, 30).Select(i => TestGallery.Item($"S{i}", FakeImage.Of(new FakeFace(i))))]);
        using var index = new GalleryIndex(_store.Feed, _store.Model);

        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => index.Current(null, CancellationToken.None))));

        Assert.Single(all.Distinct());
        Assert.Equal(30, all[0].Count);
    }

    private sealed class Recorder(List<long> values) : IProgress<long>
    {
        public void Report(long value) => values.Add(value);
    }

    /// <summary>Cancels after the tenth template.</summary>
    private sealed class CancellingFeed(IChangeFeed feed, CancellationTokenSource cancellation) : ForwardingFeed(feed)
    {
        public override long ReadChanges(
            long after, Action<StoredTemplate> added, Action<long> removed, CancellationToken cancellationToken)
        {
            var count = 0;
            return base.ReadChanges(
                after,
                template =>
                {
                    added(template);
                    if (++count == 10)
                        cancellation.Cancel();
                },
                removed,
                cancellationToken);
        }
    }
}
