using MatchEngine.Rates.Calibrations;

namespace MatchEngine.Rates.Tests.Calibrations;

public sealed class CalibrationTests
{
    private static readonly Population People = new("set", Restriction.RandomPairs, null, 50, 10_000, null, []);

    private static readonly Calibration Rates = new(People,
    [
        new(0.1, 5000, 0.4, 0.6), new(0.2, 400, 0.03, 0.05), new(0.3, 100, 0.008, 0.0125), new(0.4, 9), new(0.5, 0),
    ]);

    [Fact]
    public void A_rate_at_a_row_is_its_share_with_its_interval_and_population()
    {
        var rate = Rates.At(0.3);
        Assert.Equal((0.01, 0.008, 0.0125), (Math.Round(rate.Value!.Value, 12), Math.Round(rate.Low!.Value, 12),
            Math.Round(rate.High!.Value, 12)));
        Assert.Same(People, rate.Population);
    }

    [Fact]
    public void Between_rows_the_logarithm_is_linear() => Assert.Equal(Math.Sqrt(0.04 * 0.01), Rates.At(0.25).Value!.Value, 12);

    [Theory]
    [InlineData(0.35, 118.1)] // The 0.95 limit of 100 events.
    [InlineData(0.4, 15.705)]
    [InlineData(0.45, 15.705)]
    [InlineData(0.5, 2.996)]
    [InlineData(0.9, 2.996)]
    public void Where_fewer_than_ten_false_matches_stand_there_is_a_bound_and_no_rate(double score, double events)
    {
        var rate = Rates.At(score);
        Assert.Null(rate.Value);
        Assert.Null(rate.High);
        Assert.Equal(events / 10_000, rate.Below!.Value, 1e-5);
        Assert.Same(People, rate.Population);
    }

    [Fact]
    public void Below_the_first_row_nothing_is_said()
    {
        Assert.Equal(new FalseMatchRate(null, null, null, null, People), Rates.At(0.05));
        Assert.Throws<ArgumentOutOfRangeException>(() => Rates.At(double.NaN));
    }

    [Theory]
    [InlineData(0.04, 0.2)]
    [InlineData(0.02, 0.25)]
    [InlineData(0.01, 0.3)]
    public void A_threshold_is_the_least_score_with_no_higher_rate(double rate, double score)
    {
        var threshold = Rates.ThresholdFor(rate)!.Value;
        Assert.Equal(score, threshold, 2e-4);
        Assert.True(Rates.At(threshold).Value <= rate * (1 + 1e-12));
    }

    [Theory]
    [InlineData(0.009)]
    [InlineData(0.5)]
    [InlineData(0.7)]
    public void No_threshold_is_given_for_a_rate_that_the_comparisons_do_not_support(double rate) => Assert.Null(Rates.ThresholdFor(rate));

    [Fact]
    public void A_table_that_is_not_in_order_is_refused()
    {
        void Refused(Population population, params CalibrationPoint[] points) =>
            Assert.ThrowsAny<ArgumentException>(() => new Calibration(population, points));
        Refused(People);
        Refused(People, new CalibrationPoint(0.2, 5), new CalibrationPoint(0.1, 4));
        Refused(People, new CalibrationPoint(0.1, 5), new CalibrationPoint(0.2, 6));
        Refused(People, new CalibrationPoint(0.1, 10_001));
        Refused(People, new CalibrationPoint(0.1, -1));
        Refused(People, new CalibrationPoint(double.NaN, 1));
        Refused(People, new CalibrationPoint(0.1, 100, 0.02, 0.03));
        Refused(People, new CalibrationPoint(0.1, 100, 0.005));
        Refused(People, new CalibrationPoint(0.1, 100, 0.005, 1.1));
        Refused(People, null!);
        Refused(People with { Comparisons = 0 }, new CalibrationPoint(0.1, 0));
        Refused(People with { People = 1 }, new CalibrationPoint(0.1, 0));
        Refused(People with { Group = "F" }, new CalibrationPoint(0.1, 0));
        Refused(People with { Restriction = Restriction.WorstGroup }, new CalibrationPoint(0.1, 0));
        Refused(People with { DataSet = " " }, new CalibrationPoint(0.1, 0));
    }
}
