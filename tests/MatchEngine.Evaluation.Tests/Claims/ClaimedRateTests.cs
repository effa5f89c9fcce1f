using MatchEngine.Evaluation.Claims;
using MatchEngine.Evaluation.Intervals;

namespace MatchEngine.Evaluation.Tests.Claims;

public class ClaimedRateTests
{
    [Theory]
    [InlineData(0.01, null, ClaimAgreement.Agrees)]
    [InlineData(0.001, null, ClaimAgreement.HigherThanClaimed)]
    [InlineData(0.05, null, ClaimAgreement.LowerThanClaimed)]
    [InlineData(null, 0.001, ClaimAgreement.HigherThanClaimed)]
    [InlineData(null, 0.05, ClaimAgreement.Agrees)]
    [InlineData(null, null, ClaimAgreement.CannotBeSaid)]
    public void A_claim_is_judged_by_the_interval_of_what_was_measured(double? claimed, double? below, ClaimAgreement expected) =>
        Assert.Equal(expected, ClaimedRate.Compare(claimed, below, RateEstimate.Independent(30, 3000)));

    [Fact]
    public void Where_nothing_was_measured_nothing_can_be_said()
    {
        Assert.Equal(ClaimAgreement.CannotBeSaid, ClaimedRate.Compare(0.1, null, null));
        Assert.Equal(ClaimAgreement.CannotBeSaid, ClaimedRate.Compare(0.1, null, RateEstimate.Independent(0, 0)));
        Assert.Equal(
            ClaimAgreement.CannotBeSaid,
            ClaimedRate.Compare(0.1, null, RateEstimate.Clustered(3, 9, new Interval(double.NaN, double.NaN), 1)));
        // No error in 3,000: a claim of 1 % is too high.
        Assert.Equal(ClaimAgreement.LowerThanClaimed, ClaimedRate.Compare(0.01, null, RateEstimate.Independent(0, 3000)));
    }

    [Theory]
    [InlineData(1e-3, 1000)]
    [InlineData(1e-9, 100)]
    [InlineData(0.5, 3)]
    public void A_search_is_as_many_comparisons_as_subjects_are_enrolled(double fmr, int size)
    {
        var claim = new ClaimedRate("the card", "somebody", null, fmr, null, 0.1).OfSearches(size);
        var expected = 1.0;
        for (var i = 0; i < size; i++)
            expected *= 1 - fmr;
        Assert.Equal(1 - expected, claim.FalsePositives!.Value, 1e-3 * claim.FalsePositives.Value + 1e-12);
        Assert.Null(claim.Misses);
    }
}
