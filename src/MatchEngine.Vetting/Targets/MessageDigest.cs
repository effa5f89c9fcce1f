using System.Security.Cryptography;

namespace MatchEngine.Vetting.Targets;

/// <summary>How a body stands in a record of what was sent and received: SHA-256 in lower-case hexadecimal digits.</summary>
public static class MessageDigest
{
    /// <summary>Of a body in memory.</summary>
    /// <param name="body">The body.</param>
    public static string Of(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body));

    /// <summary>Of a body that is read for it.</summary>
    /// <param name="body">The body, from where it stands to its end.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<string> OfAsync(Stream body, CancellationToken cancellationToken) =>
        Convert.ToHexStringLower(await SHA256.HashDataAsync(body, cancellationToken).ConfigureAwait(false));
}
