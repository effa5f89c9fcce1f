namespace MatchEngine.Frs.Accounts;

/// <summary>Somebody, or some program, that may use the service.</summary>
/// <param name="Id">Never used again.</param>
/// <param name="Name">The name it signs in with.</param>
/// <param name="Organisation">The id of its organisation.</param>
/// <param name="Roles">What it may do.</param>
/// <param name="HasPassword">Whether it can sign in interactively.</param>
/// <param name="HasSecondFactor">Whether it is asked for a one-time code beside the password.</param>
/// <param name="Disabled">Whether it is shut out.</param>
/// <param name="Created">When it was added (UTC).</param>
public sealed record Account(
    string Id, string Name, string Organisation, IReadOnlyList<string> Roles, bool HasPassword, bool HasSecondFactor, bool Disabled,
    DateTimeOffset Created);
