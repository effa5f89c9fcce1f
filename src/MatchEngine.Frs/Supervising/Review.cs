namespace MatchEngine.Frs.Supervising;

/// <summary>What a supervisor thinks of a search that was made.</summary>
public enum ReviewFinding
{
    /// <summary>It was made as it should be.</summary>
    Proper,

    /// <summary>It should not have been made, or not in this way.</summary>
    Improper,

    /// <summary>It has to be talked about.</summary>
    FollowUp,
}

/// <summary>A supervisor's look at a search.</summary>
/// <param name="By">The account that looked.</param>
/// <param name="Time">When (UTC).</param>
/// <param name="Finding">The finding.</param>
/// <param name="Note">A note, or null.</param>
public sealed record Review(string By, DateTimeOffset Time, ReviewFinding Finding, string? Note);
