using MatchEngine.Rates.Tails;

namespace MatchEngine.Rates.Tests.Tails;

public sealed class UnsaidReasonTests
{
    [Fact]
    public void Every_reason_has_a_code_of_its_own()
    {
        var codes = Enum.GetValues<UnsaidReason>().Select(reason => reason.ToCode()).ToArray();
        Assert.Equal(codes.Length, codes.Distinct().Count());
        Assert.Null(UnsaidReason.None.ToCode());
        Assert.Equal("too-few-comparisons", UnsaidReason.TooFewComparisons.ToCode());
        Assert.Throws<ArgumentOutOfRangeException>(() => ((UnsaidReason)99).ToCode());
    }
}
