namespace MatchEngine.Vetting.Conduct;

/// <summary>What a check of conduct found.</summary>
public enum Verdict
{
    /// <summary>The requirement is met in everything that was tried.</summary>
    Pass,

    /// <summary>It is not met: at least one exchange shows it.</summary>
    Fail,

    /// <summary>It cannot be said from here; the reason stands beside it.</summary>
    NotTestable,
}
