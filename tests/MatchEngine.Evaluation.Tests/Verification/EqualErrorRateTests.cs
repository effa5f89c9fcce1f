using FsCheck.Fluent;
using MatchEngine.Evaluation.Scores;
using MatchEngine.Evaluation.Verification;
using MatchEngine.Tests;

namespace MatchEngine.Evaluation.Tests.Verification;

public class EqualErrorRateTests
{
    [Fact]
    public void The_equal_error_rate_is_that_of_pyeer()
    {
        var comparisons = Oracles.PyeerExp1();
        var eer = EqualErrorRate.Of(new DetCurve(comparisons.MatedScores, comparisons.ImpostorScores));
        Assert.Equal(0.080862, eer.Value, 1e-6);
        Assert.True(eer.Low < eer.Value && eer.Value < eer.High);
    }

    [Fact]
    public void The_interval_holds_both_rates_at_the_threshold()
    {
        Prop.ForAll(DetCurveTests.Scores(), DetCurveTests.Scores(), (mated, impostor) =>
        {
            var curve = new DetCurve(ScoreDistribution.Of(mated), ScoreDistribution.Of(impostor));
            var eer = EqualErrorRate.Of(curve);
            var point = curve.At(eer.Threshold);
            return eer.Low == Math.Min(point.Fmr, point.Fnmr) && eer.High == Math.Max(point.Fmr, point.Fnmr)
                && eer.Low <= eer.Value && eer.Value <= eer.High;
        }).CheckSame();
    }

    [Fact]
    public void Separable_scores_have_no_equal_errors()
    {
        var eer = EqualErrorRate.Of(new DetCurve(ScoreDistribution.Of([0.8, 0.9]), ScoreDistribution.Of([0.1, 0.2])));
        Assert.Equal(0, eer.Value);
        Assert.Equal(0.8, eer.Threshold);
    }
}
