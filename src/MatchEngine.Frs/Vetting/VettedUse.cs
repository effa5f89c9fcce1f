namespace MatchEngine.Frs.Vetting;

/// <summary>What an organisation's vetting unit is asked to approve.</summary>
/// <param name="Gallery">A gallery's name; null for the service itself, which compares two photos.</param>
/// <param name="CaseNumber">For this case alone; null for every case.</param>
/// <param name="Until">Until when (UTC); null: until it is withdrawn.</param>
/// <param name="Reason">Why: what was looked at.</param>
public sealed record NewVettedUse(string? Gallery, string? CaseNumber, DateTimeOffset? Until, string? Reason);

/// <summary>A service or gallery that an organisation approves for its people, as its vetting unit keeps it.</summary>
/// <param name="Id">Its id; rises with time.</param>
/// <param name="Organisation">The organisation.</param>
/// <param name="Gallery">The gallery's name at that time; null for the service itself, which compares two photos.</param>
/// <param name="Identity">What tells the gallery from a later one of its name; null for the service itself.</param>
/// <param name="CaseNumber">For this case alone; null for every case.</param>
/// <param name="Reason">Why.</param>
/// <param name="By">The account that approved it.</param>
/// <param name="Approved">When (UTC).</param>
/// <param name="Until">Until when (UTC); null: until it is withdrawn.</param>
/// <param name="WithdrawnBy">The account that withdrew it, or null.</param>
/// <param name="Withdrawn">When, or null.</param>
public sealed record VettedUse(
    string Id, string Organisation, string? Gallery, string? Identity, string? CaseNumber, string Reason, string By,
    DateTimeOffset Approved, DateTimeOffset? Until, string? WithdrawnBy, DateTimeOffset? Withdrawn)
{
    /// <summary>Whether it is good at this time.</summary>
    public bool IsGood(DateTimeOffset now) => Withdrawn is null && !(Until <= now);
}
