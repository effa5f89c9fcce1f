using MatchEngine.Vectors.Auto;
using MatchEngine.Vectors.Exact;
using MatchEngine.Vectors.Hnsw;
using MatchEngine.Vectors.Measurement;

namespace MatchEngine.Vectors.Tests.Auto;

public class AutoIndexTests
{
    private const int Dimension = 128;
    private static readonly FaceLikeVectors Faces = new(Dimension, seed: 60);
    private static readonly Template[] Gallery = [.. Enumerable.Range(0, 5000).Select(i => Faces.Template(i / 2, i % 2, Oracle.Model))];
    private static readonly AutoIndexOptions Manual = new()
    {
        Exact = new ExactIndexOptions { TrainInBackground = false },
        Hnsw = new HnswOptions { M = 16, MatedHitTarget = 0.95, EfConstruction = 60 },
        GraphFrom = null,
    };

    [Fact]
    public void The_cheaper_path_is_taken_once_there_is_a_graph()
    {
        foreach (var (costs, path) in new[] { (new SearchCosts(1000, 0.001), "hnsw"), (new SearchCosts(0.001, 1000), "exact") })
        {
            var index = Fill(new AutoIndex(new ExactIndex(Oracle.Model, Dimension, Manual.Exact), Manual, costs));
            Assert.Equal("exact", index.Search(Gallery[3]).Path);
            index.BuildGraph(cancellationToken: TestContext.Current.CancellationToken);
            Assert.True(index.HasGraph);
            Assert.Equal((path, 1L), (index.Search(Gallery[3]).Path, index.Search(Gallery[3]).Hits[0].Subject));
            Assert.Equal(path, index.SearchBatch([Gallery[3]])[0].Path);
            Assert.Equal(path, index.Search(Gallery[3], filter: SubjectSet.AllBut()).Path);
            Assert.Throws<InvalidOperationException>(() => index.BuildGraph());
        }
    }

