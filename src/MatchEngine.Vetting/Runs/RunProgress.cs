namespace MatchEngine.Vetting.Runs;

/// <summary>How an examination goes.</summary>
/// <param name="Step">What is being done, for people.</param>
/// <param name="Share">The share of it that is done, 0 … 1.</param>
/// <param name="Detail">A line beside it; null for none.</param>
public readonly record struct RunProgress(string Step, double Share, string? Detail = null);
