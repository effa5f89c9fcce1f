namespace MatchEngine.Vetting.Targets;

/// <summary>Who makes a call, and when it was meant to be made.</summary>
public sealed record CallTerms
{
    /// <summary>The examiner's own account, now.</summary>
    public static CallTerms Usual { get; } = new();

    /// <summary>As whom the target is asked.</summary>
    public Caller Caller { get; init; } = Caller.Examiner;

    /// <summary>
    /// When the call was to start, a timestamp of the target's <see cref="TimeProvider"/>; null for now. A load generator that is late
    /// sets it, so that the waiting counts.
    /// </summary>
    public long? Intended { get; init; }
}

/// <summary>As whom a target is asked.</summary>
public enum Caller
{
    /// <summary>The account that the examiner was given.</summary>
    Examiner,

    /// <summary>Nobody: no credential is sent.</summary>
    Nobody,

    /// <summary>Somebody with a credential that the target never gave out.</summary>
    Stranger,

    /// <summary>An account of another organisation, which may use the target and not the examiner's objects.</summary>
    OtherOrganisation,
}
