using MatchEngine.Evaluation.Scores;

namespace MatchEngine.Evaluation.Verification;

/// <summary>
/// Accuracy over folds: each fold is judged at the threshold that does best on the other folds (LFW's View 2;
/// Huang et al., UMass TR 07-49).
/// </summary>
/// <param name="Mean">Mean of the folds' accuracies.</param>
/// <param name="StandardDeviation">Standard deviation of the folds' accuracies with folds − 1 in the denominator; divide it by √folds for
/// the standard error that LFW's result page prints.</param>
/// <param name="Folds">Each fold.</param>
public sealed record FoldAccuracy(double Mean, double StandardDeviation, IReadOnlyList<FoldAccuracy.Fold> Folds)
{
    /// <summary>One fold.</summary>
    /// <param name="Accuracy">Share of its comparisons that are decided rightly.</param>
    /// <param name="Threshold">The threshold that came from the other folds.</param>
    /// <param name="Mated">Mated comparisons in the fold.</param>
    /// <param name="Impostors">Impostor comparisons in the fold.</param>
    public sealed record Fold(double Accuracy, double Threshold, long Mated, long Impostors);

    /// <summary>The accuracy of comparisons in folds; null when they are not in folds or there is only one.</summary>
    /// <remarks>
    /// Candidates for the threshold are the middles between neighbouring scores of the other folds. Where several do equally well, the one
    /// in the middle of them is taken: the ends would depend on single comparisons.
    /// </remarks>
    public static FoldAccuracy? Of(Comparisons comparisons)
    {
        ArgumentNullException.ThrowIfNull(comparisons);
        var (mated, impostors) = (comparisons.Mated, comparisons.Impostors);
        if (mated.Folds.IsEmpty || impostors.Folds.IsEmpty)
            return null;
        var all = new (double Score, int Fold, bool Mated)[mated.Count + impostors.Count];
        for (var i = 0; i < mated.Count; i++)
            all[i] = (mated.Scores[i], mated.Folds[i], true);
        for (var i = 0; i < impostors.Count; i++)
            all[mated.Count + i] = (impostors.Scores[i], impostors.Folds[i], false);
        Array.Sort(all, (x, y) => x.Score.CompareTo(y.Score));
        var numbers = all.Select(c => c.Fold).Distinct().Order().ToArray();
        if (numbers.Length < 2)
            return null;
        var folds = new List<Fold>();
        foreach (var number in numbers)
        {
            var threshold = BestThreshold([.. all.Where(c => c.Fold != number)]);
            var tested = all.Where(c => c.Fold == number).ToArray();
            var right = tested.Count(c => (c.Score >= threshold) == c.Mated);
            folds.Add(new Fold((double)right / tested.Length, threshold, tested.Count(c => c.Mated), tested.Count(c => !c.Mated)));
        }
        var mean = folds.Average(f => f.Accuracy);
        return new FoldAccuracy(mean, Math.Sqrt(folds.Sum(f => (f.Accuracy - mean) * (f.Accuracy - mean)) / (folds.Count - 1)), folds);
    }

    private static double BestThreshold((double Score, int Fold, bool Mated)[] ascending)
    {
        // Threshold below everything: the mated are right. Moving past a comparison makes a mated one wrong, an impostor right.
        var right = ascending.Count(c => c.Mated);
        var best = right;
        List<double> candidates = [ascending[0].Score];
        for (var i = 0; i < ascending.Length; i++)
        {
            right += ascending[i].Mated ? -1 : 1;
            if (i + 1 < ascending.Length && ascending[i + 1].Score == ascending[i].Score)
                continue;
            if (right < best)
                continue;
            if (right > best)
                candidates.Clear();
            best = right;
            candidates.Add(
                i + 1 < ascending.Length ? (ascending[i].Score + ascending[i + 1].Score) / 2 : Math.BitIncrement(ascending[i].Score));
        }
        return candidates[(candidates.Count - 1) / 2];
    }
}
