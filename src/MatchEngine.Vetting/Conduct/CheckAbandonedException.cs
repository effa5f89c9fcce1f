namespace MatchEngine.Vetting.Conduct;

/// <summary>A check cannot go on: what it needs was not answered. It says nothing of the requirement.</summary>
/// <param name="reason">Why, in words that end a sentence.</param>
internal sealed class CheckAbandonedException(string reason) : Exception(reason);
