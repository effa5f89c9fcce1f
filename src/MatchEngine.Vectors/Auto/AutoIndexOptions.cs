namespace MatchEngine.Vectors;

/// <summary>How an <see cref="AutoIndex"/> works.</summary>
public sealed record AutoIndexOptions
{
    /// <summary>The options of the exhaustive path.</summary>
    public ExactIndexOptions Exact { get; init; } = new();

    /// <summary>The options of the graph. Its <see cref="HnswOptions.MatedHitTarget"/> is what no answer's path may fall below.</summary>
    public HnswOptions Hnsw { get; init; } = new();

    /// <summary>
    /// The number of templates from which on a graph is built beside the exhaustive path, at 730 bytes more a template (208 where it is opened from a snapshot); null, the default, for never. A graph that keeps 99.9 % of the mates makes 1.3 to
    /// 1.7 times as many searches of single probes as sketches up to 300,000 templates, about as many at a million, and fewer than they in batches; the beam it needs grows with the gallery, so more
    /// templates do not make it the better choice (benchmarks/results/growth.md).
    /// </summary>
    public int? GraphFrom { get; init; }
}
