using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Scores;
using MatchEngine.Evaluation.Verification;

namespace MatchEngine.Evaluation.Tests.Verification;

public sealed class FalseMatchTableTests
{
    [Fact]
    public void Counts_are_those_of_a_count_one_by_one()
    {
        var random = new Random(3);
        var scores = Enumerable.Range(0, 20_000)
            .Select(_ => 0.2 * (random.NextDouble() + random.NextDouble() + random.NextDouble()) - 0.2).ToArray();
        var table = FalseMatchTable.Of(ScoreDistribution.Of(scores));
        Assert.Equal(scores.Length, table.Impostors);
        Assert.All(table.Rows, row => Assert.Equal(scores.LongCount(score => score >= row.Score), row.FalseMatches));
        // From where half reach the score to where none does, without a gap.
        Assert.True(2 * table.Rows[0].FalseMatches >= scores.Length && 2 * table.Rows[1].FalseMatches < scores.Length);
        Assert.Equal(0, table.Rows[^1].FalseMatches);
        Assert.True(table.Rows[^2].FalseMatches > 0);
        Assert.All(
            table.Rows.Zip(table.Rows.Skip(1)), pair => Assert.Equal(FalseMatchTable.Step, pair.Second.Score - pair.First.Score, 1e-9));
    }

    [Fact]
    public void Scores_on_a_grid_err_on_the_safe_side_by_less_than_a_cell()
    {
        const double Width = 1.0 / 64;
        var bins = new long[64];
        bins[19] = 5; // [0.296875, 0.3125): 0.30 lies within
        bins[17] = 4;
        Assert.Equal([(0.30, 5L), (0.32, 0L)], FalseMatchTable.Of(ScoreDistribution.OfHistogram(bins, 0, Width)).Rows);
    }

    [Fact]
    public void Without_a_comparison_of_different_people_there_is_no_table() =>
        Assert.Throws<EvaluationException>(() => FalseMatchTable.Of(ScoreDistribution.Of([])));
}
