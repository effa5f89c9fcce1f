using MatchEngine.Galleries.Audit;

namespace MatchEngine.Frs.Accounts;

/// <summary>
/// A credential of a client that signs its requests and does not send what it signs with: an id and a secret, of which the service keeps
/// the secret sealed, since a signature can be checked by nothing else.
/// </summary>
/// <param name="Id">The public half, which each request names.</param>
/// <param name="Account">The account it acts for.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Created">When it was made (UTC).</param>
/// <param name="Expires">When it ends.</param>
/// <param name="Revoked">When it was revoked, or null.</param>
/// <param name="LastUsed">When it was last used, to a minute; null: never.</param>
/// <param name="Scopes">The roles of its account that it has; null for all of them.</param>
/// <param name="Parent">The API key by which it was made, and with which it ends; null when it was made by other means.</param>
public sealed record SigningCredential(
    string Id, string Account, string Name, DateTimeOffset Created, DateTimeOffset Expires, DateTimeOffset? Revoked,
    DateTimeOffset? LastUsed, IReadOnlyList<string>? Scopes, string? Parent)
{
    /// <summary>What its searches and comparisons are made for where a request says nothing; null: nothing is said.</summary>
    public SearchPurpose? Purpose { get; init; }
}
