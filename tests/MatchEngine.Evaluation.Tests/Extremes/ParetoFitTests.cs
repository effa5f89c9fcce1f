using MatchEngine.Evaluation.Extremes;
using MatchEngine.Evaluation.Intervals;

namespace MatchEngine.Evaluation.Tests.Extremes;

public class ParetoFitTests
{
    private static double[] Sample(double shape, double scale, int count, ulong seed)
    {
        var random = new RandomStream(41, seed);
        return [.. Enumerable.Range(0, count).Select(_ => new ParetoFit(shape, scale).Quantile(1 - random.NextDouble()))];
    }

    [Theory]
    [InlineData(-0.3, 0.05)]
    [InlineData(-0.1, 2)]
    [InlineData(0, 0.1)]
    [InlineData(0.2, 1)]
    public void The_fit_finds_the_distribution_that_a_sample_was_drawn_from(double shape, double scale)
    {
        var (shapes, scales) = (new List<double>(), new List<double>());
        for (var seed = 0UL; seed < 20; seed++)
        {
            var fit = ParetoFit.Of(Sample(shape, scale, 1000, seed));
            shapes.Add(fit.Shape);
            scales.Add(fit.Scale);
        }
        // The standard error of the shape is (1 + ξ)/√n; the mean of twenty is nearer.
        Assert.Equal(shape, shapes.Average(), 0.03);
        Assert.Equal(1, scales.Average() / scale, 0.04);
    }

    [Theory]
    [InlineData(-0.2)]
    [InlineData(0)]
    [InlineData(0.3)]
    public void Quantile_and_share_beyond_are_each_others_inverse(double shape)
    {
        var tail = new ParetoFit(shape, 0.7);
        foreach (var share in new[] { 1, 0.5, 0.01, 1e-6 })
            Assert.Equal(1, tail.Beyond(tail.Quantile(share)) / share, 1e-9);
        Assert.Equal(0, new ParetoFit(-0.5, 1).Beyond(2));
    }

    [Fact]
    public void A_score_that_counts_twice_is_the_same_as_one_that_stands_twice()
    {
        var sample = Sample(-0.1, 1, 200, 3);
        var (once, twice) = (ParetoFit.Of([.. sample, .. sample[..50]]), ParetoFit.Of(sample, [.. sample.Select((_, i) => i < 50 ? 2.0
            : 1)]));
        Assert.Equal(once.Shape, twice.Shape, 1e-6);
        Assert.Equal(once.Scale, twice.Scale, 1e-6);
        Assert.Throws<ArgumentException>(() => ParetoFit.Of([]));
        Assert.Throws<ArgumentException>(() => ParetoFit.Of([1, 2], [1]));
    }

    [Fact]
    public void The_likelihood_has_no_higher_place_near_the_fit()
    {
        var sample = Sample(-0.15, 0.3, 500, 8);
        var fit = ParetoFit.Of(sample);
        double LogLikelihood(double shape, double scale) =>
            sample.Sum(y => -Math.Log(scale) - (1 + 1 / shape) * Math.Log(1 + shape * y / scale));
        var best = LogLikelihood(fit.Shape, fit.Scale);
        foreach (var (s, c) in new[] { (1.02, 1.0), (0.98, 1.0), (1.0, 1.01), (1.0, 0.99), (1.02, 1.01), (0.98, 0.99) })
            Assert.True(LogLikelihood(fit.Shape * s, fit.Scale * c) <= best + 1e-6);
    }
}
