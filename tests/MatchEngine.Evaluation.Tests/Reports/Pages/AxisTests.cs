using MatchEngine.Evaluation.Reports.Pages;

namespace MatchEngine.Evaluation.Tests.Reports.Pages;

public class AxisTests
{
    [Fact]
    public void A_logarithmic_axis_reaches_its_values_and_is_written_in_one_unit()
    {
        var rare = Axis.Log("FMR", AxisUnit.Rate, [3e-7, 0.4])!;
        Assert.Equal((2e-7, 0.5), (rare.From, rare.To));
        Assert.Equal(["10⁻⁶", "10⁻⁵", "10⁻⁴", "10⁻³", "10⁻²", "10⁻¹"], rare.Ticks.Select(rare.Label));
        var common = Axis.Log("FNMR", AxisUnit.Rate, [0.004, 0.03])!;
        Assert.Equal(["0.2 %", "0.5 %", "1 %", "2 %", "5 %"], common.Ticks.Select(common.Label));
        Assert.Equal((0, 1), (common.Place(common.From), common.Place(common.To)));
        Assert.Equal(0.5, Axis.Log("x", AxisUnit.Rate, [0.01, 1])!.Place(0.1), 6);
        // What is 0 stands at the edge, and a single value has room on both sides.
        Assert.Equal(0, common.Place(0));
        Assert.InRange(Axis.Log("x", AxisUnit.Rate, [0.02])!.Place(0.02), 0.1, 0.9);
        Assert.Null(Axis.Log("x", AxisUnit.Rate, [0, double.NaN]));
    }

    [Fact]
    public void Every_value_lies_on_its_axis_and_order_is_kept()
    {
        var random = new Evaluation.Intervals.RandomStream(1, 2);
        for (var i = 0; i < 500; i++)
        {
            double[] values = [.. Enumerable.Range(0, 5).Select(_ => Math.Pow(10, -9 * random.NextDouble())).Order()];
            foreach (var axis in new[] { Axis.Log("x", AxisUnit.Rate, values)!, Axis.Linear("x", AxisUnit.Plain, values)! })
            {
                Assert.True(axis.From <= values[0] * 1.000001 && axis.To >= values[^1] * 0.999999);
                Assert.Equal(values.Select(axis.Place), values.Select(axis.Place).Order());
                Assert.InRange(axis.Ticks.Count, 1, 7);
                Assert.Equal(axis.Ticks.Count, axis.Ticks.Select(axis.Label).Distinct().Count());
            }
        }
    }

    [Fact]
    public void A_linear_axis_has_round_numbers()
    {
        var axis = Axis.Linear("score", AxisUnit.Plain, [-0.42, 0.97])!;
        Assert.Equal(["-0.5", "0", "0.5", "1"], axis.Ticks.Select(axis.Label));
        var shares = Axis.Linear("share", AxisUnit.Rate, [0.004, 0.078], fromZero: true)!;
        Assert.Equal(["0 %", "2 %", "4 %", "6 %", "8 %"], shares.Ticks.Select(shares.Label));
        Assert.Equal("20,000", Axis.Linear("n", AxisUnit.Plain, [0, 20_000])!.Label(20_000));
    }
}
