namespace MatchEngine.Service.Rekognition;

/// <summary>
/// What stands in <c>Authorization</c> of a signed request:
/// <c>AWS4-HMAC-SHA256 Credential=ID/DAY/REGION/SERVICE/aws4_request, SignedHeaders=a;b, Signature=HEX</c>.
/// </summary>
/// <param name="AccessKeyId">The credential.</param>
/// <param name="Scope">What its key is good for.</param>
/// <param name="SignedHeaders">The headers that are signed, in lower case and in order.</param>
/// <param name="Signature">The signature.</param>
internal sealed record SignedHeader(
    string AccessKeyId, CredentialScope Scope, IReadOnlyList<string> SignedHeaders, string Signature)
{
    private const int MaxLength = 4096;

    /// <summary>Reads it; null where it is not whole.</summary>
    public static SignedHeader? Parse(string authorization)
    {
        if (authorization.Length > MaxLength || !authorization.StartsWith(SignatureV4.Algorithm + " ", StringComparison.Ordinal))
            return null;
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in authorization[(SignatureV4.Algorithm.Length + 1)..].Split(',', StringSplitOptions.TrimEntries))
        {
            if (part.Split('=', 2) is not [var name, var value] || !parts.TryAdd(name, value))
                return null;
        }
        if (!parts.TryGetValue("Credential", out var credential) || !parts.TryGetValue("SignedHeaders", out var signed)
            || !parts.TryGetValue("Signature", out var signature) || parts.Count != 3
            || credential.Split('/') is not [{ Length: > 0 } id, { Length: 8 } day, { Length: > 0 } region, { Length: > 0 } service,
                "aws4_request"]
            || signature.Length != 64)
            return null;
        var names = signed.Split(';');
        return names.Zip(names.Skip(1)).All(pair => string.CompareOrdinal(pair.First, pair.Second) < 0)
            && names.All(name => name.Length > 0 && !name.Any(char.IsAsciiLetterUpper))
            ? new SignedHeader(id, new CredentialScope(day, region, service), names, signature)
            : null;
    }
}
