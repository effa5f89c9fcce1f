using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MatchEngine.Galleries.Audit;

/// <summary>
/// JSON of which every value has one text only: RFC 8785 (JSON Canonicalization Scheme). Keys stand in the order of their UTF-16 code
/// units, there is no white space, numbers are written as ECMAScript writes them, and only what must be escaped is.
/// </summary>
internal static class CanonicalJson
{
    /// <summary>The canonical text of a value.</summary>
    /// <exception cref="JsonException">A number is beyond the range of a double, or an object has a key twice.</exception>
    public static string Of(JsonElement value)
    {
        var text = new StringBuilder();
        Write(value, text);
        return text.ToString();
    }

    /// <summary>A string with its quotation marks.</summary>
    public static string Of(string? text)
    {
        if (text is null)
            return "null";
        var quoted = new StringBuilder(text.Length + 2);
        Write(text, quoted);
        return quoted.ToString();
    }

    private static void Write(JsonElement value, StringBuilder text)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var properties = value.EnumerateObject().ToArray();
                Array.Sort(properties, (a, b) => string.CompareOrdinal(a.Name, b.Name));
                text.Append('{');
                for (var i = 0; i < properties.Length; i++)
                {
                    if (i > 0 && properties[i].Name == properties[i - 1].Name)
                        throw new JsonException($"the key '{properties[i].Name}' stands twice in one object");
                    if (i > 0)
                        text.Append(',');
                    Write(properties[i].Name, text);
                    text.Append(':');
                    Write(properties[i].Value, text);
                }
                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                var first = true;
                foreach (var item in value.EnumerateArray())
                {
                    if (!first)
                        text.Append(',');
                    first = false;
                    Write(item, text);
                }
                text.Append(']');
                break;
            case JsonValueKind.String:
                Write(value.GetString()!, text);
                break;
            case JsonValueKind.Number:
                text.Append(Number(value.GetDouble()));
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    private static void Write(string value, StringBuilder text)
    {
        text.Append('"');
        var rest = value.AsSpan();
        while (!rest.IsEmpty)
        {
            // A lone surrogate has no UTF-8: as every writer of UTF-8 does, it is written as the replacement character.
            var status = Rune.DecodeFromUtf16(rest, out var rune, out var length);
            if (status != OperationStatus.Done)
                rune = Rune.ReplacementChar;
            rest = rest[length..];
            switch (rune.Value)
            {
                case '"': text.Append("\\\""); break;
                case '\\': text.Append("\\\\"); break;
                case '\b': text.Append("\\b"); break;
                case '\f': text.Append("\\f"); break;
                case '\n': text.Append("\\n"); break;
                case '\r': text.Append("\\r"); break;
                case '\t': text.Append("\\t"); break;
                case < 0x20: text.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"); break;
                default: text.Append(rune.ToString()); break;
            }
        }
        text.Append('"');
    }

    /// <summary>ECMA-262, Number::toString with radix 10; the digits are the shortest that give the number back, as .NET's are.</summary>
    internal static string Number(double value)
    {
        if (!double.IsFinite(value))
            throw new JsonException("a number is beyond the range of a double");
        if (value == 0)
            return "0";
        // .NET writes "ddd.ddd", "0.00ddd" or "d.dddE±nn"; its digits and its power of ten are put together anew.
        var shortest = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture).Split('E');
        var mantissa = shortest[0].Split('.');
        var fraction = mantissa.Length > 1 ? mantissa[1] : "";
        var exponent =
            shortest.Length > 1 ? int.Parse(shortest[1], CultureInfo.InvariantCulture)
            : mantissa[0] != "0" ? mantissa[0].Length - 1
            : fraction.TrimStart('0').Length - fraction.Length - 1;
        var digits = (mantissa[0] + fraction).TrimStart('0').TrimEnd('0');
        var (n, k) = (exponent + 1, digits.Length);
        var text =
            k <= n && n <= 21 ? digits + new string('0', n - k)
            : n is > 0 and <= 21 ? digits[..n] + "." + digits[n..]
            : n is > -6 and <= 0 ? "0." + new string('0', -n) + digits
            : digits[..1] + (k > 1 ? "." + digits[1..] : "") + "e" + (n > 0 ? "+" : "-")
                + Math.Abs(n - 1).ToString(CultureInfo.InvariantCulture);
        return value < 0 ? "-" + text : text;
    }
}
