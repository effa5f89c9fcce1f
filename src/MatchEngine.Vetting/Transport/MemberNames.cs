using System.Text.Json;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Transport;

/// <summary>The names of an answer's members, without their values: whether there is personal data among them.</summary>
internal static class MemberNames
{
    private const int Most = 500;

    /// <summary>Those of a JSON text, each once, those within others as <c>outer.inner</c>, in the order in which they come.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static IReadOnlyList<string> Of(ReadOnlySpan<byte> json)
    {
        var names = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var path = new Stack<string?>();
        string? last = null;
        var reader = new Utf8JsonReader(json);
        while (reader.Read() && names.Count < Most)
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    last = ToldText.Of(reader.GetString(), 100);
                    var name = string.Join('.', path.Reverse().OfType<string>().Append(last));
                    if (seen.Add(name))
                        names.Add(name);
                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    path.Push(last);
                    last = null;
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    path.Pop();
                    break;
                default:
                    last = null;
                    break;
            }
        return names;
    }
}
