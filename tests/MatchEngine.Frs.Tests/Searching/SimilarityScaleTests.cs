using MatchEngine.Frs.Searching;

namespace MatchEngine.Frs.Tests.Searching;

public class SimilarityScaleTests
{
    [Fact]
    public void It_rises_with_the_score_everywhere_and_stays_within_its_ends()
    {
        var scale = Enumerable.Range(-1000, 2001).Select(step => SimilarityScale.Of(step / 1000.0)).ToList();
        Assert.All(scale.Zip(scale.Skip(1)), pair => Assert.True(pair.First < pair.Second));
        Assert.All(scale, similarity => Assert.InRange(similarity, 0, 100));
    }

    [Theory]
    [InlineData(0.25, 50)]
    [InlineData(0.3366, 80)]
    [InlineData(0.5372, 99)]
    public void Its_marks_are_those_that_are_documented(double score, double similarity)
    {
        Assert.Equal(similarity, SimilarityScale.Of(score), 1);
        Assert.Equal(score, SimilarityScale.ScoreOf(similarity), 3);
    }

    [Fact]
    public void A_threshold_is_the_floor_that_lets_its_own_similarity_through_and_nothing_less()
    {
        for (var score = -0.4; score < 1; score += 0.013)
        {
            Assert.Equal(score, SimilarityScale.ScoreOf(SimilarityScale.Of(score)), 4);
            Assert.True(SimilarityScale.ScoreOf(SimilarityScale.Of(score) - 0.01) < score);
        }
        Assert.Equal((-1f, 1f), (SimilarityScale.ScoreOf(0), SimilarityScale.ScoreOf(100)));
        Assert.InRange(SimilarityScale.ScoreOf(1e-300), -1f, 1f);
    }

    [Fact]
    public void What_a_profile_does_not_tell_is_not_told_on_this_scale_either()
    {
        Assert.Null(SimilarityScale.Of(new ShownScore(null, null, null, null)));
        var (raw, percent) = (SimilarityScale.Of(new ShownScore(0.4f, null, null, null)), SimilarityScale.Of(
            new ShownScore(null, ShownScore.ToPercent(0.4f), null, null)));
        Assert.Equal(raw!.Value, percent!.Value, 6);
    }
}
