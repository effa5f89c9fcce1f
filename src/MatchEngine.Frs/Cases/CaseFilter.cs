namespace MatchEngine.Frs.Cases;

/// <summary>Which cases of an organisation are wanted; what is null or false is not asked for.</summary>
/// <param name="Organisation">The organisation.</param>
public sealed record CaseFilter(string Organisation)
{
    /// <summary>Only those in which this account has searched.</summary>
    public string? Account { get; init; }

    /// <summary>Only that of this number.</summary>
    public string? Number { get; init; }

    /// <summary>Only those in this state.</summary>
    public CaseState? State { get; init; }

    /// <summary>Only those on hold.</summary>
    public bool OnHold { get; init; }

    /// <summary>Only those that stand behind this case.</summary>
    public string? After { get; init; }
}
