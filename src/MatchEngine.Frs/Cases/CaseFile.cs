namespace MatchEngine.Frs.Cases;

/// <summary>Which cases are wanted.</summary>
public enum CaseState
{
    /// <summary>Searches are made in it.</summary>
    Open,

    /// <summary>It is closed, and its retention runs.</summary>
    Closed,
}

/// <summary>Why a case is not deleted, whatever its retention says.</summary>
/// <param name="By">The account that placed the hold.</param>
/// <param name="Time">When (UTC).</param>
/// <param name="Reason">Why: 1 to 2,000 characters.</param>
public sealed record LegalHold(string By, DateTimeOffset Time, string Reason);

/// <summary>
/// A case of an organisation: what holds its searches together. The first search with a case number opens it; its retention begins when it
/// is closed (PIA-054, Principles), and with it go its searches, what was kept of them, and their examinations.
/// </summary>
/// <param name="Id">Its id.</param>
/// <param name="Organisation">Whose it is.</param>
/// <param name="Number">The case number, as it stands in the searches' purpose; unique in the organisation.</param>
/// <param name="Opened">When (UTC).</param>
/// <param name="OpenedBy">The account whose search opened it.</param>
public sealed record CaseFile(string Id, string Organisation, string Number, DateTimeOffset Opened, string OpenedBy)
{
    /// <summary>When it was closed (UTC); null while it is open.</summary>
    public DateTimeOffset? Closed { get; init; }

    /// <summary>The account that closed it.</summary>
    public string? ClosedBy { get; init; }

    /// <summary>When its retention ends (UTC); null while it is open.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Why it is not deleted; null where nothing stops that.</summary>
    public LegalHold? Hold { get; init; }

    /// <summary>How many searches were made in it.</summary>
    public required int Searches { get; init; }

    /// <summary>Whether searches are made in it.</summary>
    public CaseState State => Closed is null ? CaseState.Open : CaseState.Closed;
}
