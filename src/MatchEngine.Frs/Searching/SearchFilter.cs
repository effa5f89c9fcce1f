namespace MatchEngine.Frs.Searching;

/// <summary>Which searches of an organisation are wanted; what is null or false is not asked for.</summary>
/// <param name="Organisation">The organisation.</param>
public sealed record SearchFilter(string Organisation)
{
    /// <summary>Only this account's.</summary>
    public string? Account { get; init; }

    /// <summary>Only those with this case number.</summary>
    public string? CaseNumber { get; init; }

    /// <summary>Only those from this time on.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only those before this time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Only those that nobody has looked at.</summary>
    public bool Unreviewed { get; init; }

    /// <summary>Only those that could not wait.</summary>
    public bool Exigent { get; init; }

    /// <summary>Only those before this search.</summary>
    public string? Before { get; init; }
}
