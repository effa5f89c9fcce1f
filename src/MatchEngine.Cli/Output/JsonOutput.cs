using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MatchEngine.Faces.Geometry;
using MatchEngine.Rates.Tails;

namespace MatchEngine.Cli.Output;

/// <summary>Writes answers as JSON to standard output. The key names are a contract: they only ever grow in number.</summary>
internal static class JsonOutput
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        // Output is read by programs and people, never pasted into HTML; names in any script stay legible.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new ScoreConverter(), new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private static readonly JsonSerializerOptions InOneLine = new(Options) { WriteIndented = false };

    /// <summary>Writes one value, the only thing on standard output.</summary>
    public static void Write(object value)
    {
        using var output = Console.OpenStandardOutput();
        JsonSerializer.Serialize(output, value, Options);
        output.Write("\n"u8);
    }

    /// <summary>One value as one line of a file, in UTF-8, without the line's end.</summary>
    public static byte[] Line(object value) => JsonSerializer.SerializeToUtf8Bytes(value, InOneLine);

    /// <summary>Writes an error: <c>{"error": {"reason", "message"}}</c>, with <c>"quality"</c> where that was the reason.</summary>
    public static void WriteError(string reason, string message, object? quality = null) =>
        Write(new
        {
            Error = quality is null
                ? (object)new { Reason = reason, Message = message }
                : new { Reason = reason, Message = message, Quality = quality },
        });

    /// <summary>A box with its corners in pixels, to a tenth.</summary>
    public static object Box(BoundingBox box) =>
        new { X = Tenth(box.X), Y = Tenth(box.Y), Width = Tenth(box.Width), Height = Tenth(box.Height) };

    /// <summary>Milliseconds, to a hundredth.</summary>
    public static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 2);

    /// <summary>A rate, to four significant digits: no table supports more.</summary>
    public static double? Rate(double? rate) => rate is { } value and > 0 ? double.Parse(value.ToString("G4")) : rate;

    /// <summary>How many strangers to expect; the reason where it cannot be said.</summary>
    public static object Strangers(StrangersExpected said) => new
    {
        Value = Rate(said.Value),
        Low = Rate(said.Low),
        High = Rate(said.High),
        said.Comparisons,
        said.Population,
        Reason = said.Reason.ToCode(),
    };

    private static double Tenth(float value) => Math.Round(value, 1);

    /// <summary>Scores with four decimals: what lies beyond is below the quantisation of a template.</summary>
    private sealed class ScoreConverter : JsonConverter<float>
    {
        public override float Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetSingle();

        public override void Write(Utf8JsonWriter writer, float value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(Math.Round((decimal)value, 4));
    }
}
