namespace MatchEngine.Frs.Accounts;

/// <summary>An API key without its secret, which nobody but its holder knows.</summary>
/// <param name="Id">The part of the key that stands in front of the secret.</param>
/// <param name="Account">The account it acts for.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Created">When it was made (UTC).</param>
/// <param name="Expires">When it ends, or null.</param>
/// <param name="Revoked">When it was revoked, or null.</param>
/// <param name="LastUsed">When it was last used, to a minute; null: never.</param>
/// <param name="Scopes">The roles of its account that it has; null for all of them.</param>
/// <param name="Parent">The key by which it was made, and with which it is revoked; null when it was made by other means.</param>
public sealed record ApiKey(
    string Id, string Account, string Name, DateTimeOffset Created, DateTimeOffset? Expires,
    DateTimeOffset? Revoked, DateTimeOffset? LastUsed, IReadOnlyList<string>? Scopes = null, string? Parent = null)
{
    /// <summary>The account that made it, or <see cref="Actor.ServiceAccount"/>; null where that is not known.</summary>
    public string? MadeBy { get; init; }

    /// <summary>When it ends: as it was said, and no later than any key may.</summary>
    /// <param name="lifetime">How long a key may last.</param>
    public DateTimeOffset End(TimeSpan lifetime) => Expires < Created + lifetime ? Expires.Value : Created + lifetime;
}
