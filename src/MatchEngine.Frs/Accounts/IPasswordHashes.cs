namespace MatchEngine.Frs.Accounts;

/// <summary>What a password is to its hash.</summary>
public enum PasswordVerdict
{
    /// <summary>Another one.</summary>
    Wrong,

    /// <summary>The one.</summary>
    Right,

    /// <summary>The one, and the hash is of an older make: it is to be made anew.</summary>
    RightAndOld,
}

/// <summary>Slow hashes of passwords.</summary>
public interface IPasswordHashes
{
    /// <summary>Hashes a password of an account.</summary>
    string Hash(string account, string password);

    /// <summary>Compares a password with a hash. It takes its time, whatever comes of it.</summary>
    PasswordVerdict Verify(string account, string hash, string password);
}
