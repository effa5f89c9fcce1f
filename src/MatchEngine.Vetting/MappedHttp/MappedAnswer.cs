using System.Globalization;
using System.Text;
using MatchEngine.Vetting.Targets;
using MatchEngine.Vetting.Transport;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace MatchEngine.Vetting.MappedHttp;

/// <summary>A JSON answer, read by the paths of a mapping.</summary>
internal sealed class MappedAnswer
{
    private const int MaxDepth = 64;

    private readonly JToken _root;

    private MappedAnswer(JToken root) => _root = root;

    /// <summary>Takes an answer apart.</summary>
    /// <exception cref="TargetAnswerException">It is no JSON, or nested too deeply.</exception>
    public static MappedAnswer Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var reader = new JsonTextReader(new StreamReader(new MemoryStream(body.ToArray()), Encoding.UTF8))
            {
                MaxDepth = MaxDepth, DateParseHandling = DateParseHandling.None,
            };
            return new MappedAnswer(JToken.ReadFrom(reader));
        }
        catch (JsonException error)
        {
            throw TargetAnswerException.Broken($"no JSON: {ToldText.Of(error.Message)}");
        }
    }

    /// <summary>The parts at a path, each an answer of its own.</summary>
    public IEnumerable<MappedAnswer> Parts(string path) => _root.SelectTokens(path).Select(token => new MappedAnswer(token));

    /// <summary>The text at a path, or of several all in one line; null where there is none, or no path.</summary>
    public string? Text(string? path)
    {
        if (path is null)
            return null;
        var told = _root.SelectTokens(path).OfType<JValue>().Where(value => value.Value is not null)
            .Select(value => Convert.ToString(value.Value, CultureInfo.InvariantCulture)).ToList();
        return told.Count == 0 ? null : string.Join("; ", told);
    }

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
