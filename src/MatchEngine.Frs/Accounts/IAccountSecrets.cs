namespace MatchEngine.Frs.Accounts;

/// <summary>Seals what an account keeps secret with the service, under keys that do not lie in the book.</summary>
public interface IAccountSecrets
{
    /// <summary>Seals a secret for an account.</summary>
    byte[] Seal(string account, byte[] secret);

    /// <summary>Opens what was sealed for this account; null when it was changed, moved, or its key is gone.</summary>
    byte[]? Open(string account, byte[] @sealed);
}
