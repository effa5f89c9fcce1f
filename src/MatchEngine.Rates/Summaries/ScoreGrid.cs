namespace MatchEngine.Rates.Summaries;

/// <summary>
/// The fixed scores above which subjects are counted: every hundredth from −1 to 1. All summaries share it, so they can be added whoever
/// made them. A stranger's scores fall off by a factor e over two to six hundredths in the tail, so a finer grid tells a fit nothing more.
/// </summary>
public static class ScoreGrid
{
    /// <summary>How many cells there are: cell i holds the scores from <see cref="ScoreAt"/>(i) to below <see cref="ScoreAt"/>(i +
    /// 1).</summary>
    public const int Cells = 201;

    private const int PerUnit = 100;

    /// <summary>The lower edge of a cell, −1 … 1. The last cell holds 1 itself and what rounding puts above it.</summary>
    /// <param name="cell">0 … <see cref="Cells"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="cell"/> is out of range.</exception>
    public static double ScoreAt(int cell)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cell);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(cell, Cells);
        return (cell - PerUnit) / (double)PerUnit;
    }

    /// <summary>The cell of a score. A score on an edge belongs to the cell above it: a count "at or above" is a count of whole
    /// cells.</summary>
    /// <param name="score">A cosine; what rounding puts outside −1 … 1 goes to the cell at that end.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="score"/> is not a number.</exception>
    public static int CellOf(float score)
    {
        if (float.IsNaN(score))
            throw new ArgumentOutOfRangeException(nameof(score), "a score is a number");
        var cell = (int)Math.Clamp(Math.Floor(score * (double)PerUnit) + PerUnit, 0, Cells - 1);
        // 0.29f·100 is 28.999…, though 0.29f is the float that stands for the edge itself.
        return cell + 1 < Cells && score >= (float)ScoreAt(cell + 1) ? cell + 1 : cell;
    }
}
