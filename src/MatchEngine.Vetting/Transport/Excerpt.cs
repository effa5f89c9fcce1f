using System.Text;
using System.Text.RegularExpressions;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Transport;

/// <summary>
/// The beginning of a body for people: text only, and of long runs of letters, which are images in base64, how long they are.
/// </summary>
internal static partial class Excerpt
{
    private const int Read = 8192;

    public static string Of(ReadOnlySpan<byte> body, string? mediaType)
    {
        if (mediaType is null || !IsText(mediaType))
            return "";
        var orMore = body.Length > Read ? " or more" : "";
        var text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, Read)]);
        return ToldText.Of(LongRun().Replace(text, run => $"({run.Length}{orMore} characters)"), ReceivedMessage.MaxExcerpt)!;
    }

    private static bool IsText(string mediaType) => mediaType.StartsWith("text/", StringComparison.OrdinalIgnoreCase)
        || mediaType.Contains("json", StringComparison.OrdinalIgnoreCase) || mediaType.Contains("xml", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex("[A-Za-z0-9+/=_-]{100,}", RegexOptions.CultureInvariant)]
    private static partial Regex LongRun();
}
