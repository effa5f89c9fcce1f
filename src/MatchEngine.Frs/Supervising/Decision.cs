namespace MatchEngine.Frs.Supervising;

/// <summary>A supervisor's, or an owner's, say.</summary>
/// <param name="Granted">Whether it may be done.</param>
/// <param name="Reason">Why, or why not: 1 to 2,000 characters.</param>
public sealed record Decision(bool Granted, string Reason);
