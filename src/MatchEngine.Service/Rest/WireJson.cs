using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Rest;

/// <summary>
/// How JSON is read and written. A key that nobody knows is refused: a misspelt <c>scoreFlor</c> must not search without a floor.
/// </summary>
internal static class WireJson
{
    public static JsonSerializerOptions Options { get; } = Make();

    public static void Apply(JsonSerializerOptions options)
    {
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.AllowDuplicateProperties = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.TypeInfoResolver = (options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(NullElements.Refuse);
        options.Converters.Add(new WholeNumbers<int>());
        options.Converters.Add(new WholeNumbers<long>());
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false));
    }

    /// <summary>A value of a query by the name that it has in JSON; the framework would want the name that it has in the code.</summary>
    /// <exception cref="ProblemException">There is no value of this name.</exception>
    public static T? Value<T>(string? text, string name) where T : struct, Enum
    {
        if (text is null)
            return null;
        var values = Enum.GetValues<T>().ToDictionary(value => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()));
        return values.TryGetValue(text, out var found)
            ? found
            : throw new ProblemException(Problem.BadValue, $"'{name}': {KnownNames.Refusal(text, text, values.Keys)}");
    }

    /// <summary>A score with four decimals: what lies beyond is below the quantisation of a template.</summary>
    public static double Score(float score) => Math.Round(score, 4);

    public static double? Score(float? score) => score is { } told ? Score(told) : null;

    /// <summary>A score on a scale of 0 … 100, to two decimals.</summary>
    public static double? Percent(double? percent) => percent is { } told ? Math.Round(told, 2) : null;

    /// <summary>A rate, to four significant digits: no table supports more.</summary>
    public static double? Rate(double? rate) => rate is { } value and > 0 ? double.Parse(value.ToString("G4")) : rate;

    /// <summary>Milliseconds, to a hundredth.</summary>
    public static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 2);

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Apply(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
