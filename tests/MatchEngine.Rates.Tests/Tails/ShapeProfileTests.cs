using MatchEngine.Rates.Summaries;
using MatchEngine.Rates.Tails;

namespace MatchEngine.Rates.Tests.Tails;

public sealed class ShapeProfileTests
{
    [Theory]
    [InlineData(-0.3, 0.1)]
    [InlineData(-0.1, 0.015)]
    [InlineData(0, 0.05)]
    [InlineData(0.15, 0.15)]
    public void From_a_start_in_the_right_order_the_scale_found_is_the_likeliest_of_a_fine_grid(double shape, double start)
    {
        var cells = new double[ScoreGrid.Cells];
        (cells[116], cells[117], cells[118], cells[120], cells[124], cells[128]) = (40, 28, 20, 12, 6, 1);
        var bins = new ExceedanceBins(cells, 116, new double[ExceedanceBins.MaxEdges], new double[ExceedanceBins.MaxEdges]);
        var profile = ShapeProfile.At(bins, TailPrior.Cosines, shape, start);
        var used = shape == 0 ? ParetoTail.LeastShape : shape;
        var (best, at) = (double.NegativeInfinity, 0.0);
        for (var scale = 0.005; scale < 0.5; scale *= 1.001)
        {
            var value = bins.LogLikelihood(used, scale).Value;
            if (value > best)
                (best, at) = (value, scale);
        }
        Assert.Equal(1, profile.Tail.Scale / at, 0.02);
        var shift = (used - TailPrior.Cosines.Shape) / TailPrior.Cosines.ShapeDeviation;
        Assert.Equal(best - shift * shift / 2, profile.LogDensity, 0.01);
    }
}
