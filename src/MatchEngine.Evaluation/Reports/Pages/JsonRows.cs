using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MatchEngine.Evaluation.Reports.Pages;

/// <summary>Reads <c>report.json</c> for its page: a value that is not there is null, whatever stands in its place.</summary>
public static class JsonRows
{
    /// <summary>The node at a path of keys joined by full stops, or null.</summary>
    public static JsonNode? At(this JsonNode? node, string path)
    {
        foreach (var key in path.Split('.'))
            node = (node as JsonObject)?[key];
        return node;
    }

    /// <summary>The rows of a table; none where there is no such table.</summary>
    public static IReadOnlyList<JsonObject> Rows(this JsonNode? node, string path) =>
        node.At(path) is JsonArray rows ? [.. rows.OfType<JsonObject>()] : [];

    /// <summary>A number, or null.</summary>
    public static double? Number(this JsonNode? node, string path) => Number(node.At(path));

    /// <summary>A text, or null.</summary>
    public static string? Text(this JsonNode? node, string path) =>
        node.At(path) is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    /// <summary>Whether it is true; not where it is absent.</summary>
    public static bool Flag(this JsonNode? node, string path) => node.At(path)?.GetValueKind() == JsonValueKind.True;

    /// <summary>An interval that stands as an array of two; null unless both ends are numbers, an upper end may be missing.</summary>
    public static (double Low, double? High)? Range(this JsonNode? node, string path) =>
        node.At(path) is JsonArray { Count: 2 } ends && Number(ends[0]) is { } low ? (low, Number(ends[1])) : null;

    /// <summary>A node as a number, or null.</summary>
    public static double? Number(JsonNode? node) => node?.GetValueKind() == JsonValueKind.Number
        // A value made of an int does not give itself as a double; its text does.
        ? double.Parse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture)
        : null;
}
