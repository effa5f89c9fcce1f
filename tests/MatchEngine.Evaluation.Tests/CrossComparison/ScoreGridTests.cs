using FsCheck.Fluent;
using MatchEngine.Evaluation.CrossComparison;
using MatchEngine.Tests;

namespace MatchEngine.Evaluation.Tests.CrossComparison;

public class ScoreGridTests
{
    [Fact]
    public void A_score_reaches_the_edge_of_its_bin_and_not_that_of_the_next()
    {
        Prop.ForAll(Gen.Choose(-2_000_000_000, 2_000_000_000).Select(i => i / 2e9f).ToArbitrary(), score =>
        {
            var bin = ScoreGrid.BinOf(score);
            return score >= ScoreGrid.EdgeOf(bin) && score < ScoreGrid.EdgeOf(bin + 1);
        }).CheckSame();
        Assert.Equal(0.25, ScoreGrid.EdgeOf(ScoreGrid.BinOf(0.25f)));
        Assert.Equal(ScoreGrid.BinOf(0.25f) - 1, ScoreGrid.BinOf(MathF.BitDecrement(0.25f)));
    }

    [Fact]
    public void Scores_a_little_beyond_the_ends_are_kept_in_the_last_bins()
    {
        Assert.Equal(1.0, ScoreGrid.EdgeOf(ScoreGrid.BinOf(1.000001f)));
        Assert.Equal(0, ScoreGrid.BinOf(-1.1f));
        Assert.Equal(ScoreGrid.Bins - 1, ScoreGrid.BinOf(2));
    }
}
