namespace MatchEngine.Rates.Tails;

/// <summary>
/// What is known of a model's tails before a probe's own scores are seen. A few hundred scores say little of a tail's shape, and nearly all
/// tails of one model have nearly the same: the shape is drawn towards a mean, as a normal distribution would weigh it.
/// </summary>
/// <param name="Shape">Mean of the shape ξ of the generalised Pareto distribution; below 0 for scores with an upper end.</param>
/// <param name="ShapeDeviation">Standard deviation of the shape between probes; above 0.</param>
/// <param name="LogScale">Mean of ln σ over the top tenth, from a pool of the gallery's probes; null where there is no pool.</param>
/// <param name="LogScaleDeviation">Standard deviation of ln σ between probes; above 0.</param>
public sealed record TailPrior(double Shape, double ShapeDeviation, double? LogScale = null, double LogScaleDeviation = 1)
{
    /// <summary>The least shape that is considered.</summary>
    public const double MinShape = -0.5;

    /// <summary>The greatest shape that is considered: the tail of a bounded score is not heavier than this.</summary>
    public const double MaxShape = 0.2;

    /// <summary>
    /// For cosines of face embeddings: −0.12 ± 0.08. Scores of strangers are nearly normal, and over the top tenth of a normal
    /// distribution the
    /// shape is about −0.13; README.md has how it was chosen.
    /// </summary>
    public static TailPrior Cosines { get; } = new(-0.12, 0.08);

    internal void Require()
    {
        if (!(Shape >= MinShape && Shape <= MaxShape))
            throw new ArgumentOutOfRangeException(nameof(Shape), $"a shape lies within {MinShape} … {MaxShape}");
        if (!(ShapeDeviation > 0 && double.IsFinite(ShapeDeviation)) || !(LogScaleDeviation > 0 && double.IsFinite(LogScaleDeviation)))
            throw new ArgumentOutOfRangeException(nameof(ShapeDeviation), "a deviation is a number above 0");
        if (LogScale is { } scale && !double.IsFinite(scale))
            throw new ArgumentOutOfRangeException(nameof(LogScale), "the mean of ln σ is a finite number");
    }
}
