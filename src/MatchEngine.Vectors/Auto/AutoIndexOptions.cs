namespace MatchEngine.Vectors;

/// <summary>How an <see cref="AutoIndex"/> works.</summary>
public sealed record AutoIndexOptions
{
    /// <summary>The options of the exhaustive path.</summary>
    public ExactIndexOptions Exact { get; init; } = new();

    /// <summary>The options of the graph. Its <see cref="HnswOptions.MatedHitTarget"/> is what no answer's path may fall below.</summary>
    public HnswOptions Hnsw { get; init; } = new();

    /// <summary>
    /// The number of templates from which on a graph is built beside the exhaustive path, at 690 bytes more a template; null for never. A graph of
    /// the same quality is not expected to be faster below some ten million templates (extrapolated from the benchmarks).
    /// </summary>
    public int? GraphFrom { get; init; } = 10_000_000;
}
