using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;

namespace MatchEngine.Galleries.Stores;

/// <summary>
/// Where the events of an audit log are kept, append-only. What binds them together (numbers, hashes, anchors) is the domain's
/// (<see cref="AuditLog"/>); a store keeps them and refuses what is not appended. Every member may be called from any thread, and other
/// processes may use the same store. Faults arrive as <see cref="StoreException"/>.
/// </summary>
public interface IAuditStore : IDisposable
{
    /// <summary>Where it is, in the words of a message: a file, a database.</summary>
    string Location { get; }

    /// <summary>Appends events behind the last one, in one transaction; they are on the disk when this returns.</summary>
    /// <param name="make">Given the last event (null: there is none), makes those to append. Nobody else appends meanwhile.</param>
    /// <returns>What <paramref name="make"/> gave.</returns>
    IReadOnlyList<AuditEvent> Append(Func<AuditEvent?, IReadOnlyList<AuditEvent>> make);

    /// <summary>Reads a page of events by rising or falling number.</summary>
    /// <param name="filter">Which events.</param>
    /// <param name="after">Begins behind this number; 0 with the first, or with the newest.</param>
    /// <param name="count">The largest number returned.</param>
    /// <param name="newestFirst">By falling number.</param>
    IReadOnlyList<AuditEvent> Read(AuditFilter filter, long after, int count, bool newestFirst);

    /// <summary>Looks at the whole log in one consistent view, whatever is written meanwhile.</summary>
    T View<T>(Func<IAuditView, T> look);

    /// <summary>Takes the place of some expired events by others, in one transaction.</summary>
    /// <param name="upTo">Events that expired up to this time.</param>
    /// <param name="count">The largest number of them.</param>
    /// <param name="anchor">Given the expired events by rising number and the last event of the log, makes those to append.</param>
    /// <returns>How many events were removed; 0 when none had expired.</returns>
    int Purge(
        DateTimeOffset upTo, int count, Func<IReadOnlyList<AuditEvent>, AuditEvent?, IReadOnlyList<AuditEvent>> anchor);

    /// <summary>Takes what was purged out of the store's journal too.</summary>
    void Scrub();
}

/// <summary>An audit log at one moment.</summary>
public interface IAuditView
{
    /// <summary>The highest number that an event ever had, of those included whose rows are gone; 0 when there was none.</summary>
    long Highest { get; }

    /// <summary>Every event by rising number, read one after the other.</summary>
    IEnumerable<AuditRow> Events();

    /// <summary>The payloads of all events of a kind, as they stand there.</summary>
    IReadOnlyList<string> Payloads(string kind);
}

/// <summary>An event as it was found; one that cannot be an event is found all the same.</summary>
/// <param name="Sequence">The number it stands under.</param>
/// <param name="Event">The event; null when what stands there is none.</param>
/// <param name="Problem">Why it is none.</param>
public readonly record struct AuditRow(long Sequence, AuditEvent? Event, string? Problem);
