using FsCheck;
using FsCheck.Fluent;
using MatchEngine.Rates.Summaries;

namespace MatchEngine.Rates.Tests.Summaries;

public sealed class ScoreSummaryTests
{
    /// <summary>Hundredths of scores, a first cell to count from, and an error's variance: small summaries of every kind, empty ones
    /// too.</summary>
    private static readonly Arbitrary<ScoreSummary> Any = (
        from scores in Gen.Choose(-99, 99).ListOf()
        from uncounted in Gen.Choose(0, 5)
        from mates in Gen.Choose(0, 2)
        from first in Gen.Choose(0, 120)
        from variance in Gen.Choose(-3, 3)
        select Make(scores.Select(score => score / 100f), uncounted, mates, first, variance * 1e-4)).ToArbitrary();

    [Fact]
    public void The_order_of_summaries_does_not_change_their_sum() =>
        Prop.ForAll(Any, Any, (a, b) => a.Merge(b).Equals(b.Merge(a))).CheckSame();

    [Fact]
    public void The_grouping_of_summaries_does_not_change_their_sum() =>
        Prop.ForAll(Any, Any, Any, (a, b, c) => a.Merge(b).Merge(c).Equals(a.Merge(b.Merge(c)))).CheckSame();

    [Fact]
    public void The_sum_of_nothing_adds_nothing() =>
        Prop.ForAll(Any, a => a.Merge(ScoreSummary.Empty).Equals(a) && ScoreSummary.Empty.Merge(a).Equals(a)).CheckSame();

    [Fact]
    public void The_sum_of_parts_is_the_summary_of_the_whole() =>
        Prop.ForAll(
            Gen.Choose(-99, 99).ListOf().ToArbitrary(),
            Gen.Choose(1, 7).ToArbitrary(),
            (scores, parts) =>
            {
                var whole = Make(scores.Select(score => score / 100f), 0, 3, 0, 1e-4);
                var sum = scores.Chunk(parts).Select(part => Make(part.Select(score => score / 100f), 0, 0, 0, 1e-4))
                    .Aggregate(Make([], 0, 3, 0, 1e-4), (a, b) => a.Merge(b));
                return sum.Equals(whole);
            }).CheckSame();

    [Fact]
    public void A_sum_knows_counts_from_the_highest_first_cell_on()
    {
        var sum = Make([0.1f, 0.5f], 0, 1, 0, 0).Merge(Make([0.3f, 0.6f], 0, 1, ScoreGrid.CellOf(0.2f), 0));
        Assert.Equal(ScoreGrid.CellOf(0.2f), sum.From);
        Assert.Equal(3, sum.Counted);
        Assert.Equal(4, sum.Subjects);
        Assert.Equal(2, sum.PossibleMates);
        Assert.Equal(2, sum.CountAtOrAbove(ScoreGrid.CellOf(0.5f)));
        Assert.Throws<ArgumentOutOfRangeException>(() => sum.CountAtOrAbove(sum.From - 1));
    }

    [Fact]
    public void The_mean_variance_of_a_sum_weighs_by_subjects()
    {
        var sum = Make([0.1f], 0, 1, 0, 4e-4).Merge(Make([0.1f, 0.2f, 0.3f], 0, 1, 0, 0));
        Assert.Equal(1e-4, sum.ExcessVariance, 9);
    }

    [Fact]
    public void Only_the_best_few_are_kept_best_first()
    {
        var summary = Make(Enumerable.Range(0, 20).Select(i => i / 20f), 0, 1, 0, 0);
        Assert.Equal(Enumerable.Range(12, 8).Reverse().Select(i => i / 20f), summary.Best.ToArray().Select(best => best.Score));
    }

    [Fact]
    public void Parts_that_contradict_each_other_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ScoreSummary.Of(-1, 0, 0, [], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => ScoreSummary.Of(1, -1, 0, [], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => ScoreSummary.Of(1, 0, ScoreGrid.Cells, [], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => ScoreSummary.Of(9, 0, 1, new long[ScoreGrid.Cells], []));
        Assert.Throws<ArgumentException>(() => ScoreSummary.Of(2, 0, 0, [1, 2], []));
        Assert.Throws<ArgumentException>(() => ScoreSummary.Of(2, 0, 0, [-1, 2], []));
        Assert.Throws<ArgumentException>(() => ScoreSummary.Of(long.MaxValue, 0, 0, [long.MaxValue, 1], []));
        Assert.Throws<ArgumentException>(() => ScoreSummary.Of(2, 0, 0, [2], [new BestSubject(0.5f)]));
        Assert.Throws<ArgumentException>(() => ScoreSummary.Of(2, 0, 0, [2], [new BestSubject(float.NaN)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ScoreSummary.Of(2, 0, 0, [2], [], double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => ScoreSummary.Of(2, 0, 0, [2], [], 1.5));
    }

    [Fact]
    public void More_subjects_than_a_number_holds_are_refused()
    {
        var many = ScoreSummary.Of(long.MaxValue, 0, 0, [1], []);
        Assert.Throws<OverflowException>(() => many.Merge(many));
    }

    [Fact]
    public void Templates_become_subjects_by_how_many_reach_the_tail_together()
    {
        var counts = new long[ScoreGrid.Cells];
        (counts[150], counts[140], counts[130]) = (3, 6, 21);
        var subjects = ScoreSummary.Of(300, 1, 120, counts.AsSpan(120), []).ToSubjects(100, 1.5);
        Assert.Equal((100, 2, 6, 20), (subjects.Subjects, subjects.CountAtOrAbove(150), subjects.CountAtOrAbove(140),
            subjects.CountAtOrAbove(130)));
        Assert.Throws<ArgumentOutOfRangeException>(() => subjects.ToSubjects(101, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => subjects.ToSubjects(50, 0.9));
    }

    private static ScoreSummary Make(IEnumerable<float> scores, int uncounted, int mates, int first, double variance)
    {
        var all = scores.ToArray();
        var counts = new long[ScoreGrid.Cells];
        foreach (var score in all)
            counts[ScoreGrid.CellOf(score)]++;
        return ScoreSummary.Of(all.Length + uncounted, mates, first, counts.AsSpan(first),
            [.. all.Select(score => new BestSubject(score))], variance);
    }
}
