using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Subjects;

namespace MatchEngine.Evaluation.Identification;

/// <summary>A search worth looking at: a mate that scored low, or a stranger that scored high.</summary>
/// <param name="Probe">The probe's photo.</param>
/// <param name="Subject">Its subject, or null where it is not known.</param>
/// <param name="Mate">The mate's first enrolled photo; null in a non-mated search, or where it is not known.</param>
/// <param name="Rank">The mate's rank; null where it is on no list.</param>
/// <param name="Score">The mate's score; in a non-mated search the stranger's. Null where the mate is on no list.</param>
/// <param name="Candidate">The highest candidate who is not the mate, or null.</param>
/// <param name="CandidatePhoto">That candidate's first enrolled photo, or null where it is not known.</param>
/// <param name="CandidateScore">That candidate's score, or null.</param>
public sealed record NotableSearch(
    string Probe,
        string? Subject, string? Mate, int? Rank, double? Score, string? Candidate, string? CandidatePhoto, double? CandidateScore);

/// <summary>The worst of a set of searches. Wrong labels make up most of them, so they are looked at before a rate is believed.</summary>
/// <param name="LowestMates">Mated searches whose mate scored lowest; those whose mate is on no list first. Refused probes are not among
/// them.</param>
/// <param name="HighestNonMates">Non-mated searches whose highest candidate scored highest.</param>
public sealed record NotableSearches(IReadOnlyList<NotableSearch> LowestMates, IReadOnlyList<NotableSearch> HighestNonMates)
{
    /// <summary>Looks for them.</summary>
    /// <param name="searches">The searches.</param>
    /// <param name="listed">How many entries each list has at the most.</param>
    public static NotableSearches Of(SearchSet searches, int listed = Hygiene.Listed)
    {
        ArgumentNullException.ThrowIfNull(searches);
        return new NotableSearches(
            [.. searches.Mated.Where(s => !s.HasFailed).OrderBy(s => s.MateScore ?? double.NegativeInfinity)
                .ThenBy(s => s.Probe, StringComparer.Ordinal).Take(listed).Select(s => Described(s, searches.Images))],
            [.. searches.NonMated.Where(s => !s.HasFailed && double.IsFinite(s.HighestNonMate)).OrderByDescending(s => s.HighestNonMate)
                .ThenBy(s => s.Probe, StringComparer.Ordinal).Take(listed).Select(s => Described(s, searches.Images))]);
    }

    private static NotableSearch Described(Search search, DataSet? images)
    {
        SearchCandidate? other = search.Candidates.Where(c => !c.IsMate).Cast<SearchCandidate?>().FirstOrDefault();
        string? Photo(int? index) => images is not null && index is >= 0 ? images.Images[index.Value] : null;
        return new NotableSearch(
            search.Probe, images is not null && search.Subject >= 0 ? images.Subjects[search.Subject] : null,
            search.IsMated ? Photo(search.MatePhoto) : null, search.IsMated ? search.MateRank : null,
            search.IsMated ? search.MateScore : search.HighestNonMate, other?.Id, Photo(other?.Photo), other?.Score);
    }
}
