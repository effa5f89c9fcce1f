using MatchEngine.Rates.Summaries;

namespace MatchEngine.Rates.Tests.Summaries;

public sealed class SubjectScoresTests
{
    [Theory]
    [InlineData(-1f)]
    [InlineData(0.205f)]
    public void A_subject_counts_once_at_the_best_of_its_templates_whichever_workers_saw_them(float from)
    {
        var random = new Random(5);
        var rows = Enumerable.Range(0, 5000)
            .Select(_ => (Subject: random.NextInt64(-400, 400) << 33, Score: (float)(random.NextDouble() * 1.6 - 0.8))).ToArray();
        var workers = Enumerable.Range(0, 4).Select(_ => new SubjectScores(from)).ToArray();
        for (var i = 0; i < rows.Length; i++)
            workers[i % workers.Length].Add(rows[i].Subject, rows[i].Score);
        foreach (var worker in workers[1..])
            workers[0].AddAll(worker);

        // By definition: group by subject, the best of each, count.
        var first = ScoreGrid.CellOf(from);
        var best = rows.GroupBy(row => row.Subject).Select(subject => subject.Max(row => row.Score)).ToArray();
        var counts = new long[ScoreGrid.Cells];
        foreach (var score in best)
            counts[ScoreGrid.CellOf(score)]++;
        var expected = ScoreSummary.Of(best.Length, 1, first, counts.AsSpan(first), [.. best.Select(score => new BestSubject(score))]);
        Assert.Equal(expected, workers[0].ToSummary(best.Length));
    }

    [Fact]
    public void Galleries_of_one_template_a_subject_give_the_same_summary_without_the_table()
    {
        var random = new Random(6);
        var (table, only) = (new SubjectScores(0.1f), new SubjectScores(0.1f));
        var other = new SubjectScores(0.1f);
        for (var i = 0; i < 2000; i++)
        {
            var score = (float)(random.NextDouble() - 0.4);
            table.Add(i, score);
            (i % 3 == 0 ? other : only).AddOnly(score);
        }
        only.AddAll(other);
        Assert.Equal(table.ToSummary(2000), only.ToSummary(2000));
    }

    [Fact]
    public void More_subjects_than_were_compared_are_refused()
    {
        var scores = new SubjectScores();
        scores.AddOnly(0.1f);
        scores.Add(4, 0.2f);
        Assert.Throws<ArgumentException>(() => scores.ToSummary(1));
        Assert.Equal(2, scores.ToSummary(2).Counted);
    }

    [Fact]
    public void Parts_that_count_from_different_scores_are_not_one_scan() =>
        Assert.Throws<ArgumentException>(() => new SubjectScores(0.1f).AddAll(new SubjectScores(0.2f)));

    [Fact]
    public void After_clearing_nothing_is_left()
    {
        var scores = new SubjectScores();
        scores.AddOnly(0.4f);
        for (var subject = 0; subject < 1000; subject++)
            scores.Add(subject, 0.3f);
        scores.Clear();
        Assert.Equal(ScoreSummary.Empty.Merge(ScoreSummary.Of(0, 1, 0, [], [])), scores.ToSummary(0));
    }
}
