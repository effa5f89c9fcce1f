using MatchEngine.Rates.Calibrations;
using MathNet.Numerics.Distributions;

namespace MatchEngine.Rates.Tests.Calibrations;

public sealed class PoissonLimitTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(40)]
    [InlineData(1000)]
    public void It_is_half_the_quantile_of_chi_square(long events) =>
        Assert.Equal(1, PoissonLimit.Upper95(events) / (ChiSquared.InvCDF(2 * events + 2, 0.95) / 2), 0.001);
}
