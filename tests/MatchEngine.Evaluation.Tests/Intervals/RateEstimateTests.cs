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
        Assert.Equal(IntervalMethod.RuleOfThree, RateEstimate.Clustered(0, 500, new Interval(0, 0), 100).Method);
        Assert.Equal(IntervalMethod.SubjectBootstrap, RateEstimate.Clustered(5, 500, new Interval(0.004, 0.03), 100).Method);
    }

    [Fact]
    public void A_rate_is_printed_with_its_counts_and_interval()
    {
        Assert.Equal("12 of 3,000 (0.4 %; 0.21 % … 0.7 %)", RateEstimate.Clustered(12, 3000, new Interval(0.0021, 0.007), 100).ToString());
    }

    [Fact]
    public void A_bound_counts_people_and_not_their_comparisons()
    {
        var estimate = RateEstimate.Clustered(0, 772, new Interval(0, 0), 44);
        Assert.Equal("0 of 772 from 44 people, below 6.82 %", estimate.ToString());
        Assert.Equal(3.0 / 44, estimate.Range.High, 1e-12);
        Assert.Equal("772 of 772 from 44 people, above 93.2 %", RateEstimate.Clustered(772, 772, new Interval(1, 1), 44).ToString());
        // Three people or fewer: the bound says nothing, so it is not given.
        Assert.Equal(IntervalMethod.CannotBeSaid, RateEstimate.Clustered(0, 30, new Interval(0, 0), 3).Method);
    }

    [Fact]
    public void Errors_of_one_person_have_no_interval()
    {
        var estimate = RateEstimate.Clustered(19, 57, new Interval(double.NaN, double.NaN), 1);
        Assert.Equal(IntervalMethod.CannotBeSaid, estimate.Method);
        Assert.Equal("19 of 57 from 1 person (33.3 %): too few people to say how far off that may be", estimate.ToString());
        Assert.True(double.IsNaN(estimate.Range.Low) && double.IsNaN(estimate.Range.High));
    }

    [Fact]
    public void A_rate_and_its_interval_are_printed_in_one_unit()
    {
        var estimate = RateEstimate.Clustered(18, 18_711_950, new Interval(5.97e-7, 2.76e-6), 1000);
        Assert.Equal("18 of 18,711,950 (9.62e-7; 5.97e-7 … 2.76e-6)", estimate.ToString());
        Assert.Equal("4.0e-7", RateEstimate.Percent(4e-7));
        Assert.Equal("0.002 %", RateEstimate.Percent(2e-5));
    }
}
