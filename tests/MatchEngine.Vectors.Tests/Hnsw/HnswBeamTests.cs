using MatchEngine.Vectors.Hnsw;

namespace MatchEngine.Vectors.Tests.Hnsw;

public class HnswBeamTests
{
    [Theory]
    [InlineData(1, 500)]
    [InlineData(20, 30)]
    [InlineData(40, 5000)]
    [InlineData(3000, 20_000)]
    public void The_best_nodes_are_held_in_order_and_expanded_best_first(int width, int nodes)
    {
        var random = new Random(width);
        var beam = new HnswBeam(32);
        // Two walks with one beam: nothing of the first may be left.
        for (var walk = 0; walk < 2; walk++)
        {
            beam.Begin(width, nodes);
            var scores = Enumerable.Range(0, nodes).Select(_ => (float)(0.3 * random.NextDouble()) - (0.1f * walk)).ToArray();
            var seen = new List<int>();
            var expanded = new List<int>();
            for (var node = 0; node < nodes;)
            {
                for (var i = 0; i < 17 && node < nodes; i++, node++)
                {
                    Assert.True(beam.Visit(node));
                    Assert.False(beam.Visit(node));
                    seen.Add(node);
                    beam.Add(node, scores[node]);
                }
                var (open, better) = (beam.Peek(), seen.Except(expanded).DefaultIfEmpty().Max(other => scores[other]));
                if (nodes <= 500 && open >= 0)
                    Assert.InRange(scores[open], better - (1 / 2048f), better);
                Assert.Equal(open, beam.Next());
                if (open < 0)
                    continue;
                Assert.DoesNotContain(open, expanded);
                expanded.Add(open);
                // A bucket counts as a whole.
                Assert.InRange(beam.BetterThanTaken(), 0, seen.Count(other => scores[other] > scores[open]));
                Assert.InRange(seen.Count(other => scores[other] > scores[open] + (1 / 2048f)), 0, beam.BetterThanTaken());
            }
            Assert.True(beam.BetterThanAdded(nodes - 1) is -1 or >= 0);
            beam.Order();
            var best = Enumerable.Range(0, nodes).OrderByDescending(node => scores[node]).ThenByDescending(node => node).ToArray();
            Assert.InRange(beam.Count, Math.Min(width, nodes), nodes);
            Assert.Equal(best.Take(beam.Count), Enumerable.Range(0, beam.Count).Select(beam.Node));
            Assert.All(Enumerable.Range(0, beam.Count), place => Assert.Equal(scores[beam.Node(place)], beam.Score(place)));
            // No more than a bucket beyond its width.
            if (beam.Count > width)
                Assert.InRange(scores[best[beam.Count - 1]], scores[best[width - 1]] - (1 / 2048f), 1);
            for (var place = 0; place < beam.Count; place++)
                beam.Rescore(place, -scores[beam.Node(place)]);
            beam.Sort();
            Assert.Equal(best.Take(beam.Count).Reverse().Select(node => -scores[node]), Enumerable.Range(0, beam.Count).Select(beam.Score));
        }
    }

    [Fact]
    public void Scores_out_of_range_and_nodes_that_are_too_new_do_no_harm()
    {
        var beam = new HnswBeam(32);
        beam.Begin(3, 10);
        Assert.False(beam.Visit(10));
        Assert.False(beam.IsVisited(10));
        Assert.False(beam.IsVisited(4));
        beam.Add(4, 1.0001f);
        beam.Add(5, -1.0001f);
        Assert.Equal(4, beam.Next());
        Assert.Equal(5, beam.Next());
        Assert.Equal(-1, beam.Next());
        Assert.Equal(-1, beam.Peek());
    }
}
