using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Scores;

namespace MatchEngine.Evaluation.Verification;

/// <summary>How many impostor comparisons reach each of a row of scores: what the calibration of a model is made of.</summary>
/// <param name="Impostors">How many impostor comparisons there are.</param>
/// <param name="Rows">Scores in ascending order, each with the number of impostor comparisons at or above it; the last has none.</param>
public sealed record FalseMatchTable(long Impostors, IReadOnlyList<(double Score, long FalseMatches)> Rows)
{
    /// <summary>Distance of two scores of the table.</summary>
    public const double Step = 0.02;

    /// <summary>
    /// The table of a distribution of impostor scores, from the score that half of them reach to the first that none does. Where scores
    /// were rounded down to a grid, those of the cell in which a table's score lies count as reaching it:
    /// rates err on the safe side by less than a cell.
    /// </summary>
    /// <exception cref="EvaluationException">There is no impostor comparison.</exception>
    public static FalseMatchTable Of(ScoreDistribution impostors)
    {
        ArgumentNullException.ThrowIfNull(impostors);
        if (impostors.Total == 0)
            throw new EvaluationException(
                "there is no comparison of different people to calibrate on; the data set needs photos of at least two");
        long Reaching(int step) => impostors.CountAtOrAbove(OnGrid(Math.Round(step * Step, 2), impostors.Resolution));
        var first = (int)Math.Floor(impostors.Scores[0] / Step);
        while (2 * Reaching(first + 1) >= impostors.Total)
            first++;
        var rows = new List<(double, long)>();
        for (var step = first; rows.Count == 0 || rows[^1].Item2 > 0; step++)
            rows.Add((Math.Round(step * Step, 2), Reaching(step)));
        return new FalseMatchTable(impostors.Total, rows);
    }

    private static double OnGrid(double score, double resolution) => resolution > 0 ? Math.Floor(score / resolution) * resolution : score;
}
