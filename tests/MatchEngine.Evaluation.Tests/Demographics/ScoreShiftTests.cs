using MatchEngine.Evaluation.Demographics;
using MatchEngine.Evaluation.Scores;

namespace MatchEngine.Evaluation.Tests.Demographics;

public class ScoreShiftTests
{
    [Fact]
    public void A_group_whose_scores_are_shifted_is_described_by_how_much()
    {
        var reference = ScoreDistribution.Of([.. Enumerable.Range(0, 1000).Select(i => (double)i)]);
        var shifted = ScoreDistribution.Of([.. Enumerable.Range(0, 1000).Select(i => i + 250.0)]);
        var shift = ScoreShift.Of("sex", "F", true, shifted, reference)!;
        Assert.Equal(250, shift.MeanShift, 9);
        Assert.Equal(0.25, shift.KolmogorovSmirnov, 9);
        Assert.Equal(749, shift.Quantiles[3]);
        Assert.Null(ScoreShift.Of("sex", "F", true, ScoreDistribution.Of([]), reference));
    }
}
