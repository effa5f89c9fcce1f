using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Scores;
using MatchEngine.Evaluation.Verification;

namespace MatchEngine.Evaluation.Tests.Verification;

public class ErrorVersusDiscardTests
{
    private static Comparisons Make(Func<int, double> score, Func<int, double> quality, int pairs = 100)
    {
        var images = new DataSet(
            "s", [.. Enumerable.Range(0, 2 * pairs).Select(i => $"p{i:D4}")],
            [.. Enumerable.Range(0, 2 * pairs).Select(i => $"s{i / 2:D4}")]);
        var (mated, impostors) = (new PairList(), new PairList());
        for (var p = 0; p < pairs; p++)
            mated.Add(2 * p, 2 * p + 1, score(p));
        impostors.Add(0, 2, 0);
        return new Comparisons(images, mated, impostors)
        {
            Qualities = [.. Enumerable.Range(0, 2 * pairs).Select(i => i % 2 == 0 ? 100.0 : quality(i / 2))],
        };
    }

    [Fact]
    public void A_perfect_quality_measure_drops_the_errors_first()
    {
        var curve = ErrorVersusDiscard.Of(Make(p => p < 10 ? 0.1 : 0.9, p => p), 0.5)!;
        Assert.Equal(0.1, curve.Points[0].Fnmr, 12);
        Assert.Equal(5 / 95.0, curve.Points[5].Fnmr, 12);
        Assert.Equal(0, curve.Points[10].Fnmr, 12);
        Assert.Equal(curve.IdealArea, curve.Area, 12);
    }

    [Fact]
    public void A_quality_that_is_the_same_for_all_leaves_the_rate_where_it_was()
    {
        var curve = ErrorVersusDiscard.Of(Make(p => p % 10 == 0 ? 0.1 : 0.9, _ => 7), 0.5)!;
        Assert.All(curve.Points, point => Assert.Equal(0.1, point.Fnmr, 9));
        Assert.Equal(0.1, curve.Area, 9);
    }

    [Fact]
    public void The_curve_agrees_with_dropping_comparison_by_comparison()
    {
        var random = new RandomStream(6, 0);
        var scores = Enumerable.Range(0, 100).Select(_ => random.NextDouble()).ToArray();
        var qualities = Enumerable.Range(0, 100).Select(_ => random.NextDouble()).ToArray();
        var curve = ErrorVersusDiscard.Of(Make(p => scores[p], p => qualities[p]), 0.5)!;
        foreach (var point in curve.Points)
        {
            var left = Enumerable.Range(0, 100).OrderBy(p => qualities[p]).Skip((int)Math.Round(point.Discarded * 100)).ToArray();
            Assert.Equal(left.Count(p => scores[p] < 0.5) / (double)left.Length, point.Fnmr, 9);
        }
    }

    [Fact]
    public void Without_qualities_or_errors_there_is_no_curve()
    {
        Assert.Null(ErrorVersusDiscard.Of(Make(_ => 0.9, p => p), 0.5));
        var (mated, impostors) = (new PairList(), new PairList());
        mated.Add(-1, -1, 0.1);
        Assert.Null(ErrorVersusDiscard.Of(new Comparisons(null, mated, impostors), 0.5));
    }
}
