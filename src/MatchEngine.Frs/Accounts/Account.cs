namespace MatchEngine.Frs.Accounts;

/// <summary>Somebody, or some program, that may use the service.</summary>
/// <param name="Id">Never used again.</param>
/// <param name="Name">The name it signs in with.</param>
/// <param name="Organisation">The id of its organisation.</param>
/// <param name="Roles">What it may do.</param>
/// <param name="Stamp">Changes with password, roles and state; sign-ins with an older one end.</param>
/// <param name="HasPassword">Whether it can sign in interactively.</param>
/// <param name="Disabled">Whether it is shut out.</param>
/// <param name="LockedUntil">Until when it cannot sign in after too many wrong passwords; null when it can.</param>
/// <param name="Created">When it was added (UTC).</param>
public sealed record Account(
    string Id, string Name, string Organisation, IReadOnlyList<string> Roles, string Stamp, bool HasPassword, bool Disabled,
    DateTimeOffset? LockedUntil, DateTimeOffset Created);
