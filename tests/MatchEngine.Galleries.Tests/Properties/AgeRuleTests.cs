using MatchEngine.Galleries.Properties;

namespace MatchEngine.Galleries.Tests.Properties;

public class AgeRuleTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(null, null, null, null)]
    [InlineData(13, null, null, 13)]
    [InlineData(null, "2012-03-04", null, 14)]
    [InlineData(null, "2012-03-05", null, 13)]
    // A year alone: the youngest that it can be.
    [InlineData(null, "2012", null, 13)]
    [InlineData(null, "2011", null, 14)]
    [InlineData(null, "long ago", null, null)]
    // Whatever is least counts, and an unborn child is none.
    [InlineData(30, "2012-03-05", null, 13)]
    [InlineData(5, "1970", null, 5)]
    [InlineData(null, "2030-01-01", null, 0)]
    // The age is that in the photo.
    [InlineData(null, "2000-06-01", "2010-05-31", 9)]
    [InlineData(null, "2000-06-01", "2010-06-01", 10)]
    // A photo of tomorrow was taken no later than now.
    [InlineData(null, "2012-03-04", "2040-01-01", 14)]
    public void The_age_comes_of_what_is_recorded_or_said(int? stated, string? birth, string? captured, int? expected)
    {
        var metadata = new Dictionary<string, string>();
        if (captured is not null)
            metadata["captured_on"] = captured;
        if (birth is not null)
            metadata["birth"] = birth;
        Assert.Equal(expected, AgeRule.Of(stated, metadata, null, Now));
        // The same where the record of the subject says so, and not the photo.
        metadata.Remove("birth");
        var biographics = birth is null ? [] : new Dictionary<string, string> { ["birth"] = birth };
        Assert.Equal(expected, AgeRule.Of(stated, metadata, biographics, Now));
    }

    [Fact]
    public void Nobody_is_a_child_whose_age_is_not_known()
    {
        var rule = new AgeRule(14, AgeAction.Refuse, AgeAction.Warn);
        Assert.False(rule.IsChild(null));
        Assert.True(rule.IsChild(13));
        Assert.False(rule.IsChild(14));
    }
}
