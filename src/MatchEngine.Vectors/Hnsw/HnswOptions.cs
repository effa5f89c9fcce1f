namespace MatchEngine.Vectors.Hnsw;

/// <summary>How an <see cref="HnswIndex"/> is built and searched.</summary>
public sealed record HnswOptions
{
    /// <summary>
    /// M: the links that a new node makes, 4 … 64. Level 0 holds up to twice as many a node, 8·M bytes. With 32 a graph at 99.9 % of mates
    /// makes 1.8 times as many searches as with 16, the usual choice, for 128 bytes more a template and a fifth more time of building; with
    /// 64 2.1 times as many (benchmarks/results/growth.md): one cache line tells whether a neighbour is worth a visit, so that long lists
    /// cost little, and what is saved are steps.
    /// </summary>
    public int M { get; init; } = 32;

    /// <summary>The width of the beam that looks for a new node's neighbours, at least M.</summary>
    public int EfConstruction { get; init; } = 200;

    /// <summary>The width of the beam of a search; null to derive it from <see cref="MatedHitTarget"/>.</summary>
    public int? EfSearch { get; init; }

    /// <summary>
    /// The least share of mated searches whose mate, where an exhaustive search ranks it first, the graph shall rank first too.
    /// </summary>
    public double MatedHitTarget { get; init; } = 0.999;

    /// <summary>The number of templates from which on walks compare sketches, at least 1,000; null for never.</summary>
    public int? SketchFrom { get; init; } = 4096;

    /// <summary>Whether the float16 copies of templates are kept, two bytes a dimension, from which listed scores are computed.</summary>
    public bool KeepFloat16 { get; init; } = true;

    /// <summary>
    /// The seed of the nodes' levels. The same templates added in the same order by one call of <see cref="HnswIndex.AddRange"/> with one
    /// thread give the same graph.
    /// </summary>
    public int Seed { get; init; } = 1;
}
