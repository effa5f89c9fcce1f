using MatchEngine.Galleries.Errors;

namespace MatchEngine.Galleries.Audit;

/// <summary>The last event of an audit log at some moment.</summary>
/// <param name="Sequence">Its number, from 1.</param>
/// <param name="Hash">Its hash.</param>
public sealed record AuditHead(long Sequence, string Hash);

/// <summary>
/// A place apart from the audit log that keeps its head: whoever rolls the log back, replaces it or removes it would have to do the same
/// there, at the same moment. Faults arrive as <see cref="StoreException"/>.
/// </summary>
public interface IAuditHeadKeeper
{
    /// <summary>The place, in the words of a message.</summary>
    string Place { get; }

    /// <summary>The head that is kept; null when none is.</summary>
    AuditHead? Read();

    /// <summary>Keeps a head in place of an earlier one; never one of a lower number.</summary>
    /// <param name="head">The head.</param>
    /// <param name="closing">Whether the log is being closed: no later one will come. Before that a place may pass over some.</param>
    void Keep(AuditHead head, bool closing);
}
