using MatchEngine.Rates.Summaries;
using MatchEngine.Rates.Tails;

namespace MatchEngine.Rates.Tests.Tails;

public sealed class TailModeTests
{
    [Theory]
    [InlineData(-0.25)]
    [InlineData(-0.05)]
    [InlineData(0.1)]
    public void With_many_exceedances_the_mode_is_the_tail_they_come_from(double shape)
    {
        // The expected number in each cell, rounded, so that nothing is random.
        var tail = new ParetoTail(shape, 0.05);
        var cells = new double[ScoreGrid.Cells];
        for (var cell = 115; cell < ScoreGrid.Cells - 1; cell++)
            cells[cell] = Math.Round(1e6 * (tail.Beyond((cell - 115) * 0.01).Share - tail.Beyond((cell - 114) * 0.01).Share));
        var bins = new ExceedanceBins(cells, 115, new double[ExceedanceBins.MaxEdges], new double[ExceedanceBins.MaxEdges]);
        var mode = TailMode.Start(bins, TailPrior.Cosines);
        for (var i = 0; i < 4; i++)
            mode = mode.Improve(bins, TailPrior.Cosines);
        Assert.Equal(shape, mode.Tail.Shape, 0.01);
        Assert.Equal(0.05, mode.Tail.Scale, 0.001);
        // About (1 + ξ)/√k, the deviation of the maximum likelihood estimate from exact scores (Smith, Biometrika 72, 1985); bins tell
        // less.
        Assert.InRange(mode.Deviation / ((1 + shape) / 1000), 0.85, 2.2);
    }

    [Fact]
    public void Intensity_is_the_density_of_strangers_when_the_shape_is_certain()
    {
        var tail = new ParetoTail(-0.12, 0.05);
        var mode = new TailMode(tail, 0);
        Assert.Equal(100 * tail.Beyond(0.1).Share * tail.Hazard(0.1), mode.Intensity(0.1, 100), 9);
    }
}
