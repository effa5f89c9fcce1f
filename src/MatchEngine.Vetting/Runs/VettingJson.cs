using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MatchEngine.Vetting.Runs;

/// <summary>How everything that an examination writes is put into JSON: one spelling for journal, dossier and digests.</summary>
internal static class VettingJson
{
    /// <summary>In one line.</summary>
    public static JsonSerializerOptions Line { get; } = Made(indented: false);

    /// <summary>For people.</summary>
    public static JsonSerializerOptions Indented { get; } = Made(indented: true);

    private static JsonSerializerOptions Made(bool indented) => new(JsonSerializerDefaults.Web)
    {
        WriteIndented = indented,
        NewLine = "\n",
        // Read by programs and people; whoever puts it into a page escapes it there.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 64,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };
}
