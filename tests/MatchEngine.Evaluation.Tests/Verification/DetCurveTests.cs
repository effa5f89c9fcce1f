using FsCheck;
using FsCheck.Fluent;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Scores;
using MatchEngine.Evaluation.Verification;
using MatchEngine.Tests;

namespace MatchEngine.Evaluation.Tests.Verification;

public class DetCurveTests
{
    [Fact]
    public void FMR100_FMR1000_and_ZeroFMR_are_those_of_pyeer()
    {
        var comparisons = Oracles.PyeerExp1();
        var curve = new DetCurve(comparisons.MatedScores, comparisons.ImpostorScores);
        Assert.Equal(0.128536, curve.NearestFmr(0.01).Fnmr, 1e-6);
        Assert.Equal(0.284640, curve.NearestFmr(0.001).Fnmr, 1e-6);
        Assert.Equal(0.319012, curve.NearestFmr(0).Fnmr, 1e-6);
    }

    [Fact]
    public void A_threshold_at_FMR_f_never_exceeds_f_whereas_pyeers_nearest_point_may()
    {
        var comparisons = Oracles.PyeerExp1();
        var curve = new DetCurve(comparisons.MatedScores, comparisons.ImpostorScores);
        // pyeer's FMR1000 point has 5 false matches in 4,950: 0.00101. Ours has 4.
        Assert.Equal(5, curve.NearestFmr(0.001).FalseMatches);
        Assert.Equal(4, curve.AtMostFmr(0.001).FalseMatches);
        Assert.Equal(0.2914428929, curve.AtMostFmr(0.001).Fnmr, 1e-9);
    }

    [Fact]
    public void Every_point_of_bob_measures_ROC_lies_on_the_curve()
    {
        var roc = Oracles.Bob("roc");
        var curve = Oracles.BobCurve();
        var ours = Enumerable.Range(0, curve.Count).Select(i => (curve[i].Fmr, curve[i].Fnmr)).ToHashSet();
        for (var i = 0; i < roc[0].Length; i++)
            Assert.Contains(ours, point => Math.Abs(point.Fmr - roc[0][i]) < 1e-9 && Math.Abs(point.Fnmr - roc[1][i]) < 1e-9);
    }

    [Fact]
    public void Every_point_of_bob_measures_DET_is_a_point_of_the_curve_on_normal_deviate_axes()
    {
        var det = Oracles.Bob("det");
        var curve = Oracles.BobCurve();
        var ours = Enumerable.Range(0, curve.Count)
            .Select(i => (X: NormalDeviate.Of(curve[i].Fmr), Y: NormalDeviate.Of(curve[i].Fnmr))).ToArray();
        // bob.measure draws the rates 0 and 1 at the deviates of 2e-16 and 1 − 2e-16; ours are infinite.
        static bool Same(double theirs, double own) =>
            Math.Abs(theirs) > 8 ? double.IsInfinity(own) && Math.Sign(theirs) == Math.Sign(own) : Math.Abs(theirs - own) < 1e-6;
        for (var i = 0; i < det[0].Length; i++)
            Assert.Contains(ours, point => Same(det[0][i], point.X) && Same(det[1][i], point.Y));
    }

    [Theory]
    [InlineData(0.01, 0.48)]
    [InlineData(0.1, 0.12)]
    [InlineData(1, 0)]
    public void FNMR_at_a_wanted_FMR_on_bob_measures_data(double fmr, double fnmr) =>
        Assert.Equal(fnmr, Oracles.BobCurve().AtMostFmr(fmr).Fnmr, 1e-12);

