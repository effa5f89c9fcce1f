using MatchEngine.Vectors.Measurement;

namespace MatchEngine.Vectors.Tests.Measurement;

public class IndexMeasurementTests
{
    [Fact]
    public void Every_path_is_measured_against_the_list_of_all()
    {
        var shares = new List<(string What, double Share)>();
        var gallery = FaceGallery.Generate(2000, 40, 64, seed: 3, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((2000, 40, 40, 64), (gallery.Templates.Count, gallery.Probes.Count, gallery.Truth.Count, gallery.Dimension));
        var rows = gallery.Templates.Select((template, i) => ((long)i, gallery.Subjects[i], template)).ToArray();
        for (var i = 0; i < 40; i++)
            Assert.Equal(Oracle.Search(rows, gallery.Probes[i], 1)[0].Subject, gallery.Truth[i].Hits[0].Subject);

        var results = new IndexMeasurement
        {
            Paths = ["scan", "hnsw"],
            Beams = [8, 400],
            M = 8,
            Rounds = 1,
            Progress = (what, share) => shares.Add((what, share)),
        }
            .Run(gallery, TestContext.Current.CancellationToken).ToList();

        Assert.Equal([1, 64, 8, 400], results.Select(result => result.Setting));
        Assert.All(results[..2], result => Assert.Equal((1.0, 0), (result.Recall, result.MatesLost)));
        Assert.True(results[2].Recall < results[3].Recall);
        Assert.All(results[..2], result => Assert.Equal(1, result.RecallAboveFloor));
        // Above the floor stand mates, which a narrow beam loses less often than the strangers further down.
        Assert.All(results[2..], result => Assert.InRange(result.RecallAboveFloor!.Value, result.Recall, 1));
        Assert.All(results, result => Assert.True(result.AllThreadsPerSecond > 0 && result.Mated is > 20 and <= 40));
        Assert.Contains(shares, pair => pair.What == "building hnsw");
        Assert.All(shares, pair => Assert.InRange(pair.Share, 0, 1));
    }

    [Fact]
    public void It_can_be_cancelled()
    {
        var cancelled = new CancellationToken(canceled: true);
        Assert.ThrowsAny<OperationCanceledException>(() => FaceGallery.Generate(2000, 10, 64, 1, null, cancelled));
        var gallery = FaceGallery.Generate(1000, 10, 64, 1, cancellationToken: TestContext.Current.CancellationToken);
        Assert.ThrowsAny<OperationCanceledException>(() => new IndexMeasurement().Run(gallery, cancelled).ToList());
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(0, 2, 1)]
    [InlineData(0, 10_000, 0.0003)]
    [InlineData(5, 1000, 0.01165)] // Wilson, by R's prop.test without correction.
    [InlineData(1, 10, 0.40415)]
    public void The_upper_bound_of_a_share_is_that_of_the_interval(int lost, int of, double expected) =>
        Assert.Equal(expected, PathResult.Bound(lost, of), 5e-5);

    [Fact]
    public void Reading_memory_is_timed() => Assert.True(MemoryBandwidth.Measure(mebibytes: 8, passes: 3) > 0);
}
