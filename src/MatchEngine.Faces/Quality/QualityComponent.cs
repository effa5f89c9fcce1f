namespace MatchEngine.Faces.Quality;

/// <summary>What one measure says of one face.</summary>
/// <param name="Measure">What was measured.</param>
/// <param name="Value">The native value, in the measure's unit; null when it could not be measured with the networks at hand.</param>
/// <param name="Score">0 … 100, higher is better; null without a value.</param>
/// <param name="Limit">The native value from which on an operator is warned; null where the embedder's card gives none.</param>
/// <param name="Advice">What an operator can do about it, in a sentence; null within the limit.</param>
public sealed record QualityComponent(QualityMeasure Measure, double? Value, double? Score, double? Limit, string? Advice)
{
    /// <summary>The measure's name.</summary>
    public string Name => Measure.Name;

    /// <summary>The unit of <see cref="Value"/> and <see cref="Limit"/>.</summary>
    public string Unit => Measure.Unit;
}
