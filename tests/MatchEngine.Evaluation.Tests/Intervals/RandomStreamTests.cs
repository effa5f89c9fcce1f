using MatchEngine.Evaluation.Intervals;

namespace MatchEngine.Evaluation.Tests.Intervals;

public class RandomStreamTests
{
    [Fact]
    public void Numbers_below_a_bound_are_equally_likely()
    {
        var random = new RandomStream(1, 2);
        var counts = new int[7];
        for (var i = 0; i < 70_000; i++)
            counts[random.Next(7)]++;
        // Chi-square with 6 degrees of freedom is below 22.5 with probability 0.999.
        Assert.True(counts.Sum(c => (c - 10_000.0) * (c - 10_000.0) / 10_000) < 22.5);
    }

    [Fact]
    public void Streams_of_one_seed_differ_and_repeat()
    {
        ulong[] First(ulong stream)
        {
            var random = new RandomStream(5, stream);
            return [random.Next(), random.Next(), random.Next()];
        }
        Assert.Equal(First(1), First(1));
        Assert.NotEqual(First(1), First(2));
    }

    [Fact]
    public void A_shuffle_keeps_the_items()
    {
        var items = Enumerable.Range(0, 100).ToArray();
        new RandomStream(9, 0).Shuffle<int>(items);
        Assert.NotEqual(Enumerable.Range(0, 100), items);
        Assert.Equal(Enumerable.Range(0, 100), items.Order());
    }
}
