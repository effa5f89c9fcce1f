using MatchEngine.Galleries.Profiles;
using MatchEngine.Galleries.Search;
using MatchEngine.Rates.Calibrations;
using MatchEngine.Rates.Tails;

namespace MatchEngine.Frs.Searching;

/// <summary>What a reader is told of a score: every dialect takes it from here.</summary>
/// <param name="Score">Cosine similarity, −1 … 1; null where the profile does not tell it.</param>
/// <param name="Percent">The same on a scale of 0 … 100; null where the profile does not tell it so.</param>
/// <param name="Fmr">The false match rates at the score; null where nobody has measured the model, or the score is not told.</param>
/// <param name="StrangersExpected">How many strangers are expected to score as high; null where the score is not told.</param>
public sealed record ShownScore(float? Score, double? Percent, FalseMatchRange? Fmr, StrangersExpected? StrangersExpected)
{
    /// <summary>What a profile lets a reader know of a candidate's score.</summary>
    public static ShownScore Of(Candidate candidate, ScoresRule rule)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        return Of(candidate.Score, rule) with
        {
            // With a rate anybody looks the score up.
            Fmr = rule == ScoresRule.RankOnly ? null : candidate.Fmr,
            StrangersExpected = rule == ScoresRule.RankOnly ? null : candidate.StrangersExpected,
        };
    }

    /// <summary>The same of a score alone.</summary>
    public static ShownScore Of(float score, ScoresRule rule) => new(
        rule == ScoresRule.Shown ? score : null, rule == ScoresRule.Percent ? ToPercent(score) : null, null, null);

    /// <summary>A score on a scale of 0 … 100: −1 is 0 and 1 is 100. No probability.</summary>
    public static double ToPercent(float score) => (score + 1.0) / 2 * 100;
}
