namespace MatchEngine.Galleries.Audit;

/// <summary>
/// The audit event of one change, made by a <see cref="ChangeJournal"/>. The store that is changed has it written inside the change's own
/// transaction, when all is done but the commit, and notes the event in the same transaction: so there is no change without its event, and
/// whether a change came about whose event is there can be asked of the store for certain (<see cref="Gallery.HasMade"/>), also after the
/// process was killed between the two.
/// </summary>
/// <remarks>
/// Log and store are different databases, of which one must commit first. It is the log: an event whose change did not come about can be
/// followed by another event that says so (<see cref="AuditKinds.NotMade"/>),
/// while a change that nobody wrote down could not be found again.
/// </remarks>
public sealed class ChangeRecord
{
    private readonly Func<object?, AuditEvent>? _write;

    /// <summary>Journals alone make records.</summary>
    /// <param name="write">Appends the event; null where nothing is written.</param>
    /// <param name="settled">As <see cref="Settled"/>.</param>
    internal ChangeRecord(Func<object?, AuditEvent>? write, long settled) => (_write, Settled) = (write, settled);

    /// <summary>
    /// Of the events up to this number it is known whether their changes came about: stores need not remember them any longer.
    /// </summary>
    public long Settled { get; }

    /// <summary>
    /// Writes the event; for the store, which calls it once within its transaction. When it throws, the change is not made.
    /// </summary>
    /// <param name="details">What only the store knows of the change: an object whose members join the payload, or null.</param>
    /// <returns>The event, which the store notes in the same transaction; null from <see cref="ChangeJournal.None"/>.</returns>
    public AuditEvent? Write(object? details) => _write?.Invoke(details);
}
