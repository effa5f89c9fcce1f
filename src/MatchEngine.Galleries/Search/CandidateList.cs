namespace MatchEngine.Galleries;

/// <summary>
/// The answer to a search: candidates in rank order, one row a subject, with what a reader needs to judge them. It is a lead, never an
/// identification.
/// </summary>
/// <param name="SearchId">Unique, and rising with time (a UUID of version 7).</param>
/// <param name="Gallery">The gallery that was searched.</param>
/// <param name="Model">The id of the model card.</param>
/// <param name="Path">How the answer was found; <c>exact</c>: the probe was compared with every template.</param>
/// <param name="GallerySize">Templates in the gallery when it was searched: the number of comparisons behind an exhaustive answer.</param>
/// <param name="ListLength">The largest number of candidates that was asked for.</param>
/// <param name="Floor">The score floor that was asked for, or null.</param>
/// <param name="ExpectedNonMatesAboveFloor">How many candidates at or above the floor are expected to be other people by chance alone:
/// gallery size × FMR(floor). An estimate that takes comparisons as independent; null without a floor or where the calibration does not
/// reach.</param>
/// <param name="Elapsed">Time spent in each stage.</param>
/// <param name="Probe">The face that was searched with.</param>
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
    ProbeFace Probe,
    IReadOnlyList<Candidate> Candidates,
    Disclaimer Disclaimer);
