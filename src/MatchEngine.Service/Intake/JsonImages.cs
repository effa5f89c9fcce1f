using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Intake;

/// <summary>
/// Takes base64 images out of a JSON body. They never become strings, which nobody could clear: each is decoded in the buffer that holds
/// the body, over its own text.
/// </summary>
internal static class JsonImages
{
    private const int MaxText = 16 << 10;

    /// <summary>Separates the images from the rest.</summary>
    /// <param name="body">The body; the text of the images is overwritten.</param>
    /// <param name="names">The members of the outermost object that are images, or arrays of images; of an object in it as
    /// <c>member.image</c>.</param>
    /// <param name="maxImages">The most that are taken.</param>
    /// <param name="rest">Receives the object without these members.</param>
    /// <exception cref="JsonException">The body is not JSON.</exception>
    /// <exception cref="ProblemException">An image is not base64, there are too many, or the body is no object.</exception>
    public static IReadOnlyList<BodyPart> Take(
        Memory<byte> body, IReadOnlyCollection<string> names, int maxImages, IBufferWriter<byte> rest)
    {
        JsonText.Require(body.Span);
        var images = new List<BodyPart>();
        var reader = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = 32 });
        using var writer = new Utf8JsonWriter(
            rest, new JsonWriterOptions { SkipValidation = false, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new ProblemException(Problem.BadRequest, "the body is not a JSON object");
        writer.WriteStartObject();
        var member = "";
        while (reader.Read())
        {
            if (reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 })
                member = Text(ref reader);
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName when reader.CurrentDepth is 1 or 2 && names.FirstOrDefault(
                    Named(reader.CurrentDepth == 1 ? member : $"{member}.{Text(ref reader)}")) is { } name:
                    reader.Read();
                    if (reader.TokenType == JsonTokenType.StartArray)
                    {
                        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                            Add(ref reader, name);
                    }
                    else if (reader.TokenType != JsonTokenType.Null)
                    {
                        Add(ref reader, name);
                    }
                    break;
                case JsonTokenType.PropertyName: writer.WritePropertyName(Text(ref reader)); break;
                case JsonTokenType.StartObject: writer.WriteStartObject(); break;
                case JsonTokenType.EndObject: writer.WriteEndObject(); break;
                case JsonTokenType.StartArray: writer.WriteStartArray(); break;
                case JsonTokenType.EndArray: writer.WriteEndArray(); break;
                case JsonTokenType.String: writer.WriteStringValue(Text(ref reader)); break;
                case JsonTokenType.Number: writer.WriteRawValue(reader.ValueSpan); break;
                case JsonTokenType.True: writer.WriteBooleanValue(true); break;
                case JsonTokenType.False: writer.WriteBooleanValue(false); break;
                case JsonTokenType.Null: writer.WriteNullValue(); break;
            }
        }
        writer.Flush();
        return images;

        void Add(ref Utf8JsonReader at, string name)
        {
            if (images.Count == maxImages)
                throw new ProblemException(Problem.TooLarge, $"the body has more than {maxImages} images, which is the limit");
            if (at.TokenType != JsonTokenType.String)
                throw new ProblemException(
                    Problem.BadValue, $"'{name}' is an image in base64; {ValueWords.Kind(Kind(at.TokenType))} stands there");
            // The value's place in the buffer: behind the opening quotation mark.
            var text = body.Slice(checked((int)at.TokenStartIndex) + 1, at.ValueSpan.Length);
            if (at.ValueIsEscaped)
                text = Unescape(text, name);
            text = Payload(text, name);
            text = Alphabet(text, name);
            // Decoding runs ahead of itself nowhere: four characters become three bytes. The reader is past this text.
            int length;
            try
            {
                length = Base64Url.DecodeFromUtf8InPlace(text.Span);
            }
            catch (FormatException e)
            {
                throw new ProblemException(Problem.BadValue, $"'{name}' is not base64", e);
            }
            if (length == 0 && !text.IsEmpty)
                throw new ProblemException(Problem.BadValue, $"'{name}' is not base64");
            images.Add(new BodyPart(name, null, null, text[..length]));
        }
    }

    private static JsonValueKind Kind(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => JsonValueKind.Object,
        JsonTokenType.StartArray => JsonValueKind.Array,
        JsonTokenType.Number => JsonValueKind.Number,
        JsonTokenType.True => JsonValueKind.True,
        JsonTokenType.False => JsonValueKind.False,
        _ => JsonValueKind.Null,
    };

    /// <summary>
    /// Makes, in place, of base64 in lines (RFC 2045) and of both alphabets of RFC 4648 the one for URLs, which needs no padding.
    /// </summary>
    private static Memory<byte> Alphabet(Memory<byte> text, string name)
    {
        var span = text.Span;
        var to = 0;
        foreach (var letter in span)
        {
            switch (letter)
            {
                case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n': break;
                case (byte)'+': span[to++] = (byte)'-'; break;
                case (byte)'/': span[to++] = (byte)'_'; break;
                // The decoder takes it as padding.
                case (byte)'%': throw new ProblemException(Problem.BadValue, $"'{name}' is not base64");
                default: span[to++] = letter; break;
            }
        }
        span[to..].Clear();
        return to > 0 || text.IsEmpty ? text[..to] : throw new ProblemException(Problem.BadValue, $"'{name}' is not base64");
    }

    /// <summary>What stands behind the comma of a data URL (RFC 2397), as browsers give images; other text as it is.</summary>
    private static Memory<byte> Payload(Memory<byte> text, string name)
    {
        if (!Ascii.EqualsIgnoreCase(text.Span[..Math.Min(text.Length, 5)], "data:"u8))
            return text;
        var comma = text.Span[..Math.Min(text.Length, MaxText)].IndexOf((byte)',');
        return comma >= 0 && text.Span[..comma].EndsWith(";base64"u8)
            ? text[(comma + 1)..]
            : throw new ProblemException(Problem.BadValue, $"'{name}' is a data URL without base64");
    }

    // An image under a misspelt name must not become a string either.
    private static string Text(ref Utf8JsonReader reader) => reader.ValueSpan.Length <= MaxText
        ? reader.GetString()!
        : throw new ProblemException(
            Problem.BadValue,
            $"a text in the body is longer than {MaxText:N0} bytes; images go under the names that the resource documents");

    private static Func<string, bool> Named(string name) => other => other == name;

    /// <summary>
    /// Undoes, in place, the escapes that base64 can carry: <c>\/</c>, the line breaks of RFC 2045,
    /// and characters written as <c>\u00XX</c>.
    /// </summary>
    private static Memory<byte> Unescape(Memory<byte> text, string name)
    {
        var span = text.Span;
        var to = 0;
        for (var from = 0; from < span.Length; from++)
        {
            if (span[from] != (byte)'\\')
            {
                span[to++] = span[from];
                continue;
            }
            from++;
            if (span[from] == (byte)'/')
                span[to++] = (byte)'/';
            else if (span[from] is (byte)'n' or (byte)'r' or (byte)'t')
                span[to++] = (byte)' ';
            else if (span[from] == (byte)'u' && Utf8Parser.TryParse(span.Slice(from + 1, 4), out short code, out var read, 'x')
                && read == 4 && code is > 0 and < 128)
                (span[to++], from) = ((byte)code, from + 4);
            else
                throw new ProblemException(Problem.BadValue, $"'{name}' is not base64");
        }
        span[to..].Clear();
        return text[..to];
    }
}
