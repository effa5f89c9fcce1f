using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Scores;
using MatchEngine.Evaluation.Verification;

namespace MatchEngine.Evaluation.Tests.Verification;

public class FoldAccuracyTests
{
    [Fact]
    public void Each_fold_is_judged_at_the_threshold_that_is_best_on_the_others()
    {
        var random = new RandomStream(8, 0);
        var (mated, impostors) = (new PairList(), new PairList());
        for (var i = 0; i < 300; i++)
        {
            mated.Add(-1, -1, 0.4 + random.NextDouble() * 0.6, i % 5);
            impostors.Add(-1, -1, random.NextDouble() * 0.6, i % 5);
        }
        var result = FoldAccuracy.Of(new Comparisons(null, mated, impostors))!;
        Assert.Equal(5, result.Folds.Count);
        for (var fold = 0; fold < 5; fold++)
        {
            double Accuracy(double threshold, Func<int, bool> wanted)
            {
                var (right, all) = (0, 0);
                for (var i = 0; i < 300; i++)
                {
                    if (!wanted(i % 5))
                        continue;
                    right += (mated.Scores[i] >= threshold ? 1 : 0) + (impostors.Scores[i] < threshold ? 1 : 0);
                    all += 2;
                }
                return (double)right / all;
            }
            var ours = result.Folds[fold];
            // Brute force over a fine grid: nothing beats our threshold on the other folds.
            var best = Enumerable.Range(0, 10_001).Max(t => Accuracy(t / 10_000.0, f => f != fold));
            Assert.True(Accuracy(ours.Threshold, f => f != fold) >= best);
            Assert.Equal(Accuracy(ours.Threshold, f => f == fold), ours.Accuracy, 12);
        }
        var mean = result.Folds.Average(f => f.Accuracy);
        Assert.Equal(mean, result.Mean, 12);
        Assert.Equal(Math.Sqrt(result.Folds.Sum(f => Math.Pow(f.Accuracy - mean, 2)) / 4), result.StandardDeviation, 12);
    }

    [Fact]
    public void Comparisons_without_folds_have_no_fold_accuracy()
    {
        var (mated, impostors) = (new PairList(), new PairList());
        mated.Add(-1, -1, 0.9);
        impostors.Add(-1, -1, 0.1);
        Assert.Null(FoldAccuracy.Of(new Comparisons(null, mated, impostors)));
    }
}
