using System.Security.Cryptography;
using System.Text;

namespace MatchEngine.Galleries.Audit;

/// <summary>An event of the audit log as it was written, once and for good.</summary>
/// <param name="Sequence">Its number, from 1 and without gaps, but for what a purge removed.</param>
/// <param name="Time">When it was written (UTC, to the millisecond).</param>
/// <param name="Kind">What happened; see <see cref="AuditKinds"/>.</param>
/// <param name="Actor">Who did it: the id of a user, or of a key.</param>
/// <param name="Organisation">The organisation on whose behalf, or null.</param>
/// <param name="Payload">What there is to say of it: a JSON object in canonical form (RFC 8785). Names of galleries, if any, are the array
/// <c>galleries</c>.</param>
/// <param name="Expires">From when on a purge may remove it (UTC); null: never.</param>
/// <param name="PreviousHash">The hash of the event before it, 64 lower-case hexadecimal digits; zeros for the first one.</param>
/// <param name="Hash">The event's own hash; see <see cref="HashOf"/>.</param>
public sealed record AuditEvent(
    long Sequence,
    DateTimeOffset Time,
    string Kind,
    string Actor,
    string? Organisation,
    string Payload,
    DateTimeOffset? Expires,
    string PreviousHash,
    string Hash)
{
    /// <summary>The previous hash of the first event.</summary>
    public const string NoHash = "0000000000000000000000000000000000000000000000000000000000000000";

    /// <summary>
    /// SHA-256 of the UTF-8 bytes of <see cref="HashedText"/>, 64 lower-case hexadecimal digits.
    /// </summary>
    public static string HashOf(
        long sequence, DateTimeOffset time, string kind, string actor, string? organisation, string payload,
        DateTimeOffset? expires, string previousHash) =>
        Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(HashedText(sequence, time, kind, actor, organisation, payload, expires, previousHash))));

    /// <summary>
    /// What is hashed: a JSON object in canonical form (RFC 8785), so that any other program can compute the same. Its keys, all of them
    /// always there, in this order: <c>actor</c>, <c>expires</c> (string or null), <c>kind</c>, <c>organisation</c> (string or null),
    /// <c>payload</c> (the object), <c>previousHash</c>, <c>sequence</c> (number), <c>time</c>, <c>version</c> (the number 1). Times are
    /// written <c>2026-01-31T23:59:59.123Z</c>.
    /// </summary>
    public static string HashedText(
        long sequence, DateTimeOffset time, string kind, string actor, string? organisation, string payload,
        DateTimeOffset? expires, string previousHash) =>
        $"{{\"actor\":{CanonicalJson.Of(actor)},\"expires\":{CanonicalJson.Of(expires is { } end ? StoredTime.Write(end) : null)},"
            + $"\"kind\":{CanonicalJson.Of(kind)},"
        + $"\"organisation\":{CanonicalJson.Of(organisation)},\"payload\":{payload},"
        + $"\"previousHash\":\"{previousHash}\",\"sequence\":{sequence},"
        + $"\"time\":\"{StoredTime.Write(time)}\",\"version\":1}}";

    /// <summary>The hash that the event's content gives under a number, by default its own.</summary>
    internal string Recomputed(long? sequence = null) =>
        HashOf(sequence ?? Sequence, Time, Kind, Actor, Organisation, Payload, Expires, PreviousHash);
}
