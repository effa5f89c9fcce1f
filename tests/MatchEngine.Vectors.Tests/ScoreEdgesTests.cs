namespace MatchEngine.Vectors.Tests;

public class ScoreEdgesTests
{
    [Fact]
    public void A_score_lies_at_the_last_edge_that_it_reaches()
    {
        float[][] sets =
        [
            [.. Enumerable.Range(-100, 201).Select(i => (float)(i / 100.0))],
            [-1, -0.9f, 0.1f, 0.11f, 0.111f, 0.6f],
            [0, 1],
        ];
        var random = new Random(1);
        foreach (var set in sets)
        {
            var edges = new ScoreEdges(set);
            Assert.Equal(set, Enumerable.Range(0, edges.Count).Select(i => edges[i]));
            foreach (var score in set.Concat(set.Select(MathF.BitDecrement)).Concat(Enumerable.Range(0, 2000).Select(
                _ => (float)(2.4 * random.NextDouble() - 1.2))))
                Assert.Equal(Math.Max(0, Array.FindLastIndex(set, edge => edge <= score)), edges.CellOf(score));
        }
    }

    [Fact]
    public void Edges_that_do_not_rise_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new ScoreEdges([0.5f]));
        Assert.Throws<ArgumentException>(() => new ScoreEdges([0.5f, 0.5f]));
        Assert.Throws<ArgumentException>(() => new ScoreEdges([0.5f, float.NaN]));
        Assert.Throws<ArgumentException>(() => new ScoreEdges(Enumerable.Range(0, 1025).Select(i => (float)i)));
    }
}
