namespace MatchEngine.Vectors;

/// <summary>What an index answers to a probe.</summary>
/// <param name="Hits">One row per subject, by falling score; equal scores by rising template id.</param>
/// <param name="Path">How the answer was found: <see cref="Exact"/>, <see cref="ExactSketch"/> or <see cref="Hnsw"/>.</param>
/// <param name="Compared">The number of templates that the probe was compared with, by sketch or in full.</param>
public sealed record IndexAnswer(IReadOnlyList<IndexHit> Hits, string Path, long Compared)
{
    /// <summary>The <see cref="Path"/> of an exhaustive search: the probe was compared in full with every template.</summary>
    public const string Exact = "exact";

    /// <summary>
    /// The <see cref="Path"/> of an exhaustive search through sketches: the probe was compared with the sketch of every template and in
    /// full with those which might be listed. The list is that of <see cref="Exact"/>, but for a probability of at most one in a million.
    /// </summary>
    public const string ExactSketch = "exact-sketch";

    /// <summary>
    /// The <see cref="Path"/> of an approximate search through a graph: a template that belongs on the list may be missing.
    /// </summary>
    public const string Hnsw = "hnsw";

    /// <summary>
    /// Whether the whole gallery was searched: no template that belongs on the list can be missing, but for the probability that
    /// <see cref="ExactSketch"/> states. A walk through a graph never says so.
    /// </summary>
    public required bool IsExhaustive { get; init; }

    /// <summary>The number of templates whose full vectors were compared.</summary>
    public long ComparedInFull { get; init; } = Compared;

    /// <summary>The width of the beam of a search through a graph; null for an exhaustive search.</summary>
    public int? EfSearch { get; init; }

    /// <summary>
    /// How many subjects reach fixed scores, where that was asked for (<see cref="TallyRequest"/>); null where it was not, or where not
    /// everybody was compared, as in a walk through a graph.
    /// </summary>
    public ScoreTally? Tally { get; init; }

    /// <summary>What the scores of the list were computed from.</summary>
    public ScorePrecision Precision { get; init; }
}
