using MatchEngine.Rates.Summaries;
using MatchEngine.Rates.Tails;

namespace MatchEngine.Rates.Tests.Tails;

public sealed class TailPosteriorTests
{
    [Theory]
    [InlineData(1, 300)]
    [InlineData(2, 1000)]
    [InlineData(3, 5000)]
    public void Mean_and_variance_are_those_of_an_integral_over_a_dense_grid_of_tails(int seed, int subjects)
    {
        var summary = SimulatedGallery.Normal(0.01, 0.1).Search(new Random(seed), subjects, possibleMates: 0);
        var prior = TailPrior.Cosines;
        var fit = TailFit.Of(summary, "simulated", prior);
        var first = ScoreGrid.CellOf((float)fit.Threshold);
        foreach (var excess in subjects < 1000 ? [0.05, 0.1] : new[] { 0.05, 0.15, 0.2 })
        {
            var (mean, variance) = ByDefinition(summary, first, prior, excess);
            var (ours, spread) = fit.Moments(fit.Threshold + excess);
            // Far out the density is too skewed for Laplace's method to be exact: of thirty exceedances half the mean is missing at 0.2.
            Assert.Equal(1, ours / mean, subjects < 1000 || excess == 0.2 ? 0.12 : 0.06);
            Assert.Equal(1, Math.Sqrt(spread / variance), 0.3);
        }
    }

    /// <summary>Bayes' rule, with every cell of the grid as a bin, 200 × 200 tails and no approximation.</summary>
    private static (double Mean, double Variance) ByDefinition(ScoreSummary summary, int first, TailPrior prior, double excess)
    {
        double exceedances = summary.CountAtOrAbove(first);
        var tails = new List<(double Log, double Number)>();
        for (var i = 0; i < 200; i++)
        {
            var shape = -0.45 + 0.65 * (i + 0.5) / 200;
            for (var j = 0; j < 200; j++)
            {
                var tail = new ParetoTail(shape, Math.Exp(-4.5 + 2.5 * (j + 0.5) / 200));
                var shift = (shape - prior.Shape) / prior.ShapeDeviation;
                var log = -shift * shift / 2;
                for (var cell = first; cell < ScoreGrid.Cells - 1; cell++)
                {
                    if (summary.Counts[cell] > 0)
                    {
                        var (a, b) = ((cell - first) * 0.01, (cell + 1 - first) * 0.01);
                        log += summary.Counts[cell] * Math.Log(Math.Max(1e-300, tail.Beyond(a).Share - tail.Beyond(b).Share));
                    }
                }
                tails.Add((log, exceedances * tail.Beyond(excess).Share));
            }
        }
        var best = tails.Max(tail => tail.Log);
        var weight = tails.Sum(tail => Math.Exp(tail.Log - best));
        var mean = tails.Sum(tail => Math.Exp(tail.Log - best) * tail.Number) / weight;
        var square = tails.Sum(tail => Math.Exp(tail.Log - best) * tail.Number * tail.Number) / weight;
        return (mean, square * (1 + 1 / exceedances) - mean * mean);
    }
}
