using MatchEngine.Galleries;
using MatchEngine.Galleries.Profiles;

namespace MatchEngine.Frs.Comparing;

/// <summary>What a profile makes of a comparison.</summary>
/// <param name="NeedsApproval">Whether a supervisor has to approve.</param>
/// <param name="AuditYears">For how many years the event is kept.</param>
/// <param name="Profile">The profile.</param>
/// <param name="Disclaimer">What the reader is told.</param>
/// <param name="Scores">How the score is told: never <see cref="ScoresRule.RankOnly"/>, where there are no comparisons.</param>
/// <param name="Notices">What there is to say of the request, and where that is written.</param>
public sealed record ComparisonRuling(
    bool NeedsApproval, int AuditYears, string Profile, Disclaimer Disclaimer, ScoresRule Scores, IReadOnlyList<string> Notices);
