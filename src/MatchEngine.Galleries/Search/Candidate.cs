namespace MatchEngine.Galleries.Search;

/// <summary>A subject on a candidate list: a lead, with the encounter that put it there.</summary>
/// <param name="Rank">Place on the list, from 1.</param>
/// <param name="SubjectId">The subject.</param>
/// <param name="Score">The best score of the subject's templates: cosine similarity, −1 … 1.</param>
/// <param name="Fmr">The 1:1 false match rate at this score by the model's calibration, or null where the data cannot support one.</param>
/// <param name="FmrBelow">Where <paramref name="Fmr"/> is null: a bound on it, or null when nothing can be said.</param>
/// <param name="Encounter">The encounter whose template scored: image reference, box of the one face, source URL, its own metadata.</param>
/// <param name="Biographics">The subject's biographics, as far as the searcher may see them; so also the metadata of
/// <paramref name="Encounter"/>.</param>
public sealed record Candidate(
    int Rank, string SubjectId, float Score, double? Fmr, double? FmrBelow, Encounter Encounter,
    IReadOnlyDictionary<string, string> Biographics)
{
    /// <summary>The gallery that holds the subject.</summary>
    public required string Gallery { get; init; }

    /// <summary>
    /// The number of the probe's face that found the subject, by size from 1; null for a search with a ready template.
    /// </summary>
    public int? Face { get; init; }
}
