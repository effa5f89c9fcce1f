namespace MatchEngine.Frs.Comparing;

/// <summary>What a profile makes of a comparison.</summary>
/// <param name="NeedsApproval">Whether a supervisor has to approve.</param>
/// <param name="AuditYears">For how many years the event is kept.</param>
/// <param name="Profile">The profile.</param>
public sealed record ComparisonRuling(bool NeedsApproval, int AuditYears, string Profile);
