using System.Security.Cryptography;
using MatchEngine.Service.Store;

namespace MatchEngine.Service.Intake;

/// <summary>
/// Says that a probe was received and is no more. Who has the photo and the receipt can have the service confirm that they belong together;
/// from the receipt alone nobody finds the photo.
/// </summary>
/// <param name="Digest">HMAC-SHA-256 of the probe's bytes under a secret of this installation, 64 hexadecimal digits.</param>
/// <param name="Algorithm">How the digest was made.</param>
/// <param name="Installation">Which installation's secret it was.</param>
/// <param name="Time">When that was so (UTC).</param>
/// <param name="Status">What became of the probe: <c>deleted</c>,
/// or <c>sealed</c> while it is kept for the examination that was asked for.</param>
public sealed record DeletionReceipt(string Digest, string Algorithm, string Installation, DateTimeOffset Time, string Status);

/// <summary>Makes receipts. The digest is taken while the probe is there, the receipt when it is gone.</summary>
internal sealed class Receipts(ServiceDatabase database)
{
    public string Digest(ReadOnlySpan<byte> probe) => Convert.ToHexStringLower(HMACSHA256.HashData(database.ReceiptSecret, probe));

    /// <summary>To be called after the buffers were cleared.</summary>
    public DeletionReceipt Deleted(string digest) => Deleted(digest, database.Clock.GetUtcNow());

    /// <summary>Of a probe that was deleted at another time than now.</summary>
    public DeletionReceipt Deleted(string digest, DateTimeOffset time) =>
        new(digest, "HMAC-SHA-256", database.Installation, time, "deleted");

    /// <summary>Of a probe that is kept sealed for an examination; the examination has the receipt of its deletion.</summary>
    public DeletionReceipt Sealed(string digest) => Deleted(digest) with { Status = "sealed" };
}
