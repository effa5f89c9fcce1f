using MatchEngine.Frs.Auditing;

namespace MatchEngine.Frs.Accounts;

/// <summary>The store of signing credentials. Secrets come and go sealed (<see cref="IAccountSecrets"/>).</summary>
public interface ISigningCredentials
{
    /// <summary>Those of an account, or all of them, by the time they were made.</summary>
    /// <param name="account">The account; null for all.</param>
    IReadOnlyList<SigningCredential> List(string? account);

    /// <summary>One with its sealed secret; null when there is none.</summary>
    (SigningCredential Credential, byte[] Sealed)? Find(string id);

    /// <summary>Adds one.</summary>
    /// <param name="change">The change with its author and event.</param>
    /// <param name="credential">The credential; account and parent are there.</param>
    /// <param name="sealed">Its secret.</param>
    void Add(BookChange change, SigningCredential credential, byte[] @sealed);

    /// <summary>Revokes one from now on; false when there is none or it is revoked already.</summary>
    bool Revoke(BookChange change, string id);

    /// <summary>Notes that one was used.</summary>
    void Used(string id, DateTimeOffset time);
}
