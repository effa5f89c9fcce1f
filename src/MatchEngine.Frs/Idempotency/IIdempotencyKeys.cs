namespace MatchEngine.Frs.Idempotency;

/// <summary>A request that was begun under a key.</summary>
/// <param name="Request">The keyed digest of the request.</param>
/// <param name="Begun">When it was begun (UTC).</param>
/// <param name="Answer">Its answer, sealed; null: there is none.</param>
public sealed record BegunRequest(ReadOnlyMemory<byte> Request, DateTimeOffset Begun, ReadOnlyMemory<byte>? Answer);

/// <summary>
/// The store of requests that are carried out once. What it is given of keys and requests are keyed digests, of answers sealed bytes.
/// </summary>
public interface IIdempotencyKeys
{
    /// <summary>Notes that a request is begun, durably, unless one was begun under this key that has not expired.</summary>
    /// <param name="account">Whose key it is.</param>
    /// <param name="key">The digest of the key.</param>
    /// <param name="request">The digest of the request.</param>
    /// <param name="expires">Until when it is kept.</param>
    /// <param name="most">How many keys an account has at most.</param>
    /// <returns>The request that was begun under this key before, or null; and whether this one was noted: not where there is an earlier
    /// one, nor where the account has as many keys as it may.</returns>
    (BegunRequest? Earlier, bool IsNoted) Begin(
        string account, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> request, DateTimeOffset expires, int most);

    /// <summary>Keeps the answer of a request; false where the account's answers hold as many bytes as they may.</summary>
    /// <param name="account">Whose key it is.</param>
    /// <param name="key">The digest of the key.</param>
    /// <param name="answer">The answer, sealed.</param>
    /// <param name="expires">Until when it is kept.</param>
    /// <param name="mostBytes">How many bytes all answers of the account hold at most.</param>
    bool Keep(string account, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> answer, DateTimeOffset expires, long mostBytes);

    /// <summary>Forgets a request: nothing was carried out.</summary>
    void Release(string account, ReadOnlyMemory<byte> key);

    /// <summary>Removes what has expired; returns how many.</summary>
    int Purge(DateTimeOffset now);
}
