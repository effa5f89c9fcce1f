using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Scores;

namespace MatchEngine.Evaluation.Subjects;

/// <summary>What one subject contributes to the errors ("zoo" analysis: Doddington et al., ICSLP 1998).</summary>
/// <param name="Subject">The subject.</param>
/// <param name="Mated">Mated comparisons.</param>
/// <param name="FalseNonMatches">False non-matches among them.</param>
/// <param name="LowestMated">Lowest mated score, or null without mated comparisons.</param>
/// <param name="FalseMatches">False matches in which the subject takes part.</param>
/// <param name="HighestImpostor">Highest impostor score with it, or null when none was kept.</param>
public sealed record SubjectErrors(
    string Subject, long Mated, long FalseNonMatches, double? LowestMated, long FalseMatches, double? HighestImpostor)
{
    /// <summary>The counts of every subject that takes part, in order of name.</summary>
    /// <exception cref="EvaluationException">The scores came without metadata.</exception>
    public static IReadOnlyList<SubjectErrors> Of(Comparisons comparisons, double threshold)
    {
        ArgumentNullException.ThrowIfNull(comparisons);
        var images = comparisons.Images ?? throw new EvaluationException("errors by subject need metadata that names the subjects");
        var n = images.Subjects.Count;
        var (mated, falseNonMatches, falseMatches) = (new long[n], new long[n], new long[n]);
        var (lowest, highest, present) = (new double[n], new double[n], new bool[n]);
        Array.Fill(lowest, double.PositiveInfinity);
        Array.Fill(highest, double.NegativeInfinity);
        foreach (var photo in comparisons.Compared)
            present[images.SubjectOf[photo]] = true;
        for (var i = 0; i < comparisons.Mated.Count; i++)
        {
            var s = images.SubjectOf[comparisons.Mated.First[i]];
            var score = comparisons.Mated.Scores[i];
            present[s] = true;
            mated[s]++;
            falseNonMatches[s] += score < threshold ? 1 : 0;
            lowest[s] = Math.Min(lowest[s], score);
        }
        for (var i = 0; i < comparisons.Impostors.Count; i++)
        {
            var score = comparisons.Impostors.Scores[i];
            foreach (var photo in (ReadOnlySpan<int>)[comparisons.Impostors.First[i], comparisons.Impostors.Second[i]])
            {
                var s = images.SubjectOf[photo];
                present[s] = true;
                falseMatches[s] += score >= threshold ? 1 : 0;
                highest[s] = Math.Max(highest[s], score);
            }
        }
        return [.. Enumerable.Range(0, n).Where(s => present[s]).Select(s => new SubjectErrors(
            images.Subjects[s],
            mated[s],
            falseNonMatches[s],
            double.IsInfinity(lowest[s]) ? null : lowest[s],
            falseMatches[s],
            double.IsInfinity(highest[s]) ? null : highest[s]))];
    }

    /// <summary>The smallest share of the subjects that causes at least half of the errors; null without errors.</summary>
    public static double? ShareBehindHalf(IEnumerable<long> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        var sorted = errors.OrderDescending().ToArray();
        var (total, sum) = (sorted.Sum(), 0L);
        if (total == 0)
            return null;
        for (var i = 0; i < sorted.Length; i++)
        {
            sum += sorted[i];
            if (2 * sum >= total)
                return (i + 1.0) / sorted.Length;
        }
        return 1;
    }
}
