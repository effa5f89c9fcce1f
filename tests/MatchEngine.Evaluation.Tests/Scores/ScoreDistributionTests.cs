using FsCheck.Fluent;
using MatchEngine.Evaluation.Scores;
using MatchEngine.Evaluation.Tests.Verification;
using MatchEngine.Tests;

namespace MatchEngine.Evaluation.Tests.Scores;

public class ScoreDistributionTests
{
    [Fact]
    public void Counts_at_a_threshold_include_scores_equal_to_it()
    {
        var scores = ScoreDistribution.Of([0.5, 0.5, 0.7, 0.1]);
        Assert.Equal(3, scores.CountAtOrAbove(0.5));
        Assert.Equal(1, scores.CountBelow(0.5));
        Assert.Equal(1, scores.CountAtOrAbove(0.51));
        Assert.Equal(0, scores.CountAtOrAbove(0.71));
        Assert.Equal(4, scores.CountAtOrAbove(double.NegativeInfinity));
    }

    [Fact]
    public void A_histogram_gives_the_distribution_of_the_scores_rounded_down_to_its_grid()
    {
        Prop.ForAll(DetCurveTests.Scores(), scores =>
        {
            var bins = new long[16];
            foreach (var score in scores)
                bins[Math.Min(15, (int)(score * 16))]++;
            var histogram = ScoreDistribution.OfHistogram(bins, 0, 1.0 / 16);
            var rounded = ScoreDistribution.Of([.. scores.Select(s => Math.Min(15, Math.Floor(s * 16)) / 16)]);
            return histogram.Scores.SequenceEqual(rounded.Scores) && histogram.Counts.SequenceEqual(rounded.Counts);
        }).CheckSame();
    }

    [Fact]
    public void Mean_deviation_and_quantiles_of_a_known_list()
    {
        var scores = ScoreDistribution.Of([1, 2, 2, 3, 4]);
        Assert.Equal(2.4, scores.Mean, 12);
        Assert.Equal(Math.Sqrt(1.04), scores.StandardDeviation, 12);
        Assert.Equal(2, scores.Quantile(0.5));
        Assert.Equal(1, scores.Quantile(0));
        Assert.Equal(4, scores.Quantile(1));
    }

    [Fact]
    public void Kolmogorov_and_Smirnovs_distance_is_the_largest_difference_of_the_two_step_functions()
    {
        Prop.ForAll(DetCurveTests.Scores(), DetCurveTests.Scores(), (first, second) =>
        {
            var expected = first.Concat(second).Max(
                x => Math.Abs((double)first.Count(s => s <= x) / first.Length - (double)second.Count(s => s <= x) / second.Length));
            return Math.Abs(
                expected - ScoreDistribution.KolmogorovSmirnov(ScoreDistribution.Of(first), ScoreDistribution.Of(second))) < 1e-12;
        }).CheckSame();
    }

    [Fact]
    public void A_score_that_is_not_a_number_is_refused() =>
        Assert.Throws<ArgumentException>(() => ScoreDistribution.Of([0.1, double.NaN]));
}
