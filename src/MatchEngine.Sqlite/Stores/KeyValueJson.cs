using System.Text.Encodings.Web;
using System.Text.Json;

namespace MatchEngine.Sqlite.Stores;

/// <summary>
/// Free keys and values as the store keeps them: one JSON object of strings in the order in which the keys came, so that equal content is
/// equal text.
/// </summary>
internal static class KeyValueJson
{
    // Names in any script stay readable in the database; the text is never put into HTML.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(IEnumerable<KeyValuePair<string, string>> values)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Options))
        {
            writer.WriteStartObject();
            foreach (var (key, value) in values)
                writer.WriteString(
                    key, value ?? throw new ArgumentException($"'{key}' has no value: what is null could not be read again"));
            writer.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <exception cref="JsonException">The text is not a JSON object of strings.</exception>
    public static OrderedDictionary<string, string> Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var values = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new JsonException("keys and values are kept as a JSON object");
        try
        {
            foreach (var property in document.RootElement.EnumerateObject())
                values[property.Name] = property.Value.ValueKind == JsonValueKind.String
                    ? property.Value.GetString()!
                    : throw new JsonException($"the value of '{property.Name}' is not a string");
            return values;
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("a key or a value is no valid Unicode text", e);
        }
    }

    /// <summary>
    /// Adds the keys that <paramref name="values"/> lacks; a value that is there stays. Null when there is nothing to add.
    /// </summary>
    public static string? Complete(string json, IReadOnlyDictionary<string, string> values)
    {
        if (values.Count == 0)
            return null;
        var merged = Read(json);
        var before = merged.Count;
        foreach (var (key, value) in values)
            merged.TryAdd(key, value);
        return merged.Count == before ? null : Write(merged);
    }

    /// <summary>Sets values, new keys behind the others, and removes the keys whose new value is null.</summary>
    public static string Correct(string json, IReadOnlyDictionary<string, string?> changes)
    {
        var corrected = Read(json);
        foreach (var (key, value) in changes)
        {
            if (value is null)
                corrected.Remove(key);
            else
                corrected[key] = value;
        }
        return Write(corrected);
    }
}
