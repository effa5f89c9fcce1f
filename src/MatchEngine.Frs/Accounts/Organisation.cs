namespace MatchEngine.Frs.Accounts;

/// <summary>An organisation whose people use the service.</summary>
/// <param name="Id">Its id: lower-case letters, digits and dashes.</param>
/// <param name="Name">Its name.</param>
/// <param name="Created">When it was added (UTC).</param>
public sealed record Organisation(string Id, string Name, DateTimeOffset Created);
