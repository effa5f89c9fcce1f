using MatchEngine.Evaluation.Scores;

namespace MatchEngine.Evaluation.Demographics;

/// <summary>Where the scores of one group lie.</summary>
/// <param name="By">The columns that the group is by.</param>
/// <param name="Value">The group.</param>
/// <param name="IsMated">Whether these are mated or impostor comparisons.</param>
/// <param name="Count">How many.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="StandardDeviation">Their standard deviation.</param>
/// <param name="Quantiles">Scores below which 1, 5, 25, 50, 75, 95 and 99 % of them lie.</param>
/// <param name="MeanShift">Mean minus that of the reference group,
/// or of all comparisons of the kind when there is no reference group.</param>
/// <param name="KolmogorovSmirnov">Largest distance of the two distribution functions, 0 … 1.</param>
public sealed record ScoreShift(
    string By, string Value, bool IsMated, long Count, double Mean, double StandardDeviation, IReadOnlyList<double> Quantiles,
    double MeanShift, double KolmogorovSmirnov)
{
    /// <summary>The probabilities of <see cref="Quantiles"/>.</summary>
    public static IReadOnlyList<double> Probabilities { get; } = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];

    /// <summary>Compares a group's scores with a base.</summary>
    /// <returns>Null when either has no score.</returns>
    public static ScoreShift? Of(string by, string value, bool isMated, ScoreDistribution scores, ScoreDistribution reference)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(reference);
        return scores.Total == 0 || reference.Total == 0
            ? null
            : new ScoreShift(
                by,
                value,
                isMated,
                scores.Total,
                scores.Mean,
                scores.StandardDeviation,
                [.. Probabilities.Select(scores.Quantile)],
                scores.Mean - reference.Mean,
                ScoreDistribution.KolmogorovSmirnov(scores, reference));
    }
}
