using System.Text.Json;
using MatchEngine.Galleries;

namespace MatchEngine.Service;

/// <summary>Writes what requests do into the audit log. An answer leaves the service after its event is on the disk.</summary>
internal sealed class AuditTrail(AuditLog log)
{
    /// <summary>Writes an event of the caller's.</summary>
    /// <param name="kind">What happened.</param>
    /// <param name="context">The request.</param>
    /// <param name="payload">Ids and numbers: no biographics, no image. Galleries go under <c>galleries</c>.</param>
    /// <param name="retentionYears">For how many years the event is kept.</param>
    public Task<AuditEvent> WriteAsync<T>(string kind, HttpContext context, T payload, int retentionYears = AuditEntry.StandardYears)
    {
        var caller = context.Caller();
        return WriteAsync(kind, caller.Account, caller.Organisation, context, payload, retentionYears);
    }

    /// <summary>The same of an account that is not signed in yet.</summary>
    public Task<AuditEvent> WriteAsync<T>(string kind, Account account, HttpContext context, T payload) => WriteAsync(kind, account.Id, account.Organisation, context, payload);

    /// <summary>Writes the event of a search.</summary>
    public Task<AuditEvent> WriteAsync(SearchAudit search, Caller caller, int retentionYears) => log.AppendAsync(search.ToEntry(caller.Account, caller.Organisation, retentionYears));

    private Task<AuditEvent> WriteAsync<T>(string kind, string actor, string? organisation, HttpContext context, T payload, int retentionYears = AuditEntry.StandardYears)
    {
        var values = new Dictionary<string, JsonElement>();
        foreach (var property in AuditEntry.Object(payload).EnumerateObject())
            values[property.Name] = property.Value;
        values["requestId"] = JsonSerializer.SerializeToElement(context.TraceIdentifier);
        return log.AppendAsync(new AuditEntry { Kind = kind, Actor = actor, Organisation = organisation, Payload = AuditEntry.Object(values), RetentionYears = retentionYears });
    }
}
