using System.Text.Json;
using MatchEngine.Galleries.Audit;

namespace MatchEngine.Frs.Auditing;

/// <summary>
/// Writes what actors do into the audit log. An answer leaves the service after its event is on the disk; a change is committed after its
/// event is (<see cref="IChangeMaker"/>).
/// </summary>
/// <param name="log">The log.</param>
/// <param name="changes">Makes changes with their events.</param>
/// <param name="book">The service's own book.</param>
public sealed class AuditTrail(AuditLog log, IChangeMaker changes, IServiceStore book)
{
    /// <summary>Writes an event that changes nothing.</summary>
    /// <param name="actor">Who did it.</param>
    /// <param name="kind">What happened.</param>
    /// <param name="payload">Ids and numbers: no biographics, no image. Galleries go under <c>galleries</c>.</param>
    /// <param name="retentionYears">For how many years the event is kept.</param>
    public Task<AuditEvent> WriteAsync<T>(Actor actor, string kind, T payload, int retentionYears = AuditEntry.StandardYears) =>
        log.AppendAsync(Entry(actor, kind, retentionYears, payload));

    /// <summary>Writes the event of a search.</summary>
    /// <param name="actor">Who searched.</param>
    /// <param name="search">What the audit says of it.</param>
    /// <param name="retentionYears">For how many years the event is kept.</param>
    public Task<AuditEvent> WriteAsync(Actor actor, SearchAudit search, int retentionYears)
    {
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(search);
        return log.AppendAsync(search.ToEntry(actor.Account, OrganisationOf(actor), retentionYears));
    }

    /// <summary>Makes a change in a gallery, with its event.</summary>
    /// <param name="actor">Who makes it.</param>
    /// <param name="kind">What happens.</param>
    /// <param name="payload">As for <see cref="WriteAsync{T}(Actor, string, T, int)"/>; the gallery is the one under <c>galleries</c>. What the
    /// gallery alone knows joins it.</param>
    /// <param name="change">Makes the change; it gives a record to each step that changes anything.</param>
    public T ChangeGallery<T>(Actor actor, string kind, object payload, Func<Func<ChangeRecord>, T> change) => changes.Make(
        details => Entry(actor, kind, AuditEntry.StandardYears, payload, details, Where(IChangeMaker.InGallery)), change);

    /// <summary>Makes a change in the service's own book, with its event.</summary>
    /// <param name="actor">Who makes it.</param>
    /// <param name="kind">What happens.</param>
    /// <param name="change">Makes the change, on this thread; all of it is one transaction with the note that it was made.</param>
    /// <param name="payload">What there is to say of it, or null when nothing was changed.</param>
    public T ChangeBook<T>(Actor actor, string kind, Func<T> change, Func<T, object?> payload) => changes.Make(
        details => Entry(actor, kind, AuditEntry.StandardYears, details, Where(IChangeMaker.InService)),
        record => book.Transact(() =>
        {
            var changed = change();
            if (payload(changed) is { } said)
                book.Record(record(), said);
            return changed;
        }));

    private static Dictionary<string, string> Where(string store) => new() { [IChangeMaker.Member] = store };

    private static string? OrganisationOf(Actor actor) => actor.Organisation.Length > 0 ? actor.Organisation : null;

    private static AuditEntry Entry(Actor actor, string kind, int retentionYears, params object?[] payloads)
    {
        var values = new Dictionary<string, JsonElement>();
        foreach (var payload in payloads.Where(payload => payload is not null))
            foreach (var property in AuditEntry.Object(payload).EnumerateObject())
                values[property.Name] = property.Value;
        if (actor.RequestId is not null)
            values["requestId"] = JsonSerializer.SerializeToElement(actor.RequestId);
        return new AuditEntry
        {
            Kind = kind,
            Actor = actor.Account,
            Organisation = OrganisationOf(actor),
            Payload = AuditEntry.Object(values),
            RetentionYears = retentionYears,
        };
    }
}
