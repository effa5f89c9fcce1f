using System.Text.Json;
using System.Text.Json.Serialization;

namespace MatchEngine.Galleries.Audit;

/// <summary>Something to be written to the audit log.</summary>
public sealed record AuditEntry
{
    /// <summary>For how many years an event is kept when nothing else is said (PIA-054: audit logs).</summary>
    public const int StandardYears = 7;

    /// <summary>For how many years the events of a case file are kept (PIA-054: case files, after closing).</summary>
    public const int CaseFileYears = 20;

    /// <summary>The longest retention, in years.</summary>
    public const int MaxYears = 200;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new ScoreConverter() },
    };

    /// <summary>What happened; see <see cref="AuditKinds"/>.</summary>
    /// <exception cref="ArgumentException">The text cannot be a kind.</exception>
    public required string Kind
    {
        get;
        init => field = AuditKinds.IsValid(value)
            ? value
            : throw new ArgumentException(
                $"'{value}' is no kind of audit event: use words of a-z, digits, '-' and '_', joined by dots, "
                    + $"at most {AuditKinds.MaxLength} characters",
                nameof(Kind));
    }

    /// <summary>Who did it; not empty.</summary>
    /// <exception cref="ArgumentException">It is empty.</exception>
    public required string Actor
    {
        get;
        init
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(value);
            field = value;
        }
    }

    /// <summary>The organisation on whose behalf, or null.</summary>
    public string? Organisation { get; init; }

    /// <summary>
    /// What there is to say of it, a JSON object. Never an image, a template or biographics: nothing but a purge can take it back.
    /// </summary>
    /// <exception cref="ArgumentException">It is no object.</exception>
    public JsonElement Payload
    {
        get;
        init => field = value.ValueKind == JsonValueKind.Object
            ? value
            : throw new ArgumentException("the payload of an audit event is a JSON object", nameof(Payload));
    } = Object(new { });

    /// <summary>
    /// The number of the payload's schema, written into it as <see cref="AuditLog.SchemaMember"/>: raised when a kind's payload changes so
    /// that a reader of the old one would misread it.
    /// </summary>
    public int Schema { get; init; } = 1;

    /// <summary>For how many years the event is kept, 1 … <see cref="MaxYears"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number lies outside.</exception>
    public int RetentionYears
    {
        get;
        init => field = value is >= 1 and <= MaxYears
            ? value
            : throw new ArgumentOutOfRangeException(nameof(RetentionYears), value, $"an event is kept for 1 to {MaxYears} years");
    } = StandardYears;

    /// <summary>An object as a payload: keys in camelCase, scores with the four decimals they are printed with.</summary>
    public static JsonElement Object<T>(T payload) => JsonSerializer.SerializeToElement(payload, Json);

    private sealed class ScoreConverter : JsonConverter<float>
    {
        public override float Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetSingle();

        public override void Write(Utf8JsonWriter writer, float value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(Math.Round((decimal)value, 4));
    }
}
