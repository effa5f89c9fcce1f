namespace MatchEngine.Frs.Examining;

/// <summary>What an examiner has written of a candidate and not recorded yet. It says nothing, and nobody else sees it.</summary>
/// <param name="Finding">What is chosen in the page's list of findings, or null.</param>
/// <param name="Features">Notes by facial feature, as typed.</param>
/// <param name="Comment">The note on the whole, as typed.</param>
/// <param name="View">How the bench stands: views, adjustments and marks, as its script wrote them down; null for as it opens.</param>
public sealed record AssessmentDraft(
    string? Finding, IReadOnlyDictionary<string, string> Features, string? Comment, string? View);
