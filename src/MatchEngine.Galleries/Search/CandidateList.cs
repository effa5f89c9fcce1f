using MatchEngine.Galleries.Audit;
using MatchEngine.Rates.Calibrations;
using MatchEngine.Rates.Tails;

namespace MatchEngine.Galleries.Search;

/// <summary>
/// The answer to a search: candidates in rank order, one row a subject of a gallery, with what a reader needs to judge them. It is a lead,
/// never an identification.
/// </summary>
/// <param name="SearchId">Unique, and rising with time (a UUID of version 7).</param>
/// <param name="Model">The id of the model card.</param>
/// <param name="Searched">What was searched, in the order in which it was named: each gallery with its rule and what came of it.</param>
/// <param name="Faces">The faces of the probe that were meant, largest first, those that were left out included; none for a search with a
/// ready template.</param>
/// <param name="Candidates">The candidates by falling score; perhaps none.</param>
/// <param name="Disclaimer">What every reader must be told.</param>
public sealed record CandidateList(
    Guid SearchId,
    string Model,
    IReadOnlyList<SearchedGallery> Searched,
    IReadOnlyList<ProbeFace> Faces,
    IReadOnlyList<Candidate> Candidates,
    Disclaimer Disclaimer)
{
    /// <summary>The galleries that were searched, in the order in which they were named.</summary>
    public IReadOnlyList<string> Galleries { get; } = [.. Searched.Select(gallery => gallery.Name)];

    /// <summary>The gallery that was searched; the names of several with commas between them.</summary>
    public string Gallery => string.Join(", ", Galleries);

    /// <summary>
    /// How the answer was found; <c>exact</c>: the probe was compared with every template. Where galleries were searched in different ways,
    /// all of them with plus signs between them.
    /// </summary>
    public string Path => string.Join('+', Searched.SelectMany(gallery => gallery.Paths).Distinct().Order(StringComparer.Ordinal));

    /// <summary>Whether all galleries were wholly searched, with each face: no candidate can be missing.</summary>
    public bool IsExhaustive => Searched.All(gallery => gallery.IsExhaustive);

    /// <summary>
    /// Templates in the galleries when they were searched: the number of comparisons behind an exhaustive answer to one face.
    /// </summary>
    public long GallerySize => Searched.Sum(gallery => gallery.Size);

    /// <summary>The largest number of candidates that was asked for.</summary>
    public int ListLength => Searched.Max(gallery => gallery.Rule.ListLength);

    /// <summary>The score floor; null where there is none, or where it is not the same in all galleries.</summary>
    public float? Floor => Searched.All(gallery => gallery.Rule.Floor == Searched[0].Rule.Floor) ? Searched[0].Rule.Floor : null;

    /// <summary>The floor of each gallery, where they have different ones; null where one holds for all, or none has any.</summary>
    public IReadOnlyList<GalleryFloor>? Floors => Searched.All(gallery => gallery.Rule.Floor == Searched[0].Rule.Floor)
        ? null
        : [.. Searched.Select(gallery => new GalleryFloor(gallery.Name, gallery.Rule.Floor))];

    /// <summary>The largest number of candidates that the list has to have of a gallery; 0: any.</summary>
    public int MinCandidates => Searched.Max(gallery => gallery.Rule.MinCandidates);

    /// <summary>
    /// How many people who are not the probe's person are expected, on average, to reach the floors by chance: from the probe's own scores
    /// in this search, the sum over the faces and galleries that were compared. Without a value where it cannot be said.
    /// </summary>
    public required StrangersExpected StrangersExpected { get; init; }

    /// <summary>Whether candidates below a gallery's floor are on the list, because too few reached it.</summary>
    public bool FloorGaveWay => Searched.Any(gallery => gallery.FloorGaveWay);

    /// <summary>
    /// How many subjects were found and are not listed, because their gallery holds fewer than its rule demands: a list must not point at
    /// one person alone.
    /// </summary>
    public int Withheld => Searched.Sum(gallery => gallery.Withheld);

    /// <summary>The largest face that was searched with; null for a search with a ready template.</summary>
    public ProbeFace? Probe => Faces.FirstOrDefault(face => face.Refusal is null);

    /// <summary>Whom the candidates' rates were measured on, each population once.</summary>
    public IReadOnlyList<Population> Populations => FalseMatchRange.PopulationsOf(Candidates.Select(candidate => candidate.Fmr));

    /// <summary>What a reader has to know of the list, in sentences: faces and candidates left out, floors that gave way.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>Time spent in each stage.</summary>
    public SearchTimes Elapsed { get; init; }

    /// <summary>The enrolled encounter that was searched with, or null.</summary>
    public string? ProbeEncounterId { get; init; }
}
