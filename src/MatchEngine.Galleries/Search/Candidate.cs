using MatchEngine.Rates.Calibrations;
using MatchEngine.Rates.Tails;

namespace MatchEngine.Galleries.Search;

/// <summary>A subject on a candidate list: a lead, with the encounter that put it there.</summary>
/// <param name="Rank">Place on the list, from 1.</param>
/// <param name="SubjectId">The subject.</param>
/// <param name="Score">The best score of the subject's templates: cosine similarity, −1 … 1.</param>
/// <param name="Fmr">The 1:1 false match rates at this score, each with whom it was measured on: of people at random, of the worst group
/// with enough data, and of the subject's own group where the owner recorded it (<see cref="RecordedGroup"/>) and the searcher may see
/// that; null where nobody has measured the model.</param>
/// <param name="Encounter">The encounter whose template scored: image reference, box of the one face, source URL, its own metadata.</param>
/// <param name="Biographics">The subject's biographics, as far as the searcher may see them; so also the metadata of
/// <paramref name="Encounter"/>.</param>
public sealed record Candidate(
    int Rank, string SubjectId, float Score, FalseMatchRange? Fmr, Encounter Encounter,
    IReadOnlyDictionary<string, string> Biographics)
{
    /// <summary>
    /// How many people who are not the probe's person are expected, on average, to score as high as this candidate in this search by
    /// chance: the sum over the faces and galleries that were compared. It is no probability that the candidate is or is not the person.
    /// </summary>
    public required StrangersExpected StrangersExpected { get; init; }

    /// <summary>The gallery that holds the subject.</summary>
    public required string Gallery { get; init; }

    /// <summary>
    /// The number of the probe's face that found the subject, by size from 1; null for a search with a ready template.
    /// </summary>
    public int? Face { get; init; }
}
