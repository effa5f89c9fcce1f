using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using MatchEngine.Frs.Answers;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Probes;
using MatchEngine.Frs.Searching;

namespace MatchEngine.Frs.Idempotency;

/// <summary>
/// Requests that are carried out once, however often they are sent: each names a key, and who sends the same request under the same key
/// again is given the answer of the first one. Nothing is done a second time, and no second event is written.
/// </summary>
/// <remarks>
/// A key is its account's. What is kept of it and of the request are HMAC-SHA-256 digests under a secret of this installation; the answer
/// is sealed under keys that do not lie in the book. That a request is begun is on the disk before anything of it is done. One that a kill
/// interrupts has no answer, and stays so: who sends it again is told, and nothing is done, for nobody knows how far the first one came.
/// </remarks>
/// <param name="keys">The store.</param>
/// <param name="seals">Seal the answers.</param>
/// <param name="installation">Whose secret keys the digests.</param>
/// <param name="candidates">Say whether a list may be told still.</param>
/// <param name="options">How long, and how many.</param>
/// <param name="clock">Gives the time.</param>
public sealed class AnsweringOnce(
    IIdempotencyKeys keys, AnswerSeals seals, IInstallation installation, CandidateAccess candidates, FrsOptions options,
    TimeProvider clock)
{
    /// <summary>The longest key, in characters.</summary>
    public const int MaxKey = 255;

    private readonly ConcurrentDictionary<string, bool> _running = new(StringComparer.Ordinal);

    /// <summary>Begins a request, or finds the answer that it was given before.</summary>
    /// <param name="actor">Who sends it.</param>
    /// <param name="key">The key.</param>
    /// <param name="target">What is asked of what: method and path.</param>
    /// <param name="body">The pieces of the body that make it this one and no other.</param>
    /// <exception cref="CodedException">The key cannot be used (<see cref="ErrorCodes.BadValue"/>); it was used for another request
    /// (<see cref="ErrorCodes.IdempotencyMismatch"/>); the first request is under way (<see cref="ErrorCodes.IdempotencyInProgress"/>) or
    /// has no answer (<see cref="ErrorCodes.IdempotencyNoAnswer"/>); the account has too many
    /// (<see cref="ErrorCodes.IdempotencyKeysFull"/>); the list that was told may be told no more (<see cref="ErrorCodes.NotFound"/>,
    /// <see cref="ErrorCodes.Forbidden"/>).</exception>
    public OnceRequest Begin(Actor actor, string key, string target, IReadOnlyList<ReadOnlyMemory<byte>> body)
    {
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(body);
        if (key.Length is < 1 or > MaxKey || key.Any(c => c is < ' ' or > '~'))
            throw new CodedException(ErrorCodes.BadValue, $"an Idempotency-Key has 1 to {MaxKey} printable characters of ASCII");
        var (named, request) = (Digest("key", [Encoding.ASCII.GetBytes(key)]), Digest(target, body));
        var running = actor.Account + " " + Convert.ToHexString(named);
        if (!_running.TryAdd(running, true))
            throw InProgress();
        try
        {
            var (earlier, isNoted) = keys.Begin(
                actor.Account, named, request, clock.GetUtcNow() + options.AnswerLifetime, options.IdempotencyKeys);
            if (isNoted)
                return new OnceRequest(this, actor.Account, named, running, null);
            if (earlier is null)
                throw new CodedException(
                    ErrorCodes.IdempotencyKeysFull,
                    $"the account has {options.IdempotencyKeys:N0} keys that have not expired, which is the limit");
            if (!CryptographicOperations.FixedTimeEquals(earlier.Request.Span, request))
                throw new CodedException(
                    ErrorCodes.IdempotencyMismatch, "the key was used for another request; give each request a key of its own");
            var answer = earlier.Answer is { } kept ? seals.Open<KeptAnswer>(actor.Account, kept) : null;
            if (answer?.Search is { } search)
                candidates.RequireTold(actor, search);
            return new OnceRequest(this, actor.Account, named, running, answer ?? throw NoAnswer(earlier.Begun));
        }
        catch
        {
            _running.TryRemove(running, out _);
            throw;
        }
    }

    /// <summary>Removes what has expired.</summary>
    public void Purge() => keys.Purge(clock.GetUtcNow());

    internal void Keep(string account, byte[] key, KeptAnswer answer, TimeSpan? lifetime)
    {
        var within = lifetime is { } shorter && shorter < options.AnswerLifetime ? shorter : options.AnswerLifetime;
        keys.Keep(account, key, seals.Seal(account, answer), clock.GetUtcNow() + within, options.KeptAnswerBytes);
    }

    internal void Release(string account, byte[] key) => keys.Release(account, key);

    internal void End(string running) => _running.TryRemove(running, out _);

    private static CodedException InProgress() => new(
        ErrorCodes.IdempotencyInProgress, "a request with this key is being answered; its answer is given to who asks again")
    {
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    private static CodedException NoAnswer(DateTimeOffset begun) => new(
        ErrorCodes.IdempotencyNoAnswer,
        $"a request with this key was begun at {begun:yyyy-MM-dd'T'HH:mm:ss'Z'} and has no answer that is kept: "
            + "the service ended before it "
            + "was given, or it shows a secret or is too large. Nothing was done now. Look "
            + "whether it was carried out, and use another key");

    // Each piece with its length: no two bodies that are cut differently are one.
    private byte[] Digest(string target, IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        Span<byte> secret = stackalloc byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, installation.ReceiptSecret.Span, secret, [], "MatchEngine idempotency"u8);
        using var digest = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        CryptographicOperations.ZeroMemory(secret);
        foreach (var piece in (ReadOnlyMemory<byte>[])[Encoding.UTF8.GetBytes(target), .. pieces])
        {
            digest.AppendData(BitConverter.GetBytes(piece.Length));
            digest.AppendData(piece.Span);
        }
        return digest.GetHashAndReset();
    }
}

/// <summary>A request that was begun under a key, until it has its answer.</summary>
public sealed class OnceRequest : IDisposable
{
    private readonly AnsweringOnce _once;
    private readonly string _account;
    private readonly byte[] _key;
    private readonly string _running;

    internal OnceRequest(AnsweringOnce once, string account, byte[] key, string running, KeptAnswer? earlier) =>
        (_once, _account, _key, _running, Earlier) = (once, account, key, running, earlier);

    /// <summary>The answer that it was given before; null: it is to be carried out.</summary>
    public KeptAnswer? Earlier { get; }

    /// <summary>Keeps the answer.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="lifetime">For how long at most; null: as the options say.</param>
    public void Keep(KeptAnswer answer, TimeSpan? lifetime) => _once.Keep(_account, _key, answer, lifetime);

    /// <summary>Nothing was carried out: the key is as if it had never been used.</summary>
    public void Release() => _once.Release(_account, _key);

    /// <summary>Ends it. Without an answer it stays begun, and who sends it again is told so.</summary>
    public void Dispose() => _once.End(_running);
}
