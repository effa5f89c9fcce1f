using System.Text.Json;

namespace MatchEngine.Service.Intake;

/// <summary>The kinds of values in words: what is meant somewhere, and what stands there.</summary>
internal static class ValueWords
{
    /// <summary>What a value of this type is.</summary>
    public static string Expected(Type type)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        if (bare.IsEnum)
            return $"one of {string.Join(", ", Names(bare))}";
        return bare switch
        {
            _ when bare == typeof(string) => "a text",
            _ when bare == typeof(bool) => "true or false",
            _ when bare == typeof(int) || bare == typeof(long) => "a whole number",
            _ when bare == typeof(float) || bare == typeof(double) || bare == typeof(decimal) => "a number",
            _ when bare == typeof(DateTimeOffset) => "a time such as 2026-01-31T09:30:00Z",
            _ when bare == typeof(DateOnly) => "a day such as 2026-01-31",
            _ => "another kind of value",
        };
    }

    /// <summary>What stands there.</summary>
    public static string Kind(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "null",
    };

    /// <summary>The names of an enumeration's values as they stand in JSON.</summary>
    public static IReadOnlyList<string> Names(Type type) =>
        [.. Enum.GetNames(type).Select(JsonNamingPolicy.KebabCaseLower.ConvertName)];
}
