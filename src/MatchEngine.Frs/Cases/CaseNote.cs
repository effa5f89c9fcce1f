namespace MatchEngine.Frs.Cases;

/// <summary>What somebody wrote down of a case. It goes with the case.</summary>
/// <param name="Account">Who wrote it.</param>
/// <param name="Written">When (UTC).</param>
/// <param name="Text">The words: 1 to 2,000 characters.</param>
public sealed record CaseNote(string Account, DateTimeOffset Written, string Text);
