using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using MatchEngine.Vetting.Targets;
using MatchEngine.Vetting.Transport;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace MatchEngine.Vetting.MappedHttp;

/// <summary>A JSON answer, read by the paths of a mapping.</summary>
internal sealed class MappedAnswer
{
    /// <summary>How a text begins that names a header of the answer.</summary>
    public const string HeaderMark = "header:";

    private const int MaxDepth = 64;

    private readonly JToken _root;
    private readonly HttpResponseHeaders? _headers;

    private MappedAnswer(JToken root, HttpResponseHeaders? headers) => (_root, _headers) = (root, headers);

    /// <summary>Whether a text of a mapping is a way into the answer, and no word of its own.</summary>
    public static bool IsPath(string? text) => text is not null && (text.StartsWith('$') || HeaderOf(text) is not null);

    /// <summary>The header that a text names; null where it names none.</summary>
    public static string? HeaderOf(string text) =>
        text.StartsWith(HeaderMark, StringComparison.Ordinal) && text.Length > HeaderMark.Length ? text[HeaderMark.Length..] : null;

    /// <summary>Takes an answer apart.</summary>
    /// <param name="body">The body.</param>
    /// <param name="headers">The headers.</param>
    /// <exception cref="TargetAnswerException">It is no JSON, or nested too deeply.</exception>
    public static MappedAnswer Parse(ReadOnlyMemory<byte> body, HttpResponseHeaders headers)
    {
        try
        {
            using var reader = new JsonTextReader(new StreamReader(new MemoryStream(body.ToArray()), Encoding.UTF8))
            {
                MaxDepth = MaxDepth, DateParseHandling = DateParseHandling.None,
            };
            return new MappedAnswer(JToken.ReadFrom(reader), headers);
        }
        catch (JsonException error)
        {
            throw TargetAnswerException.Broken($"no JSON: {ToldText.Of(error.Message)}");
        }
    }

    /// <summary>The parts at a path, each an answer of its own.</summary>
    public IEnumerable<MappedAnswer> Parts(string path) => _root.SelectTokens(path).Select(token => new MappedAnswer(token, null));

    /// <summary>The text at a path, or of several all in one line; null where there is none, or no path.</summary>
    public string? Text(string? path)
    {
        if (path is null)
            return null;
        if (HeaderOf(path) is { } header)
            return _headers?.NonValidated.TryGetValues(header, out var values) == true ? Unescaped(values.ToString()) : null;
        var told = _root.SelectTokens(path).OfType<JValue>().Where(value => value.Value is not null)
            .Select(value => Convert.ToString(value.Value, CultureInfo.InvariantCulture)).ToList();
        return told.Count == 0 ? null : string.Join("; ", told);
    }

    // A header holds ASCII; what else there was to say is percent-encoded in it.
    private static string Unescaped(string value) => Uri.UnescapeDataString(value);

    /// <summary>The number at a path; null where there is none, or no path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="member">The mapping's member that holds the path.</param>
    /// <exception cref="TargetAnswerException">Something else stands there, or a number that is none.</exception>
    public double? Number(string? path, string member)
    {
        if (Text(path) is not { } text)
            return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw TargetAnswerException.Broken($"{member} ({path}): a number was expected, there stands '{ToldText.Of(text, 60)}'");
    }

    /// <summary>The names of the members of the object at a path; none where there is none.</summary>
    public IReadOnlyList<string> Names(string? path) => path is null
        ? []
        : [.. _root.SelectTokens(path).OfType<JObject>().SelectMany(one => one.Properties()).Take(50)
            .Select(member => ToldText.Of(member.Name)!).Distinct(StringComparer.Ordinal)];
}
