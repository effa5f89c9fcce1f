using MatchEngine.Rates.Tails;

namespace MatchEngine.Rates.Tests.Tails;

public sealed class ParetoTailTests
{
    [Theory]
    [InlineData(-0.4)]
    [InlineData(-0.12)]
    [InlineData(1e-9)]
    [InlineData(0.2)]
    public void The_density_integrates_to_the_share_beyond(double shape)
    {
        var tail = new ParetoTail(shape, 0.05);
        // Midpoints of hazard × share, from 0.02 to 0.08.
        const int Steps = 20_000;
        var sum = Enumerable.Range(0, Steps).Sum(i =>
        {
            var excess = 0.02 + 0.06 * (i + 0.5) / Steps;
            return tail.Hazard(excess) * tail.Beyond(excess).Share * 0.06 / Steps;
        });
        Assert.Equal(tail.Beyond(0.02).Share - tail.Beyond(0.08).Share, sum, 5);
    }

    [Fact]
    public void A_shape_of_nought_is_the_exponential_distribution() =>
        Assert.Equal(Math.Exp(-3), new ParetoTail(0, 0.05).Beyond(0.15).Share, 6);

    [Fact]
    public void A_shape_of_minus_a_half_falls_in_a_parabola_to_its_end()
    {
        // (1 − y/2σ)², by hand.
        var tail = new ParetoTail(-0.5, 0.1);
        Assert.Equal(0.25, tail.Beyond(0.1).Share, 12);
        Assert.Equal((0, 0), tail.Beyond(0.2));
        Assert.Equal(double.PositiveInfinity, tail.Hazard(0.2));
    }

    [Theory]
    [InlineData(-0.2, 0.07)]
    [InlineData(0.1, 0.3)]
    public void The_slope_is_the_derivative_of_the_logarithm_by_that_of_the_scale(double shape, double excess)
    {
        double Log(double logScale) => Math.Log(new ParetoTail(shape, Math.Exp(logScale)).Beyond(excess).Share);
        var at = Math.Log(0.05);
        Assert.Equal((Log(at + 1e-5) - Log(at - 1e-5)) / 2e-5, new ParetoTail(shape, 0.05).Beyond(excess).Slope, 6);
    }
}
