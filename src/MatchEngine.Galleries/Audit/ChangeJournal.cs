namespace MatchEngine.Galleries.Audit;

/// <summary>
/// Writes down who changes what. Whatever changes a gallery, or another store that keeps an account of its changes, takes a
/// <see cref="ChangeRecord"/>, and only a journal makes one: a change cannot be made and the journal be forgotten.
/// </summary>
public abstract class ChangeJournal
{
    /// <summary>
    /// Writes nothing: for a folder that keeps no audit, by this name alone.
    /// </summary>
    public static NoJournal None { get; } = new();

    /// <summary>Makes a change in a gallery with its event, or several.</summary>
    /// <param name="author">Who makes it.</param>
    /// <param name="kind">What happens; see <see cref="AuditKinds"/>.</param>
    /// <param name="payload">Ids and numbers: no biographics, no image. The gallery's name stands under <c>galleries</c>. What only the
    /// store knows of the change joins it.</param>
    /// <param name="change">Makes the change. It asks for a record for each transaction, when the one before it is over.</param>
    public T Make<T>(ChangeAuthor author, string kind, object payload, Func<Func<ChangeRecord>, T> change) =>
        Make(author, kind, AuditedJournal.InGallery, payload, change);

    /// <summary>The same in a store other than a gallery.</summary>
    /// <param name="author">Who makes it.</param>
    /// <param name="kind">What happens.</param>
    /// <param name="store">The store's name (<see cref="IChangeWitness.Store"/>).</param>
    /// <param name="payload">As above; null where the store says it all.</param>
    /// <param name="change">As above.</param>
    public abstract T Make<T>(ChangeAuthor author, string kind, string store, object? payload, Func<Func<ChangeRecord>, T> change);

    /// <summary>Makes changes in a gallery that take their time, an enrolment of many photos for one.</summary>
    /// <param name="author">Who makes them.</param>
    /// <param name="kind">What happens.</param>
    /// <param name="payload">As for the other changes.</param>
    /// <param name="change">As for the other changes.</param>
    public abstract Task<T> MakeAsync<T>(ChangeAuthor author, string kind, object payload, Func<Func<ChangeRecord>, Task<T>> change);

    /// <summary>Writes an event that changes nothing.</summary>
    /// <param name="author">Who did it.</param>
    /// <param name="kind">What happened.</param>
    /// <param name="payload">As for changes.</param>
    public abstract void Note(ChangeAuthor author, string kind, object payload);
}

/// <summary>The journal that writes nothing: <see cref="ChangeJournal.None"/>.</summary>
public sealed class NoJournal : ChangeJournal
{
    internal NoJournal()
    {
    }

    /// <summary>A record that writes nothing.</summary>
    public ChangeRecord Record { get; } = new(null, 0);

    /// <inheritdoc/>
    public override T Make<T>(ChangeAuthor author, string kind, string store, object? payload, Func<Func<ChangeRecord>, T> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return change(() => Record);
    }

    /// <inheritdoc/>
    public override Task<T> MakeAsync<T>(ChangeAuthor author, string kind, object payload, Func<Func<ChangeRecord>, Task<T>> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return change(() => Record);
    }

    /// <inheritdoc/>
    public override void Note(ChangeAuthor author, string kind, object payload)
    {
    }
}
