using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MatchEngine.Service.Rekognition;

/// <summary>
/// Signature version 4 as AWS documents it ("Create a signed AWS API request"): HMAC-SHA-256 over a canonical form of the request, under
/// a key that is derived from the secret, the day, the region and the service.
/// </summary>
internal static class SignatureV4
{
    public const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>How a time stands in <c>x-amz-date</c>.</summary>
    public const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";

    private const string Terminator = "aws4_request";

    /// <summary>The signature of a request: 64 hexadecimal digits.</summary>
    /// <param name="secret">The secret, as the bytes of its text.</param>
    /// <param name="scope">Day, region and service of the key.</param>
    /// <param name="time">When it was signed, as <c>x-amz-date</c> says.</param>
    /// <param name="canonicalRequest">See <see cref="CanonicalRequest"/>.</param>
    public static string Sign(ReadOnlySpan<byte> secret, CredentialScope scope, string time, string canonicalRequest)
    {
        var text = $"{Algorithm}\n{time}\n{scope.Day}/{scope.Region}/{scope.Service}/{Terminator}\n{Hash(Utf8(canonicalRequest))}";
        var key = (byte[])[.. "AWS4"u8, .. secret];
        foreach (var part in (ReadOnlySpan<string>)[scope.Day, scope.Region, scope.Service, Terminator])
        {
            var next = HMACSHA256.HashData(key, Utf8(part));
            CryptographicOperations.ZeroMemory(key);
            key = next;
        }
        try
        {
            return Convert.ToHexStringLower(HMACSHA256.HashData(key, Utf8(text)));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>The request in the one form in which both sides sign it.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The path as it was sent, percent-encoded.</param>
    /// <param name="query">Names and values of the query, decoded.</param>
    /// <param name="headers">Names in lower case and values of the signed headers, in the order in which the request names them.</param>
    /// <param name="payloadHash">SHA-256 of the body: 64 hexadecimal digits.</param>
    public static string CanonicalRequest(
        string method, string path, IEnumerable<KeyValuePair<string, string>> query,
        IReadOnlyList<KeyValuePair<string, string>> headers, string payloadHash)
    {
        var text = new StringBuilder().Append(method).Append('\n').Append(path).Append('\n');
        text.AppendJoin('&', query
            .Select(pair => (Name: Uri.EscapeDataString(pair.Key), Value: Uri.EscapeDataString(pair.Value)))
            .OrderBy(pair => pair.Name, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal)
            .Select(pair => $"{pair.Name}={pair.Value}")).Append('\n');
        foreach (var (name, value) in headers)
            text.Append(name).Append(':').Append(Trimmed(value)).Append('\n');
        return text.Append('\n').AppendJoin(';', headers.Select(header => header.Key)).Append('\n').Append(payloadHash).ToString();
    }

    /// <summary>SHA-256 as a signature names it: 64 hexadecimal digits.</summary>
    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>The time that <c>x-amz-date</c> says; null where it says none.</summary>
    public static DateTimeOffset? Time(string text) => DateTimeOffset.TryParseExact(
        text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : null;

    /// <summary>Whether two signatures are the same; it takes as long whatever differs.</summary>
    public static bool Same(string one, string other) => CryptographicOperations.FixedTimeEquals(Utf8(one), Utf8(other));

    // No blanks around a value, and one for several in it.
    private static string Trimmed(string value) => string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}

/// <summary>What a derived key is good for.</summary>
/// <param name="Day">The day (UTC): <c>yyyyMMdd</c>.</param>
/// <param name="Region">A region, by whatever name the client uses.</param>
/// <param name="Service">The service.</param>
internal sealed record CredentialScope(string Day, string Region, string Service);
