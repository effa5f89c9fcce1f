using MatchEngine.Rates.Cohorts;

namespace MatchEngine.Rates.Tests.Cohorts;

public sealed class CohortRowTests
{
    [Theory]
    [InlineData(1000, 140, 100, true)] // A tenth a search or more: within 1.5.
    [InlineData(1000, 160, 100, false)]
    [InlineData(1000, 60, 100, false)]
    [InlineData(1000, 70, 100, true)]
    [InlineData(9000, 290, 100, true)] // Deeper: within 3.
    [InlineData(9000, 310, 100, false)]
    [InlineData(9000, 30, 100, false)]
    public void With_a_hundred_counted_the_ratio_is_judged(int searches, double predicted, long counted, bool holds) =>
        Assert.Equal(holds, new CohortRow("all", 0.4, searches, 10, 0, predicted, counted, 0.001, 1000).Holds);

    [Theory]
    [InlineData(1.2, 9, true)]
    [InlineData(1.6, 9, false)]
    [InlineData(0.1, 0.7, true)]
    [InlineData(0.1, 0.6, false)]
    public void With_fewer_the_interval_must_reach_into_the_tolerance(double low, double high, bool holds) =>
        Assert.Equal(holds, new CohortRow("all", 0.4, 100, 10, 0, 40, 20, low, high).Holds);

    [Fact]
    public void A_slice_of_which_no_search_said_anything_fails_nothing() =>
        Assert.True(new CohortRow("all", 0.4, 0, 0, 5, 0, 0, 0, double.PositiveInfinity).Holds);
}