    [Fact]
    public void Rates_are_monotone_in_the_threshold_and_agree_with_counting()
    {
        Prop.ForAll(Scores(), Scores(), (mated, impostor) =>
        {
            var curve = new DetCurve(ScoreDistribution.Of(mated), ScoreDistribution.Of(impostor));
            for (var i = 0; i < curve.Count; i++)
            {
                var point = curve[i];
                if (point.FalseMatches != impostor.Count(s => s >= point.Threshold)
                    || point.FalseNonMatches != mated.Count(s => s < point.Threshold))
                    return false;
                if (i > 0 && (point.Threshold <= curve[i - 1].Threshold || point.Fmr > curve[i - 1].Fmr || point.Fnmr < curve[i - 1].Fnmr))
                    return false;
            }
            return curve[0].Fmr == 1 && curve[curve.Count - 1].Fmr == 0 && curve[curve.Count - 1].Fnmr == 1;
        }).CheckSame();
    }

    [Fact]
    public void The_area_under_the_ROC_is_the_chance_that_a_mated_score_is_higher_with_ties_counting_half()
    {
        Prop.ForAll(Scores(), Scores(), (mated, impostor) =>
        {
            var wins = mated.Sum(m => impostor.Sum(i => m > i ? 1 : m == i ? 0.5 : 0));
            var curve = new DetCurve(ScoreDistribution.Of(mated), ScoreDistribution.Of(impostor));
            return Math.Abs(curve.AreaUnderRoc - wins / mated.Length / impostor.Length) < 1e-9;
        }).CheckSame();
    }

    [Fact]
    public void The_point_at_FMR_f_is_the_lowest_threshold_that_keeps_it()
    {
        Prop.ForAll(Scores(), Scores(), (mated, impostor) =>
        {
            var curve = new DetCurve(ScoreDistribution.Of(mated), ScoreDistribution.Of(impostor));
            foreach (var fmr in new[] { 0, 0.01, 0.1, 0.3, 1 })
            {
                var expected = Enumerable.Range(0, curve.Count).Select(i => curve[i]).First(p => p.Fmr <= fmr);
                if (curve.AtMostFmr(fmr) != expected)
                    return false;
            }
            return true;
        }).CheckSame();
    }

    [Fact]
    public void ZeroFNMR_is_the_FMR_at_the_lowest_mated_score()
    {
        var curve = new DetCurve(ScoreDistribution.Of([0.5, 0.8, 0.9]), ScoreDistribution.Of([0.1, 0.5, 0.6, 0.2]));
        Assert.Equal(0.5, curve.ZeroFnmr.Fmr);
        Assert.Equal(0.5, curve.ZeroFnmr.Threshold);
    }

    [Fact]
    public void D_prime_of_two_normal_distributions_is_their_distance_in_standard_deviations()
    {
        var random = new RandomStream(4, 0);
        double[] Normal(double mean, double deviation) =>
            [.. Enumerable.Range(0, 100_000).Select(_ => mean + deviation * NormalDeviate.Of(random.NextDouble()))];
        var curve = new DetCurve(ScoreDistribution.Of(Normal(0.7, 0.1)), ScoreDistribution.Of(Normal(0, 0.1)));
        Assert.Equal(7, curve.DPrime, 0.05);
    }

    [Fact]
    public void A_thinned_curve_keeps_its_ends_and_its_order()
    {
        var scores = Enumerable.Range(0, 5000).Select(i => i / 5000.0).ToArray();
        var thin = new DetCurve(ScoreDistribution.Of(scores), ScoreDistribution.Of(scores)).Thinned(200);
        Assert.InRange(thin.Count, 100, 200);
        Assert.Equal(1, thin[0].Fmr);
        Assert.Equal(0, thin[^1].Fmr);
        Assert.Equal(thin.Select(p => p.Threshold).Order(), thin.Select(p => p.Threshold));
    }

    [Fact]
    public void Without_both_kinds_of_comparison_there_is_no_curve()
    {
        var some = ScoreDistribution.Of([1.0]);
        Assert.Throws<EvaluationException>(() => new DetCurve(some, ScoreDistribution.Of([])));
        Assert.Throws<EvaluationException>(() => new DetCurve(ScoreDistribution.Of([]), some));
    }

    // Few distinct values, so that ties are common.
    internal static Arbitrary<double[]> Scores() =>
        Gen.Choose(0, 20).Select(i => i / 20.0).NonEmptyListOf().Select(list => list.ToArray()).ToArbitrary();
}
