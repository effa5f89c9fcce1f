namespace MatchEngine.Frs.Accounts;

/// <summary>
/// How passwords are guarded against guessing. An address waits after a few wrong ones for a name; of the addresses from which an account
/// was never signed in, all together wait after many. So guesses from elsewhere never lock out whoever comes from where they came before.
/// </summary>
public static class SignInRules
{
    /// <summary>Attempts for one name from one address without a right one, after which the address waits with this name.</summary>
    public const int MaxFailures = 5;

    /// <summary>Attempts for one name from all addresses that its account does not know, after which these wait with this name.</summary>
    public const int MaxFailuresOfStrangers = 100;

    /// <summary>How long is waited, and how long attempts are counted together.</summary>
    public static TimeSpan Lockout { get; } = TimeSpan.FromMinutes(15);

    /// <summary>How long an address stays known after a sign-in.</summary>
    public static TimeSpan Familiarity { get; } = TimeSpan.FromDays(90);
}
