using MatchEngine.Vectors.Exact;
using MatchEngine.Vectors.Kernels;

namespace MatchEngine.Vectors.Tests.Exact;

public class ExactScanTests
{
    private readonly ExactIndex _index;
    private readonly Template _probe = Oracle.Random(new Random(60), 128);

    private Action<int> _beforeTile = _ => { };

    public ExactScanTests()
    {
        _index = new ExactIndex(Oracle.Model, 128, 2, new WatchedKernel(rows => _beforeTile(rows)), 100_000);
        var random = new Random(61);
        for (var id = 0; id < 20_000; id++)
            _index.Add(id, id, Oracle.Random(random, 128));
    }

    [Fact]
    public void A_cancelled_search_ends_early_and_breaks_nothing()
    {
        var expected = _index.Search(_probe).Hits;
        Assert.ThrowsAny<OperationCanceledException>(() => _index.Search(_probe, cancellationToken: new CancellationToken(canceled: true)));

        using var source = new CancellationTokenSource();
        var compared = 0;
        _beforeTile = rows =>
        {
            Interlocked.Add(ref compared, rows);
            source.Cancel();
        };
        Assert.ThrowsAny<OperationCanceledException>(() => _index.Search(_probe, 20_000, cancellationToken: source.Token));
        // Each of the two threads finishes its portion of 4,096 rows at most.
        Assert.InRange(compared, 1, 2 * 4096);
        _beforeTile = _ => { };
        Assert.Equal(expected, _index.Search(_probe).Hits);
    }

    [Fact]
    public void What_goes_wrong_in_the_midst_of_a_scan_reaches_the_caller_and_breaks_nothing()
    {
        var expected = _index.Search(_probe).Hits;
        for (var poison = 1; poison < 70; poison += 7)
        {
            var tiles = 0;
            _beforeTile = _ => _ = Interlocked.Increment(ref tiles) == poison ? throw new InvalidDataException("poison") : 0;
            Assert.Equal("poison", Assert.Throws<InvalidDataException>(() => _index.Search(_probe, 20_000)).Message);
        }
        _beforeTile = _ => { };
        Assert.Equal(expected, _index.Search(_probe).Hits);
    }

    [Fact]
    public async Task Searches_on_many_threads_at_once_each_get_their_own_answer()
    {
        var random = new Random(62);
        var probes = Enumerable.Range(0, 12).Select(_ => Oracle.Random(random, 128)).ToArray();
        var expected = probes.Select(probe => _index.Search(probe).Hits).ToArray();
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() =>
        {
            for (var round = 0; round < 40; round++)
                Assert.Equal(expected[i], _index.Search(probes[i]).Hits);
        }, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public void Nothing_of_the_probe_remains_in_a_scan_that_ended()
    {
        var pool = new ExactScanPool(DotKernel.Best, 128, 2);
        var scan = pool.Rent();
        var answers = new IndexAnswer[1];
        scan.Run([.. _index.Segments], null, null, [_probe], 20, -1f, null, null, answers, CancellationToken.None);
        Assert.Equal(_index.Search(_probe).Hits, answers[0].Hits);
        Assert.True(scan.Probes.Block.Memory.Length >= 64 * 128);
        Assert.False(scan.Probes.Block.Memory.ContainsAnyExcept((byte)0));
    }
}
