namespace MatchEngine.Frs.Redress;

/// <summary>What a person asks for.</summary>
public enum RedressKind
{
    /// <summary>To know what is kept.</summary>
    Access,

    /// <summary>That what is wrong is corrected.</summary>
    Correction,

    /// <summary>That what is kept is deleted.</summary>
    Deletion,
}

/// <summary>How far a request has come.</summary>
public enum RedressState
{
    /// <summary>Somebody has yet to decide.</summary>
    Pending,

    /// <summary>It is granted, and has yet to be carried out and answered.</summary>
    Granted,

    /// <summary>It is refused, and has yet to be answered.</summary>
    Refused,

    /// <summary>The person has the answer.</summary>
    Answered,
}

/// <summary>
/// A person's request about a gallery's record, as the gallery's owner wrote it down (PIA-054, Principles: correction and access run
/// through the gallery's owner). Who the person is stands in the owner's files, by the reference.
/// </summary>
/// <param name="Id">Its id; rises with time.</param>
/// <param name="Gallery">The gallery.</param>
/// <param name="Owner">The organisation that owns it.</param>
/// <param name="Subject">The subject; null where the person asks whether anything is kept.</param>
/// <param name="Kind">What is asked for.</param>
/// <param name="Reference">By what the owner's files know the request.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Recorded">When it was written down (UTC).</param>
/// <param name="RecordedBy">The account that did.</param>
/// <param name="Due">Until when it is to be answered.</param>
public sealed record RedressRequest(
    string Id, string Gallery, string Owner, string? Subject, RedressKind Kind, string Reference, RedressState State,
    DateTimeOffset Recorded, string RecordedBy, DateTimeOffset Due)
{
    /// <summary>What the person says; null for nothing.</summary>
    public string? Statement { get; init; }

    /// <summary>Whether it is granted; null before it is decided.</summary>
    public bool? Granted { get; init; }

    /// <summary>The account that decided.</summary>
    public string? DecidedBy { get; init; }

    /// <summary>When (UTC).</summary>
    public DateTimeOffset? Decided { get; init; }

    /// <summary>Why.</summary>
    public string? Decision { get; init; }

    /// <summary>The account that answered.</summary>
    public string? AnsweredBy { get; init; }

    /// <summary>When (UTC).</summary>
    public DateTimeOffset? Answered { get; init; }

    /// <summary>What the person was told.</summary>
    public string? Answer { get; init; }

    /// <summary>Of how many searches whose lists held the record the searchers were told; null before it is answered.</summary>
    public int? Told { get; init; }
}
