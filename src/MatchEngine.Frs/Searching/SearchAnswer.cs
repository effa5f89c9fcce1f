using MatchEngine.Faces.Images;
using MatchEngine.Galleries.Profiles;
using MatchEngine.Galleries.Search;
using MatchEngine.Rates.Calibrations;
using MatchEngine.Rates.Tails;

namespace MatchEngine.Frs.Searching;

/// <summary>The answer to a search. The receipt is made when the probe is gone: see <see cref="Probes.Receipts"/>.</summary>
/// <param name="Id">The search's id; rises with time.</param>
/// <param name="List">The candidates, of whom nothing stands here that profile and owner do not let the actor see.</param>
/// <param name="AllFaces">Whether every face of the probe was searched.</param>
/// <param name="Notices">What the profile changed of the request, with its source; faces and candidates that were left out.</param>
/// <param name="Elapsed">All of the time, audit included.</param>
/// <param name="Digest">The keyed digest of the probe; null for an enrolled encounter.</param>
/// <param name="Examinations">The examinations that were asked for, or that a profile demands, one for each organisation whose examiners
/// examine a part of the list; none when the list is empty.</param>
public sealed record SearchAnswer(
    string Id, CandidateList List, bool AllFaces, IReadOnlyList<string> Notices, TimeSpan Elapsed, string? Digest,
    IReadOnlyList<string> Examinations)
{
    /// <summary>The first of them; null when there is none.</summary>
    public string? Examination => Examinations.Count > 0 ? Examinations[0] : null;

    /// <summary>What was done to the photo before it was searched with; null: nothing.</summary>
    public ImagePreparation? Preparation { get; init; }

    /// <summary>How long the answer may be kept for who asks for it again: the shortest time that one of the galleries keeps encounters;
    /// null where all keep them without an end.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>How each gallery's scores are told.</summary>
    public required IReadOnlyDictionary<string, ScoresRule> Scores { get; init; }

    /// <summary>What a reader is told of a candidate's score.</summary>
    public ShownScore ScoreOf(Candidate candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        return ShownScore.Of(candidate, Scores[candidate.Gallery]);
    }

    /// <summary>Whom the rates were measured on that are told.</summary>
    public IReadOnlyList<Population> Populations =>
        FalseMatchRange.PopulationsOf(List.Candidates.Select(candidate => ScoreOf(candidate).Fmr));

    /// <summary>How many strangers are expected to reach the floor; null where one of the galleries does not tell scores.</summary>
    public StrangersExpected? StrangersExpected =>
        Scores.Values.Contains(ScoresRule.RankOnly) ? null : List.StrangersExpected;
}
