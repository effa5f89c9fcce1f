using System.Security.Cryptography;

namespace MatchEngine.Sqlite.Archives;

/// <summary>Copies a stream and takes its digest on the way.</summary>
internal static class HashedCopy
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Copies to the end, or a little beyond <paramref name="limit"/>.</summary>
    /// <param name="source">Read to its end.</param>
    /// <param name="target">Takes the bytes.</param>
    /// <param name="limit">Where a source that goes on is left.</param>
    /// <param name="written">Told how many bytes there will be before each piece is written; null for nobody.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The length, and SHA-256 in lower-case hexadecimal digits.</returns>
    public static (long Bytes, string Sha256) Run(
        Stream source, Stream target, long limit, Action<long>? written, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferBytes];
        long bytes = 0;
        while (bytes <= limit && source.Read(buffer) is var count and > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            written?.Invoke(bytes + count);
            hash.AppendData(buffer.AsSpan(0, count));
            target.Write(buffer.AsSpan(0, count));
            bytes += count;
        }
        return (bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
