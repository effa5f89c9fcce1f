using MatchEngine.Vetting.Load;

namespace MatchEngine.Vetting.Tests.Load;

public class LatencyHistogramTests
{
    [Fact]
    public void Quantiles_are_those_of_the_sorted_values_to_three_digits()
    {
        var histogram = new LatencyHistogram();
        var random = new Random(1);
        var values = Enumerable.Range(0, 20_000).Select(_ => Math.Exp(random.NextDouble() * 10)).ToArray();
        foreach (var milliseconds in values)
            histogram.Record(TimeSpan.FromMilliseconds(milliseconds));
        var summary = histogram.Summary();
        Array.Sort(values);
        double Of(double share) => values[(int)Math.Ceiling(share * values.Length) - 1];
        foreach (var (told, right) in new[]
        {
            (summary.P50, Of(0.5)), (summary.P90, Of(0.9)), (summary.P99, Of(0.99)), (summary.P999, Of(0.999)), (summary.Max, Of(1)),
            (summary.Mean, values.Average()),
        })
            Assert.InRange(told!.Value / right, 0.998, 1.002);
        Assert.Equal(20_000, summary.Count);
    }

    [Theory]
    [InlineData(0, false, false, false)]
    [InlineData(2, true, false, false)]
    [InlineData(99, true, false, false)]
    [InlineData(100, true, true, false)]
    [InlineData(999, true, true, false)]
    [InlineData(1000, true, true, true)]
    public void A_quantile_beyond_which_no_answer_lies_is_not_told(int answers, bool median, bool p99, bool p999)
    {
        var histogram = new LatencyHistogram();
        for (var i = 0; i < answers; i++)
            histogram.Record(TimeSpan.FromMilliseconds(i));
        var summary = histogram.Summary();
        Assert.Equal((median, p99, p999), (summary.P50 is not null, summary.P99 is not null, summary.P999 is not null));
    }

    [Fact]
    public void What_takes_longer_than_an_hour_is_an_hour()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(TimeSpan.FromDays(3));
        Assert.InRange(histogram.Summary().Max!.Value, 3_600_000, 3_604_000);
    }
}
