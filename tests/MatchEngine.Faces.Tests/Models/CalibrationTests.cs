using MatchEngine.Faces.Models;

namespace MatchEngine.Faces.Tests.Models;

public sealed class CalibrationTests
{
    private static readonly Calibration Table = new("test", 1_000_000, [0.1, 0.2, 0.3, 0.4, 0.5], [100_000, 10_000, 100, 3, 0]);

    [Theory]
    [InlineData(0.1, 0.1), InlineData(0.2, 0.01), InlineData(0.3, 1e-4)]
    public void At_an_entry_the_rate_is_its_share_of_the_impostors(double score, double fmr) =>
        Assert.Equal(new FalseMatchRate(fmr, null), Round(Table.At(score)));

    private static FalseMatchRate Round(FalseMatchRate rate) => rate with { Fmr = rate.Fmr is { } fmr ? Math.Round(fmr, 12) : null };

    [Fact]
    public void Between_entries_the_logarithm_is_linear() => Assert.Equal(1e-3, Table.At(0.25).Fmr!.Value, 1e-9);

    [Fact]
    public void The_rate_never_rises_with_the_score()
    {
        var last = double.MaxValue;
        for (var score = 0.1; score <= 0.3; score += 0.001)
        {
            var fmr = Table.At(score).Fmr!.Value;
            Assert.True(fmr <= last);
            last = fmr;
        }
    }

    [Fact]
    public void Where_fewer_than_ten_errors_stand_behind_it_there_is_only_a_bound()
    {
        // One-sided 95 % Poisson limits: 3 events 7.754, 0 events 2.996 (the rule of three).
        Assert.Null(Table.At(0.4).Fmr);
        Assert.Equal(7.754e-6, Table.At(0.4).FmrBelow!.Value, 1e-12);
        Assert.Equal(2.996e-6, Table.At(0.5).FmrBelow!.Value, 1e-12);
        Assert.Equal(2.996e-6, Table.At(0.9).FmrBelow!.Value, 1e-12);
        var between = Table.At(0.35);
        Assert.Null(between.Fmr);
        Assert.True(between.FmrBelow >= 100e-6, "the bound must cover the larger count");
    }

    [Fact]
    public void Below_the_first_entry_nothing_is_claimed() => Assert.Equal(default, Table.At(0.05));

    [Theory]
    [InlineData(double.NaN)]
    public void A_score_is_a_number(double score) => Assert.Throws<ArgumentOutOfRangeException>(() => Table.At(score));

    [Fact]
    public void Tables_out_of_order_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new Calibration("x", 10, [0.2, 0.1], [5, 4]));
        Assert.Throws<ArgumentException>(() => new Calibration("x", 10, [0.1, 0.2], [4, 5]));
        Assert.Throws<ArgumentException>(() => new Calibration("x", 10, [0.1], [11]));
        Assert.Throws<ArgumentException>(() => new Calibration("x", 10, [], []));
        Assert.Throws<ArgumentException>(() => new Calibration("x", 10, [0.1, 0.2], [1]));
        Assert.Throws<ArgumentException>(() => new Calibration("x", 10, [double.NaN], [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Calibration("x", 0, [0.1], [0]));
    }
}
