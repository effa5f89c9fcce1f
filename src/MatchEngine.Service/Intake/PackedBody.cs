using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Intake;

/// <summary>
/// Bodies with a <c>Content-Encoding</c>. Those without an image are unpacked. Those with one are not taken: a decompressor keeps the last
/// of what it unpacked in memory of its own that nobody clears, and images gain nothing by packing.
/// </summary>
internal static class PackedBody
{
    /// <summary>The codings of the body but <c>identity</c>.</summary>
    public static IEnumerable<string> Codings(HttpRequest request) => request.Headers.ContentEncoding
        .SelectMany(codings => (codings ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        .Where(coding => !string.Equals(coding, "identity", StringComparison.OrdinalIgnoreCase));

    /// <exception cref="ProblemException">The body is packed.</exception>
    public static void Refuse(HttpRequest request)
    {
        if (Codings(request).Any())
            throw new ProblemException(
                Problem.Unsupported,
                "the body has a Content-Encoding; send it as it is, without gzip or another packing: images gain nothing by it");
    }
}
