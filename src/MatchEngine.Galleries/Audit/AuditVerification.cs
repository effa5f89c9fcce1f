namespace MatchEngine.Galleries.Audit;

/// <summary>What came of checking the chain of the audit log.</summary>
/// <param name="Events">How many events hold together from the beginning on; all of them when <paramref name="Broken"/> is null.</param>
/// <param name="Head">The hash of the last of them (<see cref="AuditEvent.NoHash"/> when there is none). Kept elsewhere, it shows later
/// whether the log's tail was cut off.</param>
/// <param name="Broken">The first broken link, or null.</param>
public sealed record AuditVerification(long Events, string Head, BrokenLink? Broken);

/// <summary>The first place at which the chain does not hold.</summary>
/// <param name="Sequence">The number of the event.</param>
/// <param name="Fault">What is wrong.</param>
/// <param name="Detail">A sentence for people.</param>
public sealed record BrokenLink(long Sequence, AuditFault Fault, string Detail);

/// <summary>What can be wrong with the chain.</summary>
public enum AuditFault
{
    /// <summary>The event's content is not what was written.</summary>
    Changed,

    /// <summary>Events are gone that no purge removed.</summary>
    Missing,

    /// <summary>The event is whole but does not follow the one before it: one of the two was put in or replaced.</summary>
    Inserted,

    /// <summary>The event is whole but stood under another number: events were reordered, or put in or taken out before it.</summary>
    Reordered,

    /// <summary>The end of the log is gone.</summary>
    Truncated,

    /// <summary>
    /// An event that is known elsewhere (<see cref="IAuditHeadKeeper"/>) is not in the log: the log is an earlier or another one.
    /// </summary>
    RolledBack,
}
