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

    [Fact]
    public void Every_reason_is_told_in_words_of_its_own()
    {
        var words = Enum.GetValues<UnsaidReason>().Select(reason => reason.ToWords()).ToArray();
        Assert.Equal(words.Length, words.Distinct().Count());
        Assert.Null(words[0]);
        Assert.All(words[1..], text => Assert.True(text!.Length > 10 && !text.EndsWith('.')));
        Assert.Throws<ArgumentOutOfRangeException>(() => ((UnsaidReason)99).ToWords());
    }
}
