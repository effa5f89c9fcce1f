using MatchEngine.Galleries.Properties;

namespace MatchEngine.Galleries.Tests.Properties;

public class RetentionRuleTests
{
    private static readonly DateTimeOffset Enrolled = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(RetentionBasis.Enrolled, "2025-01-01", "2026-03-31T11:59:59Z", false)]
    [InlineData(RetentionBasis.Enrolled, "2025-01-01", "2026-03-31T12:00:00Z", true)]
    [InlineData(RetentionBasis.Captured, "2026-02-01", "2026-03-02T23:59:59Z", false)]
    [InlineData(RetentionBasis.Captured, "2026-02-01", "2026-03-03T00:00:00Z", true)]
    [InlineData(RetentionBasis.Captured, "2026-02-01T06:00:00+02:00", "2026-03-03T04:00:00Z", true)]
    [InlineData(RetentionBasis.Captured, "2026-02-01T06:00:00+02:00", "2026-03-03T03:59:59Z", false)]
    [InlineData(RetentionBasis.Captured, "in spring", "2026-03-31T11:59:59Z", false)]
    [InlineData(RetentionBasis.Captured, "in spring", "2026-03-31T12:00:00Z", true)]
    [InlineData(RetentionBasis.Captured, "2036-02-01", "2026-03-31T12:00:00Z", true)]
    public void Days_count_from_enrolment_or_capture(RetentionBasis basis, string captured, string now, bool expired) => Assert.Equal(
        expired,
        new RetentionRule(30, basis).HasExpired(
            Enrolled, new Dictionary<string, string> { [RetentionRule.CaptureKey] = captured }, DateTimeOffset.Parse(now, null)));

    [Theory]
    [InlineData("2026-02-28", null)]
    [InlineData("2026-02-28T23:00:00+01:00", null)]
    // Tomorrow in UTC is today somewhere.
    [InlineData("2026-03-02", null)]
    [InlineData("2026-03-03", "future")]
    [InlineData("28.02.2026", "2026-01-31")]
    [InlineData("2026", "2026-01-31")]
    [InlineData("", "2026-01-31")]
    public void A_date_of_capture_is_read_or_what_is_wrong_with_it_is_said(string captured, string? problem)
    {
        var said = RetentionRule.CaptureProblem(
            new Dictionary<string, string> { [RetentionRule.CaptureKey] = captured }, Enrolled);
        Assert.True(problem is null ? said is null : said!.Contains(problem, StringComparison.Ordinal), said);
        Assert.Null(RetentionRule.CaptureProblem(new Dictionary<string, string>(), Enrolled));
    }

    [Fact]
    public void A_rule_has_a_day_at_least()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetentionRule(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetentionRule(RetentionRule.MaxDays + 1));
    }
}
