namespace MatchEngine.Vectors.Exact;

/// <summary>How an <see cref="ExactIndex"/> works; the defaults suit a server that has the machine to itself.</summary>
public sealed record ExactIndexOptions
{
    /// <summary>The most threads that one search uses; null for one a processor. Small galleries use one.</summary>
    public int? Parallelism { get; init; }

    /// <summary>
    /// Whether the float16 copies of templates are kept, two bytes a dimension, from which listed scores are computed. Without them an
    /// index of 512-d templates takes a third of the memory, and answers say <see cref="ScorePrecision.Int8"/>.
    /// </summary>
    public bool KeepFloat16 { get; init; } = true;

    /// <summary>
    /// The number of templates from which on the index draws sketches and scans those; null for never. Below some ten thousand a scan in
    /// full takes no longer than the rest of a search.
    /// </summary>
    public int? SketchFrom { get; init; } = 20_000;

    /// <summary>The number of elements of a sketch, a multiple of 8, four bits each; null to derive it from the templates.</summary>
    public int? SketchElements { get; init; }

    /// <summary>
    /// Whether sketches are trained in the background when their time has come; if not,
    /// only <see cref="ExactIndex.TrainSketches"/> does it.
    /// </summary>
    public bool TrainInBackground { get; init; } = true;
}
