using MatchEngine.Rates.Summaries;
using MatchEngine.Rates.Tails;

namespace MatchEngine.Rates.Tests.Tails;

public sealed class ExceedanceBinsTests
{
    [Fact]
    public void Bins_hold_every_exceedance_and_end_with_the_last_one()
    {
        var cells = Cells((115, 3), (116, 40), (117, 20.5), (120, 8), (131, 1));
        var bins = new ExceedanceBins(cells, 116, new double[ExceedanceBins.MaxEdges], new double[ExceedanceBins.MaxEdges]);
        Assert.Equal(69.5, bins.Total, 12);
        Assert.Equal(0.16, bins.Threshold, 12);
        Assert.Equal(4, bins.OccupiedCells);
        Assert.InRange(bins.LastEdge, 0.0499, 0.15);
        Assert.InRange(bins.MeanExcess(), 0.01, 0.02);
    }

    [Theory]
    [InlineData(-0.3, 0.06)]
    [InlineData(-0.12, 0.05)]
    [InlineData(0.1, 0.04)]
    public void Derivatives_of_the_likelihood_are_those_of_finite_differences(double shape, double scale)
    {
        var cells = Cells((116, 40), (117, 30), (118, 22.5), (119, 15), (121, 11), (125, 5), (129, 0.4));
        var bins = new ExceedanceBins(cells, 116, new double[ExceedanceBins.MaxEdges], new double[ExceedanceBins.MaxEdges]);
        const double Step = 1e-4;
        var (value, first, second) = bins.LogLikelihood(shape, scale);
        var above = bins.LogLikelihood(shape, scale * Math.Exp(Step)).Value;
        var below = bins.LogLikelihood(shape, scale * Math.Exp(-Step)).Value;
        Assert.Equal((above - below) / (2 * Step), first, 3);
        Assert.Equal((above - 2 * value + below) / (Step * Step), second, 1);
    }

    [Theory]
    [InlineData(4e-4)]
    [InlineData(-2e-4)]
    [InlineData(1)]
    public void Edges_that_are_moved_to_exact_scores_stay_in_order(double variance)
    {
        var edges = new double[ExceedanceBins.MaxEdges];
        var bins = new ExceedanceBins(Cells((116, 40), (117, 30), (118, 22), (130, 2)), 116, edges, new double[ExceedanceBins.MaxEdges]);
        bins.MoveToExact(new ParetoTail(-0.12, 0.05), variance);
        for (var i = 1; i <= bins.Count; i++)
            Assert.True(edges[i] > edges[i - 1], $"edge {i}");
        Assert.Equal(variance > 0, bins.Threshold < 0.16);
    }

    private static double[] Cells(params (int Cell, double Number)[] filled)
    {
        var cells = new double[ScoreGrid.Cells];
        foreach (var (cell, number) in filled)
            cells[cell] = number;
        return cells;
    }
}
