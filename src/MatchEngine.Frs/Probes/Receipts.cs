using System.Security.Cryptography;

namespace MatchEngine.Frs.Probes;

/// <summary>Makes receipts. The digest is taken while the probe is there, the receipt when it is gone.</summary>
/// <param name="installation">Whose receipts they are.</param>
/// <param name="clock">Gives the time.</param>
public sealed class Receipts(IInstallation installation, TimeProvider clock)
{
    /// <summary>The keyed digest of a probe: 64 hexadecimal digits.</summary>
    public string Digest(ReadOnlySpan<byte> probe) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(installation.ReceiptSecret.Span, probe));

    /// <summary>Whether a photo is the one of which a digest was taken. It takes as long whatever differs.</summary>
    public bool IsOf(string digest, ReadOnlySpan<byte> photo) => CryptographicOperations.FixedTimeEquals(
        System.Text.Encoding.ASCII.GetBytes(Digest(photo)), System.Text.Encoding.ASCII.GetBytes(digest));

    /// <summary>To be called after the buffers were cleared.</summary>
    public DeletionReceipt Deleted(string digest) => Deleted(digest, clock.GetUtcNow());

    /// <summary>Of a probe that was deleted at another time than now.</summary>
    public DeletionReceipt Deleted(string digest, DateTimeOffset time) =>
        new(digest, "HMAC-SHA-256", installation.Installation, time, DeletionReceipt.Deleted);

    /// <summary>Of a probe that is kept sealed for an examination; the examination has the receipt of its deletion.</summary>
    public DeletionReceipt Sealed(string digest) => Deleted(digest) with { Status = DeletionReceipt.Sealed };
}
