namespace MatchEngine.Galleries.Search;

/// <summary>
/// The answer to a search: candidates in rank order, one row a subject, with what a reader needs to judge them. It is a lead, never an
/// identification.
/// </summary>
/// <param name="SearchId">Unique, and rising with time (a UUID of version 7).</param>
/// <param name="Gallery">The gallery that was searched; the names of several with commas between them.</param>
/// <param name="Model">The id of the model card.</param>
/// <param name="Path">How the answer was found; <c>exact</c>: the probe was compared with every template. Where
/// galleries were searched in different ways, all of them with plus signs between them.</param>
/// <param name="GallerySize">Templates in the galleries when they were searched:
/// the number of comparisons behind an exhaustive answer.</param>
/// <param name="ListLength">The largest number of candidates that was asked for.</param>
/// <param name="Floor">The score floor that was asked for, or null.</param>
/// <param name="ExpectedNonMatesAboveFloor">How many candidates at or above the floor are expected to be other people by chance alone:
/// gallery size × FMR(floor). An estimate that takes comparisons as independent; null without a floor or where the calibration does not
/// reach.</param>
/// <param name="Elapsed">Time spent in each stage.</param>
/// <param name="Probe">The face that was searched with; null for a search with a ready template.</param>
/// <param name="Candidates">The candidates by falling score; perhaps none.</param>
/// <param name="Disclaimer">What every reader must be told.</param>
public sealed record CandidateList(
    Guid SearchId,
    string Gallery,
    string Model,
    string Path,
    long GallerySize,
    int ListLength,
    float? Floor,
    double? ExpectedNonMatesAboveFloor,
    SearchTimes Elapsed,
    ProbeFace? Probe,
    IReadOnlyList<Candidate> Candidates,
    Disclaimer Disclaimer)
{
    /// <summary>The galleries that were searched, in the order in which they were named.</summary>
    public required IReadOnlyList<string> Galleries { get; init; }

    /// <summary>The smallest number of candidates that the list had to have; 0: any.</summary>
    public int MinCandidates { get; init; }

    /// <summary>Whether candidates below the floor are on the list, because too few reached it (<see cref="MinCandidates"/>).</summary>
    public bool FloorGaveWay { get; init; }

    /// <summary>
    /// How many subjects were found and are not listed, because all galleries together hold fewer than <see cref="MinCandidates"/>: a list
    /// must not point at one person alone.
    /// </summary>
    public int Withheld { get; init; }

    /// <summary>The enrolled encounter that was searched with, or null.</summary>
    public string? ProbeEncounterId { get; init; }
}
