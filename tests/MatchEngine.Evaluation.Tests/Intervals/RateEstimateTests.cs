using MatchEngine.Evaluation.Intervals;

namespace MatchEngine.Evaluation.Tests.Intervals;

public class RateEstimateTests
{
    [Fact]
    public void No_error_is_printed_as_a_bound_and_never_as_zero_percent()
    {
        var estimate = RateEstimate.Independent(0, 3000);
        Assert.Equal("0 of 3,000, below 0.1 %", estimate.ToString());
        Assert.Equal(new Interval(0, 0.001), estimate.Range);
        Assert.Equal(IntervalMethod.RuleOfThree, estimate.Method);
    }

    [Fact]
    public void Nothing_but_errors_is_a_bound_from_below()
    {
        Assert.Equal("300 of 300, above 99 %", RateEstimate.Independent(300, 300).ToString());
    }

    [Fact]
    public void Without_trials_there_is_no_rate()
    {
        var estimate = RateEstimate.Independent(0, 0);
        Assert.True(double.IsNaN(estimate.Rate));
        Assert.Equal("no comparisons", estimate.ToString());
    }

    [Fact]
    public void A_bootstrap_without_width_gives_way_to_the_bound()
    {
        Assert.Equal(IntervalMethod.RuleOfThree, RateEstimate.Clustered(0, 500, new Interval(0, 0)).Method);
        Assert.Equal(IntervalMethod.SubjectBootstrap, RateEstimate.Clustered(5, 500, new Interval(0.004, 0.03)).Method);
    }

    [Fact]
    public void A_rate_is_printed_with_its_counts_and_interval()
    {
        Assert.Equal("12 of 3,000 (0.4 %; 0.21 % … 0.7 %)", RateEstimate.Clustered(12, 3000, new Interval(0.0021, 0.007)).ToString());
    }
}
