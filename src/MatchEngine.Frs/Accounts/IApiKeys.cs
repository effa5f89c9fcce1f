using MatchEngine.Frs.Auditing;

namespace MatchEngine.Frs.Accounts;

/// <summary>The store of API keys. A key is <c>me_ID_SECRET</c>; only the secret's hash is kept.</summary>
public interface IApiKeys
{
    /// <summary>The keys of an account, or all of them, by the time they were made.</summary>
    /// <param name="account">The account; null for all.</param>
    IReadOnlyList<ApiKey> List(string? account);

    /// <summary>The key of an id; null when there is none.</summary>
    ApiKey? Find(string id);

    /// <summary>Makes a key; its text is given once, here.</summary>
    /// <param name="change">The change with its author and event.</param>
    /// <param name="account">The account it acts for, which is there.</param>
    /// <param name="name">What it is for.</param>
    /// <param name="expires">When it ends, or null.</param>
    /// <param name="scopes">The roles of its account that it has; null for all of them.</param>
    /// <param name="parent">The key by which it is made; null when it is made by other means.</param>
    (ApiKey Key, string Text) Add(
        BookChange change, string account, string name, DateTimeOffset? expires, IReadOnlyList<string>? scopes = null,
        string? parent = null);

    /// <summary>Whether there is such a key, neither revoked nor expired.</summary>
    bool IsGood(string id);

    /// <summary>Revokes a key from now on, and those that were made by it; false when there is none or it is revoked already.</summary>
    bool Revoke(BookChange change, string id);

    /// <summary>Revokes the keys of an account that other accounts made for it, and those that were made by them.</summary>
    /// <returns>How many.</returns>
    int RevokeOthers(BookChange change, string account);

    /// <summary>The account of a key, and the key; null when the key is unknown, revoked or expired, or its account is shut
    /// out.</summary>
    (Account Account, ApiKey Key)? Authenticate(string text);
}
