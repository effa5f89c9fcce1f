using MatchEngine.Faces;
using MatchEngine.Faces.Quality;

namespace MatchEngine.Galleries.Search;

/// <summary>How a gallery is searched.</summary>
public sealed record SearchOptions
{
    /// <summary>The list length when none is asked for. A longer list lessens the persuasiveness of a single name.</summary>
    public const int DefaultListLength = 20;

    /// <summary>The longest list.</summary>
    public const int MaxListLength = 10_000;

    /// <summary>The largest number of candidates, 1 … <see cref="MaxListLength"/>.</summary>
    public int ListLength
    {
        get;
        init => field = value is >= 1 and <= MaxListLength
            ? value
            : throw new ArgumentOutOfRangeException(nameof(ListLength), value, $"a candidate list has 1 to {MaxListLength} places");
    } = DefaultListLength;

    /// <summary>The score floor: candidates score this or more. −1 … 1; null for none.</summary>
    public float? Floor
    {
        get;
        init => field = value is null or (>= -1 and <= 1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Floor), value, "a score floor lies within −1 … 1");
    }

    /// <summary>
    /// The least overall quality of the probe's face, 0 … 100: a poorer one is refused with its components; null takes any.
    /// </summary>
    public double? MinQuality { get; init; } = FaceQuality.DefaultMinimum;

    /// <summary>Which face of the probe is meant; by default the only one, and a probe with several is refused.</summary>
    public FaceChoice Face { get; init; } = FaceChoice.Only;

    /// <summary>
    /// The smallest number of candidates, 0 … <see cref="MaxListLength"/>; 0 for any. Where too few reach the floor, the floor gives way
    /// and the list says so; where there are fewer subjects altogether, none is listed.
    /// </summary>
    public int MinCandidates
    {
        get;
        init => field = value is >= 0 and <= MaxListLength
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(MinCandidates), value, $"the smallest number of candidates lies within 0 … {MaxListLength}");
    }

    /// <summary>
    /// Whether the graph of a large gallery is left aside, which may miss a template that belongs on the list: every template is compared
    /// then, in full or by its sketch (<see cref="Vectors.IndexAnswer.ExactSketch"/>).
    /// </summary>
    public bool Exhaustive { get; init; }

    /// <summary>Whether a search with an enrolled encounter lists that encounter's own subject too.</summary>
    public bool IncludeOwnSubject { get; init; }
}
