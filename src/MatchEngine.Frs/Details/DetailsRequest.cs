namespace MatchEngine.Frs.Details;

/// <summary>How far a second request has come.</summary>
public enum DetailsState
{
    /// <summary>The gallery's owner has yet to say.</summary>
    Pending,

    /// <summary>The requester may read the details.</summary>
    Granted,

    /// <summary>The requester may not.</summary>
    Refused,
}

/// <summary>A second request: more of one candidate than the list gave.</summary>
/// <param name="Id">Its id; rises with time.</param>
/// <param name="Search">The search.</param>
/// <param name="Requester">The account that asks.</param>
/// <param name="Gallery">The gallery.</param>
/// <param name="Subject">The subject.</param>
/// <param name="Owner">The organisation that decides.</param>
/// <param name="Reason">Why more is needed.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Requested">When it was made (UTC).</param>
/// <param name="DecidedBy">The account that decided.</param>
/// <param name="Decided">When.</param>
/// <param name="Decision">The owner's reason.</param>
public sealed record DetailsRequest(
    string Id,
    string Search,
    string Requester,
    string Gallery,
    string Subject,
    string Owner,
    string Reason,
    DetailsState State,
    DateTimeOffset Requested,
    string? DecidedBy,
    DateTimeOffset? Decided,
    string? Decision);
