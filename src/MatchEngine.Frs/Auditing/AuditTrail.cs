using MatchEngine.Galleries.Audit;

namespace MatchEngine.Frs.Auditing;

/// <summary>
/// Writes what actors do into the audit log. An answer leaves the service after its event is on the disk; a change is committed after its
/// event is (<see cref="ChangeJournal"/>).
/// </summary>
/// <param name="log">The log.</param>
/// <param name="journal">Makes changes with their events.</param>
/// <param name="book">The service's own book.</param>
public sealed class AuditTrail(AuditLog log, ChangeJournal journal, IServiceStore book)
{
    /// <summary>Writes an event that changes nothing.</summary>
    /// <param name="actor">Who did it.</param>
    /// <param name="kind">What happened.</param>
    /// <param name="payload">Ids and numbers: no biographics, no image. Galleries go under <c>galleries</c>.</param>
    /// <param name="retentionYears">For how many years the event is kept.</param>
    public Task<AuditEvent> WriteAsync<T>(Actor actor, string kind, T payload, int retentionYears = AuditEntry.StandardYears) =>
        log.AppendAsync(Author(actor).Entry(kind, retentionYears, payload));

    /// <summary>Writes the event of a search.</summary>
    /// <param name="actor">Who searched.</param>
    /// <param name="search">What the audit says of it.</param>
    /// <param name="retentionYears">For how many years the event is kept.</param>
    public Task<AuditEvent> WriteAsync(Actor actor, SearchAudit search, int retentionYears)
    {
        ArgumentNullException.ThrowIfNull(search);
        var author = Author(actor);
        return log.AppendAsync(search.ToEntry(author.Actor, author.Organisation, retentionYears));
    }

    /// <summary>Writes an event that changes nothing, now and on this thread.</summary>
    /// <param name="actor">Who did it.</param>
    /// <param name="kind">What happened.</param>
    /// <param name="payload">As for <see cref="WriteAsync{T}(Actor, string, T, int)"/>.</param>
    public void Note(Actor actor, string kind, object payload) => journal.Note(Author(actor), kind, payload);

    /// <summary>Makes a change in a gallery, with its event.</summary>
    /// <param name="actor">Who makes it.</param>
    /// <param name="kind">What happens.</param>
    /// <param name="payload">As for <see cref="WriteAsync{T}(Actor, string, T, int)"/>; the gallery is the one under <c>galleries</c>.
    /// What the gallery alone knows joins it.</param>
    /// <param name="change">Makes the change; it gives a record to each step that changes anything.</param>
    public T ChangeGallery<T>(Actor actor, string kind, object payload, Func<Func<ChangeRecord>, T> change) =>
        journal.Make(Author(actor), kind, payload, change);

    /// <summary>The same of changes that take their time.</summary>
    /// <param name="actor">Who makes them.</param>
    /// <param name="kind">What happens.</param>
    /// <param name="payload">As for the other change.</param>
    /// <param name="change">As for the other change.</param>
    public Task<T> ChangeGalleryAsync<T>(Actor actor, string kind, object payload, Func<Func<ChangeRecord>, Task<T>> change) =>
        journal.MakeAsync(Author(actor), kind, payload, change);

    /// <summary>Makes a change in the service's own book, with its event.</summary>
    /// <param name="actor">Who makes it.</param>
    /// <param name="kind">What happens.</param>
    /// <param name="change">Makes the change, on this thread; all of it is one transaction with the note that it was made.</param>
    /// <param name="payload">What there is to say of it, or null when nothing was changed.</param>
    public T ChangeBook<T>(Actor actor, string kind, Func<BookChange, T> change, Func<T, object?> payload)
    {
        var author = Author(actor);
        return journal.Make(
            author, kind, book.Store, null,
            record => book.Transact(() =>
            {
                var changed = change(new BookChange(author));
                if (payload(changed) is { } said)
                    book.Record(record(), said);
                return changed;
            }));
    }

    private static ChangeAuthor Author(Actor actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return new ChangeAuthor(actor.Account, actor.Organisation.Length > 0 ? actor.Organisation : null, actor.RequestId);
    }
}
