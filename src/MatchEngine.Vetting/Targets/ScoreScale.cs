namespace MatchEngine.Vetting.Targets;

/// <summary>
/// The scale of a target's scores as the port tells them: higher is always more alike. A target that tells distances has them negated, and
/// floors on their way to it negated back.
/// </summary>
/// <param name="Low">The lowest score that can be told; null where it is not known.</param>
/// <param name="High">The highest; null where it is not known.</param>
/// <param name="IsNegatedDistance">Whether the target itself tells distances.</param>
public sealed record ScoreScale(double? Low, double? High, bool IsNegatedDistance)
{
    /// <summary>Cosine similarity, −1 … 1.</summary>
    public static ScoreScale Cosine { get; } = new(-1, 1, false);

    /// <summary>Nothing is known but the direction.</summary>
    public static ScoreScale Unknown { get; } = new(null, null, false);
}
