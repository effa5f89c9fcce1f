namespace MatchEngine.Frs.Accounts;

/// <summary>How passwords are guarded against guessing.</summary>
public static class SignInRules
{
    /// <summary>Wrong passwords in a row after which an account waits.</summary>
    public const int MaxFailures = 5;

    /// <summary>The shortest password, in characters.</summary>
    public const int MinPassword = 12;

    /// <summary>The longest password, in characters.</summary>
    public const int MaxPassword = 256;

    /// <summary>How long an account waits.</summary>
    public static TimeSpan Lockout { get; } = TimeSpan.FromMinutes(15);
}
