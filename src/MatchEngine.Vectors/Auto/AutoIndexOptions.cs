using MatchEngine.Vectors.Exact;
using MatchEngine.Vectors.Hnsw;

namespace MatchEngine.Vectors.Auto;

/// <summary>How an <see cref="AutoIndex"/> works.</summary>
public sealed record AutoIndexOptions
{
    /// <summary>The options of the exhaustive path.</summary>
    public ExactIndexOptions Exact { get; init; } = new();

    /// <summary>The options of the graph. Its <see cref="HnswOptions.MatedHitTarget"/> is what no answer's path may fall below.</summary>
    public HnswOptions Hnsw { get; init; } = new();

    /// <summary>
    /// The number of templates from which on a graph is built beside the exhaustive path, at 858 bytes more a template (336 where it is
    /// opened from a snapshot); null, the default, for never. A graph that keeps 99.9 % of the mates makes 1.2 to 1.8 times as many
    /// searches of single probes as sketches from 10,000 templates to a million, about as many as they in batches, and loses one mate in a
    /// thousand, which they do not (benchmarks/results/growth.md).
    /// </summary>
    public int? GraphFrom { get; init; }
}
