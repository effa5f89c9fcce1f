using System.Text.Json;

namespace MatchEngine.Galleries.Audit;

/// <summary>Who changes something, as the audit log names them.</summary>
/// <param name="Actor">The id of a user, of a key, or of the program itself.</param>
/// <param name="Organisation">The organisation on whose behalf, or null.</param>
/// <param name="RequestId">The request by which, or null.</param>
public sealed record ChangeAuthor(string Actor, string? Organisation = null, string? RequestId = null)
{
    /// <summary>What this author did, as an entry of the log.</summary>
    /// <param name="kind">What happened; see <see cref="AuditKinds"/>.</param>
    /// <param name="retentionYears">For how many years the event is kept.</param>
    /// <param name="payloads">Objects whose members make the payload, those of a later one in place of an earlier one's; null adds
    /// none.</param>
    /// <exception cref="ArgumentException">The text cannot be a kind.</exception>
    public AuditEntry Entry(string kind, int retentionYears, params ReadOnlySpan<object?> payloads)
    {
        var values = new Dictionary<string, JsonElement>();
        foreach (var payload in payloads)
        {
            if (payload is null)
                continue;
            foreach (var property in AuditEntry.Object(payload).EnumerateObject())
                values[property.Name] = property.Value;
        }
        if (RequestId is not null)
            values["requestId"] = JsonSerializer.SerializeToElement(RequestId);
        return new AuditEntry
        {
            Kind = kind,
            Actor = Actor,
            Organisation = Organisation,
            Payload = AuditEntry.Object(values),
            RetentionYears = retentionYears,
        };
    }
}
