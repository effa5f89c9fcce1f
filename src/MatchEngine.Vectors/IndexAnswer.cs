namespace MatchEngine.Vectors;

/// <summary>What an index answers to a probe.</summary>
/// <param name="Hits">One row per subject, by falling score; equal scores by rising template id.</param>
/// <param name="Path">How the answer was found: <see cref="Exact"/> means that the probe was compared with every template.</param>
/// <param name="Compared">The number of templates that the probe was compared with.</param>
public sealed record IndexAnswer(IReadOnlyList<IndexHit> Hits, string Path, long Compared)
{
    /// <summary>The <see cref="Path"/> of an exhaustive search.</summary>
    public const string Exact = "exact";
}
