using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MatchEngine.Service.Rest;

/// <summary>
/// Whole numbers as JSON has them: it knows one kind of number, and in languages that do too <c>5.0</c> and <c>5e0</c> are ways of writing
/// 5 (RFC 8259, section 6; JSON Schema: any number without a fraction is an integer).
/// </summary>
internal sealed class WholeNumbers<T> : JsonConverter<T> where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TryRead(ref reader, out var whole) ? whole : throw new JsonException();

    /// <summary>The number that the reader stands on; false when it is none, has a fraction, or is out of range.</summary>
    public static bool TryRead(ref Utf8JsonReader reader, out T whole)
    {
        whole = default;
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetDecimal(out var number) || !decimal.IsInteger(number)
            || number < decimal.CreateChecked(T.MinValue) || number > decimal.CreateChecked(T.MaxValue))
            return false;
        whole = T.CreateChecked(number);
        return true;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(long.CreateChecked(value));
}
