namespace MatchEngine.Frs.Accounts;

/// <summary>A browser that is signed in.</summary>
/// <param name="Id">Its name; no secret, for the cookie is sealed.</param>
/// <param name="Account">The account.</param>
/// <param name="Key">The API key by which it was signed in, and with which it ends; null for other means.</param>
/// <param name="Began">When it began (UTC).</param>
/// <param name="LastSeen">When it was last used, to a minute.</param>
public sealed record Session(string Id, string Account, string? Key, DateTimeOffset Began, DateTimeOffset LastSeen)
{
    /// <summary>Whether it is at an end: it was idle for too long, or has lasted as long as any may.</summary>
    /// <param name="now">The present time.</param>
    /// <param name="idle">How long one may be idle.</param>
    /// <param name="lifetime">How long one may last.</param>
    public bool IsOver(DateTimeOffset now, TimeSpan idle, TimeSpan lifetime) => now - LastSeen > idle || now - Began > lifetime;
}
