using System.Text.Json;
using FsCheck.Fluent;
using MatchEngine.Evaluation.Demographics;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Tests.Verification;
using MatchEngine.Tests;
using TestData = MatchEngine.Tests.TestData;

namespace MatchEngine.Evaluation.Tests.Demographics;

public class DifferentialsTests
{
    [Fact]
    public void All_measures_agree_with_the_table_of_known_answers()
    {
        using var answers = JsonDocument.Parse(File.ReadAllText(TestData.Require("oracle/fairness_known_answers.json")));
        double[] Rates(string key) => [.. answers.RootElement.GetProperty(key).EnumerateArray().Select(v => v.GetDouble())];
        double Answer(string key) => answers.RootElement.GetProperty(key).GetDouble();
        var (fmr, fnmr) = (Rates("fmr"), Rates("fnmr"));
        Assert.Equal(Answer("FDR_a0.5"), Differentials.FairnessDiscrepancyRate(fmr, fnmr, 0.5), 1e-12);
        Assert.Equal(Answer("IR_a0.5"), Differentials.InequityRate(fmr, fnmr, 0.5)!.Value, 1e-12);
        Assert.Equal(Answer("GARBE_a0.5"), Differentials.Garbe(fmr, fnmr, 0.5), 1e-12);
        Assert.Equal(Answer("gini_fmr_n/(n-1)"), Differentials.Gini(fmr), 1e-12);
        Assert.Equal(Answer("gini_fnmr_n/(n-1)"), Differentials.Gini(fnmr), 1e-12);
        Assert.Equal(Answer("gini_fmr_raw"), Differentials.Gini(fmr, corrected: false), 1e-12);
        var groups = Differentials.Of(fmr.Select((r, i) => ($"g{i}", RateEstimate.Independent((long)Math.Round(r * 10_000), 10_000))))!;
        Assert.Equal(Answer("max/min"), groups.MaxOverMin!.Value, 1e-12);
        Assert.Equal(Answer("max/mean"), groups.MaxOverMean!.Value, 1e-12);
        Assert.Equal(Answer("max/geomean"), groups.MaxOverGeometricMean!.Value, 1e-12);
        Assert.Equal(Answer("geomean"), groups.Maximum / groups.MaxOverGeometricMean.Value, 1e-12);
        Assert.Equal(Answer("vary_geomean=mean|log10(x/gm)|"), groups.VaryGeometricMean!.Value, 1e-12);
        Assert.Equal(("g0", "g3"), (groups.MinimumGroup, groups.MaximumGroup));
    }

    [Fact]
    public void A_ratio_with_a_zero_in_it_becomes_a_bound()
    {
        var result = Differentials.Of([("a", RateEstimate.Independent(0, 3000)), ("b", RateEstimate.Independent(30, 3000))])!;
        Assert.Null(result.MaxOverMin);
        Assert.Equal(10, result.MaxOverMinAbove!.Value, 1e-9);
        Assert.Null(result.MaxOverGeometricMean);
        // The group that is named is the one whose bound is used.
        var two = Differentials.Of([
            ("tiny", RateEstimate.Independent(0, 30)), ("large", RateEstimate.Independent(0, 3000)), ("b", RateEstimate.Independent(30,
                3000))])!;
        Assert.Equal(("large", 10.0), (two.MinimumGroup, Math.Round(two.MaxOverMinAbove!.Value, 9)));
        var clustered = Differentials.Of([
            ("a", RateEstimate.Clustered(0, 3000, new Interval(0, 0), 30)), ("b", RateEstimate.Independent(30, 300))])!;
        Assert.Equal(1, clustered.MaxOverMinAbove!.Value, 1e-9);
        Assert.Null(Differentials.InequityRate([0, 0.1], [0.1, 0.1], 0.5));
    }

    [Fact]
    public void Equal_groups_have_no_inequality_and_one_group_alone_is_not_compared()
    {
        var same = Differentials.Of([("a", RateEstimate.Independent(3, 300)), ("b", RateEstimate.Independent(10, 1000))])!;
        Assert.Equal(0, same.Gini!.Value, 1e-12);
        Assert.Equal(1, same.MaxOverMin!.Value, 1e-12);
        Assert.Equal(0, Differentials.Gini([0, 0, 0]));
        Assert.Null(Differentials.Of([("a", RateEstimate.Independent(3, 300)), ("b", RateEstimate.Independent(0, 0))]));
    }

    [Fact]
    public void The_Gini_coefficient_lies_between_0_and_1_and_reaches_1_when_one_group_has_all_errors()
    {
        Prop.ForAll(
            DetCurveTests.Scores(), rates => rates.Length < 2 || Differentials.Gini(rates) is >= -1e-12 and <= 1 + 1e-12).CheckSame();
        Assert.Equal(1, Differentials.Gini([0, 0, 0, 0.2]), 1e-12);
    }
}
