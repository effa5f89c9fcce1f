using System.Text.Json;
using MatchEngine.Galleries.Audit;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Resources;
using MatchEngine.Service.Store;

namespace MatchEngine.Service.Access;

/// <summary>
/// Writes what requests do into the audit log. An answer leaves the service after its event is on the disk; a change is committed after its
/// event is (<see cref="AuditedChanges"/>).
/// </summary>
internal sealed class AuditTrail(AuditLog log, AuditedChanges changes, ServiceDatabase database)
{
    /// <summary>Writes an event of the caller's that changes nothing.</summary>
    /// <param name="kind">What happened.</param>
    /// <param name="context">The request.</param>
    /// <param name="payload">Ids and numbers: no biographics, no image. Galleries go under <c>galleries</c>.</param>
    /// <param name="retentionYears">For how many years the event is kept.</param>
    public Task<AuditEvent> WriteAsync<T>(string kind, HttpContext context, T payload, int retentionYears = AuditEntry.StandardYears) =>
        log.AppendAsync(By(context).Entry(kind, retentionYears, payload));

    /// <summary>The same of an account that is not signed in yet.</summary>
    public Task<AuditEvent> WriteAsync<T>(string kind, Account account, HttpContext context, T payload) =>
        log.AppendAsync(
            new Author(account.Id, account.Organisation, context.TraceIdentifier).Entry(kind, AuditEntry.StandardYears, payload));

    /// <summary>Writes the event of a search.</summary>
    public Task<AuditEvent> WriteAsync(SearchAudit search, Caller caller, int retentionYears) =>
        log.AppendAsync(search.ToEntry(caller.Account, caller.Organisation, retentionYears));

    /// <summary>Makes a change in a gallery, with its event.</summary>
    /// <param name="kind">What happens.</param>
    /// <param name="context">The request.</param>
    /// <param name="payload">As for <see cref="WriteAsync{T}(string, HttpContext, T, int)"/>; the gallery is the one under
    /// <c>galleries</c>. What the gallery alone knows joins it.</param>
    /// <param name="change">Makes the change; it gives a record to each step that changes anything.</param>
    public T Change<T>(string kind, HttpContext context, object payload, Func<Func<ChangeRecord>, T> change) =>
        ChangeGallery(kind, By(context), payload, change);

    /// <summary>The same by the service itself.</summary>
    public T ChangeBySelf<T>(string kind, object payload, Func<Func<ChangeRecord>, T> change) =>
        ChangeGallery(kind, Self(null), payload, change);

    /// <summary>Makes a change in the service's own database, with its event.</summary>
    /// <param name="kind">What happens.</param>
    /// <param name="context">The request.</param>
    /// <param name="change">Makes the change, on this thread; all of it is one transaction with the note that it was made.</param>
    /// <param name="payload">What there is to say of it, or null when nothing was changed.</param>
    public T Change<T>(string kind, HttpContext context, Func<T> change, Func<T, object?> payload) =>
        ChangeService(kind, By(context), change, payload);

    /// <summary>The same by the service itself, on behalf of an organisation or of none.</summary>
    public T ChangeBySelf<T>(string kind, string? organisation, Func<T> change, Func<T, object?> payload) =>
        ChangeService(kind, Self(organisation), change, payload);

    private T ChangeGallery<T>(string kind, Author author, object payload, Func<Func<ChangeRecord>, T> change) =>
        changes.Make(details => author.Entry(kind, AuditEntry.StandardYears, payload, details, Where(ChangedStore.Gallery)), change);

    private T ChangeService<T>(string kind, Author author, Func<T> change, Func<T, object?> payload) => changes.Make(
        details => author.Entry(kind, AuditEntry.StandardYears, details, Where(ChangedStore.Service)),
        record => database.Transact(() =>
        {
            var changed = change();
            if (payload(changed) is { } said)
                database.Record(record(), said);
            return changed;
        }));

    private static Dictionary<string, string> Where(ChangedStore store) => new() { [AuditedChanges.Member] = AuditedChanges.Name(store) };

    private static Author By(HttpContext context)
    {
        var caller = context.Caller();
        return new Author(caller.Account, caller.Organisation, context.TraceIdentifier);
    }

    private static Author Self(string? organisation) => new(RetentionRunner.Actor, organisation, null);

    /// <summary>Who does something, and by which request.</summary>
    private sealed record Author(string Actor, string? Organisation, string? RequestId)
    {
        public AuditEntry Entry(string kind, int retentionYears, params object?[] payloads)
        {
            var values = new Dictionary<string, JsonElement>();
            foreach (var payload in payloads.Where(payload => payload is not null))
                foreach (var property in AuditEntry.Object(payload).EnumerateObject())
                    values[property.Name] = property.Value;
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
}
