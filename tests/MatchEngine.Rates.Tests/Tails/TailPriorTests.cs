using MatchEngine.Rates.Tails;

namespace MatchEngine.Rates.Tests.Tails;

public sealed class TailPriorTests
{
    [Theory]
    [InlineData(-0.6, 0.1, null, 1)]
    [InlineData(0.3, 0.1, null, 1)]
    [InlineData(double.NaN, 0.1, null, 1)]
    [InlineData(-0.1, 0, null, 1)]
    [InlineData(-0.1, double.NaN, null, 1)]
    [InlineData(-0.1, 0.1, double.NaN, 1)]
    [InlineData(-0.1, 0.1, -3.0, 0)]
    public void A_prior_that_bounds_nothing_is_refused(double shape, double deviation, double? scale, double spread)
    {
        var summary = SimulatedGallery.Normal(0, 0.1).Search(new Random(1), 500);
        Assert.Throws<ArgumentOutOfRangeException>(() => TailFit.Of(summary, "x", new TailPrior(shape, deviation, scale, spread)));
    }

    [Fact]
    public void Few_exceedances_leave_the_shape_near_the_prior_and_many_do_not()
    {
        var random = new Random(2);
        double Mean(int subjects) =>
            Enumerable.Range(0, 100).Average(_ => TailFit.Of(SimulatedGallery.Pareto(0.05, 0.05).Search(random, subjects, 0), "x").Shape);
        Assert.InRange(Mean(300), -0.13, -0.05);
        Assert.InRange(Mean(9000), -0.03, 0.06);
    }
}
