using MatchEngine.Galleries.Audit;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Resources;
using MatchEngine.Service.Store;

namespace MatchEngine.Service.Access;

/// <summary>
/// Writes what requests do into the audit log. An answer leaves the service after its event is on the disk; a change is committed after its
/// event is (<see cref="ChangeJournal"/>).
/// </summary>
internal sealed class AuditTrail(AuditLog log, ChangeJournal changes, ServiceDatabase database)
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
            new ChangeAuthor(account.Id, account.Organisation, context.TraceIdentifier).Entry(kind, AuditEntry.StandardYears, payload));

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

    /// <summary>Makes changes of a gallery that take their time and that an account asked for by an earlier request.</summary>
    /// <param name="kind">What happens.</param>
    /// <param name="account">Who asked for it.</param>
    /// <param name="organisation">On whose behalf, or null.</param>
    /// <param name="payload">As for <see cref="Change{T}(string, HttpContext, object, Func{Func{ChangeRecord}, T})"/>.</param>
    /// <param name="change">Makes the changes; it gives a record to each step.</param>
    public Task<T> ChangeForAsync<T>(
        string kind, string account, string? organisation, object payload, Func<Func<ChangeRecord>, Task<T>> change) =>
        changes.MakeAsync(new ChangeAuthor(account, organisation), kind, payload, change);

    /// <summary>Writes an event that changes nothing, of an account that asked for it by an earlier request.</summary>
    public void NoteFor(string kind, string account, string? organisation, object payload) =>
        changes.Note(new ChangeAuthor(account, organisation), kind, payload);

    private T ChangeGallery<T>(string kind, ChangeAuthor author, object payload, Func<Func<ChangeRecord>, T> change) =>
        changes.Make(author, kind, payload, change);

    private T ChangeService<T>(string kind, ChangeAuthor author, Func<T> change, Func<T, object?> payload) => changes.Make(
        author, kind, database.Store, null,
        record => database.Transact(() =>
        {
            var changed = change();
            if (payload(changed) is { } said)
                database.Record(record(), said);
            return changed;
        }));

    private static ChangeAuthor By(HttpContext context)
    {
        var caller = context.Caller();
        return new ChangeAuthor(caller.Account, caller.Organisation, context.TraceIdentifier);
    }

    private static ChangeAuthor Self(string? organisation) => new(RetentionRunner.Actor, organisation);
}