    [Fact]
    public void A_graph_that_has_outgrown_its_calibration_is_not_used()
    {
        var index = new AutoIndex(new ExactIndex(Oracle.Model, Dimension, Manual.Exact), Manual, new SearchCosts(1000, 0.001));
        for (var i = 0; i < 2400; i++)
            index.Add(i, i / 2, Gallery[i]);
        index.BuildGraph(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("hnsw", index.Search(Gallery[3]).Path);
        for (var i = 2400; i < 5000; i++)
            index.Add(i, i / 2, Gallery[i]);
        Assert.Equal("exact", index.Search(Gallery[3]).Path);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(400, false)]
    public void With_a_filter_the_path_follows_the_share_that_passes_and_the_list_is_that_of_all(int modulus, bool walks)
    {
        // A step costs a thousandth of a row: a walk is taken unless its beam were hundreds of times as wide.
        var index = Fill(new AutoIndex(new ExactIndex(Oracle.Model, Dimension, Manual.Exact), Manual, new SearchCosts(1, 0.1)), 4000);
        index.BuildGraph(cancellationToken: TestContext.Current.CancellationToken);
        var permitted = Oracle.Only(2500, subject => subject % modulus == 0);
        var rows = Enumerable.Range(0, 4000).Select(i => ((long)i, (long)(i / 2), Gallery[i])).ToArray();
        int found = 0, wanted = 0;
        for (var i = 0; i < 40; i++)
        {
            var probe = Gallery[i * 97];
            var answer = index.Search(probe, 5, -1f, permitted);
            var expected = Oracle.Search(rows, probe, 5, -1f, permitted.Admits);
            Assert.Equal((walks, !walks), (answer.Path == IndexAnswer.Hnsw, answer.IsExhaustive));
            Assert.All(answer.Hits, hit => Assert.True(permitted.Admits(hit.Subject)));
            Assert.Equal(expected.Length, answer.Hits.Count);
            wanted += expected.Length;
            found += expected.Select(hit => hit.Id).Intersect(answer.Hits.Select(hit => hit.Id)).Count();
            Assert.Equal(answer.Hits, index.SearchBatch([probe], 5, -1f, permitted)[0].Hits);
        }
        Assert.InRange(found / (double)wanted, walks ? 0.95 : 1, 1);
        Assert.Empty(index.Search(Gallery[0], 5, -1f, SubjectSet.Only()).Hits);
    }

    [Fact]
    public async Task Changes_while_the_graph_is_built_are_in_it()
    {
        var index = Fill(new AutoIndex(new ExactIndex(Oracle.Model, Dimension, Manual.Exact), Manual, new SearchCosts(1000, 0.001)), 4000);
        var present = Enumerable.Range(0, 4000).ToHashSet();
        var building = Task.Run(() => index.BuildGraph());
        var random = new Random(1);
        while (!building.IsCompleted)
        {
            var id = random.Next(5000);
            if (present.Add(id))
                index.Add(id, id / 2, Gallery[id]);
            else
                Assert.Equal(present.Remove(id), index.Remove(id));
            Thread.Sleep(1);
        }
        await building;
        Assert.Equal(present.Count, index.Count);
        foreach (var id in Enumerable.Range(0, 5000).Where(id => id % 7 == 0))
        {
            var answer = index.Search(Gallery[id], 1, 0.99f);
            Assert.Equal((present.Contains(id), index.Contains(id)), (answer.Hits.Any(hit => hit.Id == id), present.Contains(id)));
            Assert.Equal("hnsw", answer.Path);
        }
    }

    [Fact]
    public async Task The_graph_is_built_in_the_background_at_the_given_size()
    {
        var index = new AutoIndex(Oracle.Model, Dimension, Manual with { GraphFrom = 1500 });
        for (var i = 0; i < 1499; i++)
            index.Add(i, i / 2, Gallery[i]);
        Assert.False(index.HasGraph);
        index.Add(1499, 749, Gallery[1499]);
        for (var i = 0; i < 6000 && !index.HasGraph; i++)
            await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.True(index.HasGraph);
        Assert.Equal(7, index.Search(Gallery[14]).Hits[0].Subject);
    }

    [Fact]
    public void A_cancelled_building_leaves_the_exhaustive_path()
    {
        var index = Fill(new AutoIndex(Oracle.Model, Dimension, Manual), 1000);
        Assert.ThrowsAny<OperationCanceledException>(() => index.BuildGraph(null, new CancellationToken(canceled: true)));
        Assert.False(index.HasGraph);
        Assert.Equal("exact", index.Search(Gallery[0]).Path);
        index.BuildGraph(cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(index.HasGraph);
    }

    [Fact]
    public void Costs_are_measured_and_grow_as_they_should()
    {
        var costs = SearchCosts.Measure(512);
        // Which of the two is larger depends on caches and neighbours; that both were measured does not.
        Assert.InRange(costs.ScanNanoseconds, 0.01, 1e6);
        Assert.InRange(costs.StepNanoseconds, 0.01, 1e6);
        Assert.Equal(2 * costs.Exhaustive(1000), costs.Exhaustive(2000), 1e-6);
        Assert.Equal(2 * costs.Walk(100, 16), costs.Walk(200, 16), 1e-6);
        Assert.True(costs.Walk(100, 32) > costs.Walk(100, 16) && costs.Walk(100, 32) < 2 * costs.Walk(100, 16));
    }

    [Fact]
    public void Wrong_options_are_refused_at_once() =>
        Assert.Throws<ArgumentException>(() => new AutoIndex(Oracle.Model, Dimension, Manual with { Hnsw = new HnswOptions { M = 1 } }));

    private static AutoIndex Fill(AutoIndex index, int count = 5000)
    {
        for (var i = 0; i < count; i++)
            index.Add(i, i / 2, Gallery[i]);
        return index;
    }
}
