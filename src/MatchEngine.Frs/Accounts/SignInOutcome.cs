namespace MatchEngine.Frs.Accounts;

/// <summary>What came of a password.</summary>
public enum SignInOutcome
{
    /// <summary>It was right.</summary>
    Accepted,

    /// <summary>Name or password is wrong; which of them is not told.</summary>
    Refused,

    /// <summary>Too many wrong ones from there: one waits.</summary>
    Locked,
}
