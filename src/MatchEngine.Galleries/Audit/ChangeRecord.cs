namespace MatchEngine.Galleries.Audit;

/// <summary>
/// The audit event of one change. The store that is changed has it written inside the change's own transaction, when all is done but the
/// commit, and notes the event in the same transaction: so there is no change without its event, and whether a change came about whose
/// event is there can be asked of the store for certain (<see cref="Gallery.HasMade"/>), also after the process was killed between the two.
/// </summary>
/// <remarks>
/// Log and store are different databases, of which one must commit first. It is the log: an event whose change did not come about can be
/// followed by another event that says so (<see cref="AuditKinds.NotMade"/>),
/// while a change that nobody wrote down could not be found again.
/// </remarks>
/// <param name="write">Appends the event; given what only the store knows of the change (an object whose members join the payload, or
/// null). When it throws, the change is not made.</param>
/// <param name="settled">Of the events up to this number it is known whether their changes came about:
/// stores need not remember them any longer.</param>
public sealed class ChangeRecord(Func<object?, AuditEvent> write, long settled)
{
    /// <summary>Of the events up to this number it is known whether their changes came about.</summary>
    internal long Settled => settled;

    /// <summary>Writes the event; called once, by the store, within the transaction.</summary>
    internal AuditEvent Write(object? details) => write(details);
}
