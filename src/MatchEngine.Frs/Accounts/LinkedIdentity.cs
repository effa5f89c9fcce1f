namespace MatchEngine.Frs.Accounts;

/// <summary>
/// Who an account is at an identity provider. Nothing else makes somebody from there an account here: no name, no e-mail.
/// </summary>
/// <param name="Id">Its name here.</param>
/// <param name="Account">The account.</param>
/// <param name="Issuer">The provider, as it names itself (<c>iss</c>).</param>
/// <param name="Subject">The person there (<c>sub</c>): given once and never to another one.</param>
/// <param name="Linked">When it was linked (UTC).</param>
public sealed record LinkedIdentity(string Id, string Account, string Issuer, string Subject, DateTimeOffset Linked);
