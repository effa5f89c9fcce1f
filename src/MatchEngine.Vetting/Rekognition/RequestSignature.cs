using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MatchEngine.Vetting.Rekognition;

/// <summary>
/// Signs a request as AWS documents it ("Create a signed AWS API request", signature version 4): HMAC-SHA-256 over a canonical form of the
/// request, under a key that is derived from the secret, the day, the region and the service. Of requests that this adapter makes: a
/// POST to one path, without a query.
/// </summary>
internal static class RequestSignature
{
    private const string Algorithm = "AWS4-HMAC-SHA256", Terminator = "aws4_request", TimeHeader = "x-amz-date";

    /// <summary>Puts host, time and signature into a request. All headers that it has by then are signed.</summary>
    /// <param name="request">The request, with its absolute address.</param>
    /// <param name="body">Its body.</param>
    /// <param name="credential">The access key id and the secret.</param>
    /// <param name="region">The region that the key is derived for.</param>
    /// <param name="service">The service that it is derived for.</param>
    /// <param name="now">When it is signed.</param>
    public static void Put(
        HttpRequestMessage request, ReadOnlySpan<byte> body, (string Id, string Secret) credential, string region, string service,
        DateTimeOffset now)
    {
        var time = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        request.Headers.Host = request.RequestUri!.Authority;
        request.Headers.Remove(TimeHeader);
        request.Headers.TryAddWithoutValidation(TimeHeader, time);
        var headers = request.Headers.NonValidated.Select(header => (Name: header.Key.ToLowerInvariant(), Value: header.Value.ToString()))
            .OrderBy(header => header.Name, StringComparer.Ordinal).ToList();
        var names = string.Join(';', headers.Select(header => header.Name));
        var canonical = new StringBuilder()
            .Append(request.Method.Method).Append('\n')
            .Append(request.RequestUri.AbsolutePath).Append("\n\n")
            .AppendJoin("", headers.Select(header => $"{header.Name}:{Trimmed(header.Value)}\n")).Append('\n')
            .Append(names).Append('\n')
            .Append(Hash(body));
        var scope = $"{time[..8]}/{region}/{service}/{Terminator}";
        var signature = Sign(
            credential.Secret, [time[..8], region, service, Terminator],
            $"{Algorithm}\n{time}\n{scope}\n{Hash(Encoding.UTF8.GetBytes(canonical.ToString()))}");
        request.Headers.TryAddWithoutValidation(
            "Authorization", $"{Algorithm} Credential={credential.Id}/{scope}, SignedHeaders={names}, Signature={signature}");
    }

    private static string Sign(string secret, ReadOnlySpan<string> parts, string text)
    {
        var key = Encoding.UTF8.GetBytes("AWS4" + secret);
        foreach (var part in parts)
        {
            var next = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
            CryptographicOperations.ZeroMemory(key);
            key = next;
        }
        try
        {
            return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    // No blanks around a value, and one for several in it.
    private static string Trimmed(string value) => string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
