using MatchEngine.Galleries.Audit;

namespace MatchEngine.Frs.Supervising;

/// <summary>How far a request for approval has come.</summary>
public enum ApprovalState
{
    /// <summary>A supervisor has yet to say.</summary>
    Pending,

    /// <summary>The search may be made, once.</summary>
    Approved,

    /// <summary>It may not.</summary>
    Refused,

    /// <summary>It was made.</summary>
    Used,
}

/// <summary>What a supervisor approves of.</summary>
public enum ApprovedUse
{
    /// <summary>A search of galleries.</summary>
    Search,

    /// <summary>A comparison: of two photos, or of one with a subject of the gallery that is named.</summary>
    Comparison,
}

/// <summary>What a supervisor is asked for. It holds no probe.</summary>
/// <param name="Use">What is to be done.</param>
/// <param name="Galleries">The galleries; none for a comparison of two photos.</param>
/// <param name="Purpose">Why.</param>
/// <param name="Reason">Why this service or gallery, and which other means of identification were tried first.</param>
public sealed record AskedApproval(ApprovedUse Use, IReadOnlyList<string> Galleries, SearchPurpose Purpose, string Reason)
{
    /// <summary>
    /// Whether it cannot wait (PIA-054, Safeguards before use): supervisors are told at once, and the search is reviewed.
    /// </summary>
    public bool Exigent { get; init; }

    /// <summary>Until when a supervisor can say yes; null: as long as it takes. What the actor gives plays no part.</summary>
    public DateTimeOffset? DecideBy { get; init; }
}

/// <summary>A use that waits for, or has, a supervisor's say. It holds no probe.</summary>
/// <param name="Id">Its id; rises with time.</param>
/// <param name="Requester">The account that asks.</param>
/// <param name="Organisation">Its organisation, whose supervisors decide.</param>
/// <param name="Galleries">The galleries to be used, in ordinal order, each once; none for a comparison of two photos.</param>
/// <param name="Purpose">Why.</param>
/// <param name="Reason">Why this service or gallery.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Requested">When it was asked for (UTC).</param>
/// <param name="Expires">Until when it may be used; null before it is approved.</param>
/// <param name="DecidedBy">The account that decided.</param>
/// <param name="Decided">When.</param>
/// <param name="Decision">The supervisor's reason.</param>
/// <param name="Search">The search that used it.</param>
public sealed record Approval(
    string Id,
    string Requester,
    string Organisation,
    IReadOnlyList<string> Galleries,
    SearchPurpose Purpose,
    string Reason,
    ApprovalState State,
    DateTimeOffset Requested,
    DateTimeOffset? Expires,
    string? DecidedBy,
    DateTimeOffset? Decided,
    string? Decision,
    string? Search)
{
    /// <summary>What is to be done.</summary>
    public ApprovedUse Use { get; init; }

    /// <summary>Whether it could not wait.</summary>
    public bool Exigent { get; init; }

    /// <summary>Until when a supervisor can say yes; null: as long as it takes.</summary>
    public DateTimeOffset? DecideBy { get; init; }

    /// <summary>How long an approval may be used.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromHours(24);
}
