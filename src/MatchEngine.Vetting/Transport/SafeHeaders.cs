using System.Net.Http.Headers;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Transport;

/// <summary>The headers that an exchange shows: those of a list, bounded. Of all others it is not even said what they hold.</summary>
internal static class SafeHeaders
{
    private const int MaxLength = 200;

    private static readonly HashSet<string> Shown = new(StringComparer.OrdinalIgnoreCase)
    {
        "accept", "cache-control", "content-length", "content-type", "date", "idempotency-key", "retry-after", "server",
        "strict-transport-security", "user-agent", "via", "x-amz-target", "x-amzn-requestid", "x-content-type-options", "x-request-id",
    };

    private static readonly HashSet<string> Named = new(StringComparer.OrdinalIgnoreCase) { "authorization", "x-api-key", "cookie" };

    /// <summary>Those of a message.</summary>
    public static Dictionary<string, string> Of(HttpHeaders message, HttpContentHeaders? content)
    {
        var safe = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in message.NonValidated.Concat(content?.NonValidated ?? default(HttpHeadersNonValidated)))
            if (Shown.Contains(name))
                safe[name.ToLowerInvariant()] = ToldText.Of(values.ToString(), MaxLength)!;
            else if (Named.Contains(name))
                safe[name.ToLowerInvariant()] = "(a secret)";
        return safe;
    }
}

/// <summary>An address without what may be a secret: user, password, and the values of parameters that are called so.</summary>
internal static class SafeAddress
{
    private static readonly string[] Secrets = ["key", "token", "secret", "password", "auth", "sig", "credential"];

    public static string Of(Uri address)
    {
        var plain = address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        if (address.Query.Length <= 1)
            return ToldText.Of(plain)!;
        var query = address.Query[1..].Split('&').Select(part => part.Split('=', 2)).Select(part =>
            part.Length == 2 && Secrets.Any(word => part[0].Contains(word, StringComparison.OrdinalIgnoreCase))
                ? part[0] + "=…"
                : string.Join('=', part));
        return ToldText.Of($"{plain}?{string.Join('&', query)}")!;
    }
}
