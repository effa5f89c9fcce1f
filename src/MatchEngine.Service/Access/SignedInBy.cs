namespace MatchEngine.Service.Access;

/// <summary>
/// Says of an endpoint that its callers are known by this one scheme, whatever else a request brings: a credential of one dialect opens no
/// other, and no cookie opens a dialect.
/// </summary>
/// <param name="Scheme">The scheme of authentication.</param>
internal sealed record SignedInBy(string Scheme);
