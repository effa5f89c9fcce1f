using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Intake;

namespace MatchEngine.Service.Rest;

/// <summary>
/// Says why JSON is no request of a type: the member, what is known or meant there, and the kind of what stands there. The serializer stops
/// at the first fault with a sentence about types of our code; so the JSON is gone through once more,
/// beside what the serializer knows of the type.
/// </summary>
internal static class JsonFaults
{
    /// <summary>The fault as a problem.</summary>
    /// <param name="json">The JSON that was refused.</param>
    /// <param name="type">What it was to be.</param>
    /// <param name="error">The serializer's refusal.</param>
    /// <param name="beside">Names that are known beside the type's own members: those of images.</param>
    public static ProblemException Explain(
        ReadOnlyMemory<byte> json, Type type, Exception error, IReadOnlyCollection<string>? beside = null)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (Fault(document.RootElement, type, "", beside ?? []) is { } fault)
                return new ProblemException(Problem.BadRequest, fault, error);
        }
        catch (JsonException e)
        {
            // No JSON at all: where it stops being some is all there is to say.
            return new ProblemException(Problem.BadRequest, Unreadable(e), e);
        }
        catch (InvalidOperationException e)
        {
            // Half of a surrogate pair, which no reader can make a text of.
            return new ProblemException(Problem.BadRequest, "the JSON holds a text that is no Unicode", e);
        }
        return new ProblemException(Problem.BadRequest, Unreadable(error as JsonException), error);
    }

    /// <summary>
    /// Refuses several names where one value of an enumeration is meant. The framework's reader takes them with commas and makes one value
    /// of them: two findings would become a third. What else is wrong is left to that reader.
    /// </summary>
    /// <param name="json">The JSON as it came.</param>
    /// <param name="type">What it is to be.</param>
    /// <exception cref="ProblemException">There are such names; the member is named.</exception>
    public static void RequireSingleNames(ReadOnlyMemory<byte> json, Type type)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json);
        }
        catch (JsonException)
        {
            return;
        }
        using (document)
            RequireSingleNames(document.RootElement, type, "");
    }

    private static void RequireSingleNames(JsonElement value, Type type, string path)
    {
        var known = WireJson.Options.GetTypeInfo(type);
        switch (known.Kind, value.ValueKind)
        {
            case (JsonTypeInfoKind.Object, JsonValueKind.Object):
                foreach (var pair in value.EnumerateObject())
                    if (known.Properties.FirstOrDefault(
                        member => string.Equals(member.Name, pair.Name, StringComparison.OrdinalIgnoreCase)) is { } member)
                        RequireSingleNames(pair.Value, member.PropertyType, Path(path, pair.Name));
                break;
            case (JsonTypeInfoKind.Enumerable, JsonValueKind.Array):
                foreach (var (place, element) in value.EnumerateArray().Index())
                    RequireSingleNames(element, known.ElementType!, $"{path}[{place}]");
                break;
            case (JsonTypeInfoKind.Dictionary, JsonValueKind.Object):
                foreach (var pair in value.EnumerateObject())
                    RequireSingleNames(pair.Value, known.ElementType!, Path(path, pair.Name));
                break;
            case (JsonTypeInfoKind.None, JsonValueKind.String)
                when (Nullable.GetUnderlyingType(type) ?? type) is { IsEnum: true } bare
                    && value.GetString() is { } text && text.Contains(','):
                throw new ProblemException(
                    Problem.BadRequest, $"'{KnownNames.Shown(path)}': {KnownNames.Refusal(text, text, ValueWords.Names(bare))}");
        }
    }

    /// <summary>Where JSON cannot be read. The message of a JsonException quotes the text at fault, which may be a name or worse.</summary>
    public static string Unreadable(JsonException? error) =>
        $"the JSON cannot be read{(error?.Path is { } path ? $" at {path}" : "")}: " + (error?.LineNumber is { } line
            ? FormattableString.Invariant($"line {line + 1}, byte {error.BytePositionInLine + 1}")
            : "a member is missing or of another type");

    private static string? Fault(JsonElement value, Type type, string path, IReadOnlyCollection<string> beside)
    {
        if (value.ValueKind == JsonValueKind.Null && Nullable.GetUnderlyingType(type) is not null)
            return null;
        var known = WireJson.Options.GetTypeInfo(type);
        return known.Kind switch
        {
            JsonTypeInfoKind.Object when value.ValueKind == JsonValueKind.Object => OfObject(value, known, path, beside),
            JsonTypeInfoKind.Enumerable when value.ValueKind == JsonValueKind.Array =>
                value.EnumerateArray().Select((element, place) => OfElement(element, known.ElementType!, $"{path}[{place}]"))
                    .FirstOrDefault(fault => fault is not null),
            JsonTypeInfoKind.Dictionary when value.ValueKind == JsonValueKind.Object =>
                value.EnumerateObject().Select(pair => OfElement(pair.Value, known.ElementType!, Path(path, pair.Name)))
                    .FirstOrDefault(fault => fault is not null),
            JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary => Kind(value, path, "an object"),
            JsonTypeInfoKind.Enumerable => Kind(value, path, "a list"),
            _ => OfValue(value, known, path),
        };
    }

    private static string? OfObject(JsonElement value, JsonTypeInfo type, string path, IReadOnlyCollection<string> beside)
    {
        var members = type.Properties.ToDictionary(member => member.Name, StringComparer.OrdinalIgnoreCase);
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in value.EnumerateObject())
        {
            var place = Path(path, pair.Name);
            if (!members.TryGetValue(pair.Name, out var member))
                return KnownNames.Refusal(place, pair.Name, [.. members.Keys, .. beside]);
            if (!seen.Add(pair.Name))
                return $"'{KnownNames.Shown(place)}' stands there twice";
            if (pair.Value.ValueKind == JsonValueKind.Null && !TakesNull(member))
                return Kind(pair.Value, place, ValueWords.Expected(member.PropertyType));
            if (pair.Value.ValueKind != JsonValueKind.Null && Fault(pair.Value, member.PropertyType, place, []) is { } fault)
                return fault;
        }
        return members.Values.FirstOrDefault(member => IsRequired(member) && !seen.Contains(member.Name)) is { } missing
            ? $"'{Path(path, missing.Name)}' is missing"
            : null;
    }

    private static string? OfElement(JsonElement value, Type type, string path) => value.ValueKind == JsonValueKind.Null
        ? $"'{KnownNames.Shown(path)}' is null where a value is meant: leave it out"
        : Fault(value, type, path, []);

    private static string? OfValue(JsonElement value, JsonTypeInfo type, string path)
    {
        try
        {
            value.Deserialize(type);
            return null;
        }
        catch (JsonException)
        {
            var bare = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
            return bare.IsEnum && value.ValueKind == JsonValueKind.String
                ? $"'{KnownNames.Shown(path)}': {KnownNames.Refusal(value.GetString()!, value.GetString()!, ValueWords.Names(bare))}"
                : Kind(value, path, ValueWords.Expected(bare));
        }
    }

    private static string Kind(JsonElement value, string path, string expected)
    {
        var stands = ValueWords.Kind(value.ValueKind);
        if (stands == expected || expected.StartsWith(stands + ' ', StringComparison.Ordinal))
            stands = "another one";
        return path.Length == 0
            ? $"the request is {expected}; {stands} stands there"
            : $"'{KnownNames.Shown(path)}' is {expected}; {stands} stands there";
    }

    private static bool TakesNull(JsonPropertyInfo member) => member.PropertyType.IsValueType
        ? Nullable.GetUnderlyingType(member.PropertyType) is not null
        : member.AssociatedParameter?.IsNullable ?? member.IsSetNullable;

    private static bool IsRequired(JsonPropertyInfo member) =>
        member.IsRequired || member.AssociatedParameter is { HasDefaultValue: false };

    private static string Path(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
