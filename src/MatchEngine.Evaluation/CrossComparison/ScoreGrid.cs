namespace MatchEngine.Evaluation.CrossComparison;

/// <summary>
/// The grid on which all-pairs scores are counted: steps of 2⁻¹⁵ from −1 to 1. Multiplying a float by a power of two is exact, so a score
/// lies in bin b exactly when it is ≥ the bin's lower edge: counts at a threshold on the grid are those of the unrounded scores.
/// </summary>
internal static class ScoreGrid
{
    /// <summary>Bins per unit of score.</summary>
    public const int StepsPerUnit = 1 << 15;

    /// <summary>Bins from −1 to just above 1: rounding puts the score of two equal embeddings a little above 1.</summary>
    public const int Bins = 2 * StepsPerUnit + 16;

    /// <summary>Width of a bin.</summary>
    public const double Step = 1.0 / StepsPerUnit;

    /// <summary>The bin of a score; scores beyond the ends go into the last bins.</summary>
    public static int BinOf(float score) => Math.Clamp((int)MathF.Floor(score * StepsPerUnit) + StepsPerUnit, 0, Bins - 1);

    /// <summary>The lower edge of a bin.</summary>
    public static double EdgeOf(int bin) => (bin - StepsPerUnit) * Step;
}
