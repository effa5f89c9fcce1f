namespace MatchEngine.Frs.Searching;

/// <summary>
/// Scores on the scale that clients of other services know: 0 … 100, by a logistic curve, S(c) = 100 / (1 + exp(−16 (c − 0.25))), c the
/// cosine. It only renames scores, in their order: 50 is a cosine of 0.25, 80 one of 0.337, 99 one of 0.537. It is no probability, and the
/// same number of another service is another cosine, or none.
/// </summary>
public static class SimilarityScale
{
    private const double Middle = 0.25;
    private const double Steepness = 16;

    /// <summary>A score on the scale.</summary>
    /// <param name="score">Cosine similarity, −1 … 1.</param>
    public static double Of(double score) => 100 / (1 + Math.Exp(-Steepness * (score - Middle)));

    /// <summary>What a profile lets a reader know of a score, on the scale; null where it tells no score.</summary>
    public static double? Of(ShownScore shown)
    {
        ArgumentNullException.ThrowIfNull(shown);
        return (shown.Score ?? shown.Percent / 50 - 1) is { } score ? Of(score) : null;
    }

    /// <summary>The least score that has a similarity, −1 … 1: the floor that a threshold is.</summary>
    /// <param name="similarity">0 … 100.</param>
    public static float ScoreOf(double similarity) => similarity <= 0 ? -1
        : similarity >= 100 ? 1
        : (float)Math.Clamp(Middle - Math.Log(100 / similarity - 1) / Steepness, -1, 1);
}
