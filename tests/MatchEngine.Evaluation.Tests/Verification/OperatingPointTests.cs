using MatchEngine.Evaluation.Verification;

namespace MatchEngine.Evaluation.Tests.Verification;

public class OperatingPointTests
{
    [Theory]
    [InlineData(0.001, 10_000, true)]
    [InlineData(0.001, 9_999, false)]
    [InlineData(1e-6, 10_000_000, true)]
    [InlineData(3e-5, 333_333, false)]
    [InlineData(3e-5, 333_334, true)]
    public void Ten_over_f_comparisons_support_a_threshold_at_f(double fmr, long impostors, bool supported) =>
        Assert.Equal(supported, OperatingPoint.IsSupported(fmr, impostors));
}
