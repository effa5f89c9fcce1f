using System.Collections.Concurrent;
using System.Text.Json;
using MatchEngine.Galleries.Errors;

namespace MatchEngine.Galleries.Audit;

/// <summary>
/// Changes with their events in an audit log. An event is on the disk before its change is committed; when the commit does not follow,
/// because the store failed or the process was killed, a further event says so: at once, or when the folder's service looks
/// (<see cref="Settle"/>, <see cref="Checkpoint"/>).
/// </summary>
/// <remarks>
/// Several processes may change one data folder, each with a journal of its own. One of them at most keeps the settled mark. An event is
/// appended inside the transaction of its change, and a store that is asked waits for such a transaction: so the one may tell for certain
/// what came of the others' changes.
/// </remarks>
/// <param name="log">Takes the events.</param>
/// <param name="galleries">The galleries that are changed.</param>
/// <param name="self">Who says that a change was not made.</param>
/// <param name="mark">Where it is noted up to which event all is settled; null in a process that leaves that to another one.</param>
/// <param name="witnesses">The other stores that are changed.</param>
/// <param name="observer">Told of every step; null for nobody.</param>
public sealed class AuditedJournal(
    AuditLog log, GalleryCatalog galleries, ChangeAuthor self, ISettledMark? mark, IReadOnlyList<IChangeWitness> witnesses,
    IChangeObserver? observer = null) : ChangeJournal
{
    /// <summary>The member of a payload that says that a change belongs to the event, and in which store it is noted.</summary>
    public const string Member = "change";

    /// <summary>What <see cref="Member"/> says of a change in the gallery that the event names.</summary>
    public const string InGallery = "gallery";

    private readonly ConcurrentDictionary<UnderWay, long> _underWay = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentDictionary<long, bool> _own = new();
    private long _settled = mark?.Settled ?? 0;

    private AuditLog Log => log;

    private IChangeObserver? Observer => observer;

    private enum Fate
    {
        Made,
        NotMade,
        Unknown,
    }

    private sealed class UnderWay
    {
        public bool Tried { get; set; }

        public AuditEvent? Event { get; set; }
    }

    /// <inheritdoc/>
    public override T Make<T>(ChangeAuthor author, string kind, string store, object? payload, Func<Func<ChangeRecord>, T> change)
    {
        ArgumentNullException.ThrowIfNull(author);
        ArgumentNullException.ThrowIfNull(change);
        var begun = new Begun(this, details => Entry(author, kind, store, payload, details));
        try
        {
            var result = change(begun.Next);
            begun.Made();
            return result;
        }
        catch
        {
            begun.Failed();
            throw;
        }
        finally
        {
            begun.End();
        }
    }

    /// <inheritdoc/>
    public override async Task<T> MakeAsync<T>(
        ChangeAuthor author, string kind, object payload, Func<Func<ChangeRecord>, Task<T>> change)
    {
        ArgumentNullException.ThrowIfNull(author);
        ArgumentNullException.ThrowIfNull(change);
        var begun = new Begun(this, details => Entry(author, kind, InGallery, payload, details));
        try
        {
            var result = await change(begun.Next);
            begun.Made();
            return result;
        }
        catch
        {
            begun.Failed();
            throw;
        }
        finally
        {
            begun.End();
        }
    }

    /// <inheritdoc/>
    public override void Note(ChangeAuthor author, string kind, object payload)
    {
        ArgumentNullException.ThrowIfNull(author);
        log.Append(author.Entry(kind, AuditEntry.StandardYears, payload));
    }

    private static AuditEntry Entry(ChangeAuthor author, string kind, string store, object? payload, object? details) =>
        author.Entry(kind, AuditEntry.StandardYears, payload, details, new Dictionary<string, string> { [Member] = store });

    /// <summary>
    /// Says of the changes that an earlier run, or another process that was killed, left open whether they came about. Only before anybody
    /// changes anything here.
    /// </summary>
    /// <exception cref="StoreException">A database cannot be read or written.</exception>
    /// <exception cref="InvalidOperationException">There is no settled mark to begin at.</exception>
    public void Settle()
    {
        RequireMark();
        SettleUpTo(Head(), everything: true);
    }

    /// <summary>
    /// Notes up to where all is settled, so that the next start looks at what came since alone, and stores forget what nobody will ask for.
    /// What another process changed meanwhile is settled first.
    /// </summary>
    /// <exception cref="StoreException">A database cannot be read or written.</exception>
    /// <exception cref="InvalidOperationException">There is no settled mark.</exception>
    public void Checkpoint()
    {
        RequireMark();
        // The head first: a change that begins after this gets a higher number,
        // and one that began before it is found under way or is settled.
        var settled = Head();
        foreach (var lowest in _underWay.Values)
            settled = Math.Min(settled, lowest);
        if (settled > Volatile.Read(ref _settled))
            SettleUpTo(settled, everything: false);
    }

    private void RequireMark()
    {
        if (mark is null)
            throw new InvalidOperationException("this journal keeps no settled mark: the one of another process does");
    }

    private void SettleUpTo(long last, bool everything)
    {
        var open = new SortedDictionary<long, AuditEvent>();
        var deletions = new SortedDictionary<long, AuditEvent>();
        foreach (var written in Since(Volatile.Read(ref _settled)))
        {
            // A word on a change may stand behind the last event that is looked at.
            if (written.Kind is AuditKinds.NotMade or AuditKinds.Unknown)
            {
                var denied = Payload(written).GetProperty("event").GetInt64();
                open.Remove(denied);
                deletions.Remove(denied);
                continue;
            }
            if (written.Sequence > last)
                continue;
            if (written.Kind == AuditKinds.GalleryDeleted)
                deletions[written.Sequence] = written;
            if ((everything || !_own.ContainsKey(written.Sequence)) && Payload(written).TryGetProperty(Member, out _))
                open[written.Sequence] = written;
        }
        var fates = open.Values.Select(written => (Event: written, Fate: FateOf(written))).ToList();
        foreach (var (written, fate) in fates)
            if (fate != Fate.Made)
                deletions.Remove(written.Sequence);
        foreach (var (written, fate) in fates)
        {
            // What was done to a gallery that was deleted afterwards is gone with it, done or not, and the deletion has its own event.
            if (fate != Fate.Made && GalleriesOf(written).Any(name => deletions.Values.Any(
                later => later.Sequence > written.Sequence && GalleriesOf(later).Contains(name))))
                continue;
            Tell(written, fate);
        }
        if (last <= Volatile.Read(ref _settled))
            return;
        mark!.Settled = last;
        Volatile.Write(ref _settled, last);
        foreach (var own in _own.Keys.Where(own => own <= last))
            _own.TryRemove(own, out _);
    }

    private void Tell(AuditEvent written, Fate fate)
    {
        if (fate == Fate.Made)
            return;
        log.Append(new AuditEntry
        {
            Kind = fate == Fate.NotMade ? AuditKinds.NotMade : AuditKinds.Unknown,
            Actor = self.Actor,
            Organisation = written.Organisation,
            Payload = AuditEntry.Object(new { galleries = GalleriesOf(written), @event = written.Sequence, kind = written.Kind }),
            RetentionYears = written.Expires is { } expires
                ? Math.Clamp(expires.Year - written.Time.Year, 1, AuditEntry.MaxYears)
                : AuditEntry.StandardYears,
        });
    }

    private Fate FateOf(AuditEvent written)
    {
        var payload = Payload(written);
        var store = payload.GetProperty(Member).GetString();
        if (store != InGallery)
            return witnesses.FirstOrDefault(witness => witness.Store == store) is { } witness
                ? witness.HasMade(written) ? Fate.Made : Fate.NotMade
                : Fate.Unknown;
        try
        {
            var name = GalleriesOf(written).First();
            var identity = galleries.IdentityOf(name);
            // A gallery of the same name may have been made since.
            if (written.Kind == AuditKinds.GalleryDeleted)
                return identity is not null && identity == payload.GetProperty("identity").GetString() ? Fate.NotMade : Fate.Made;
            using var gallery = identity is null ? null : galleries.OpenStore(name);
            return gallery is null
                ? written.Kind is AuditKinds.GalleryCreated or AuditKinds.GalleryRestored ? Fate.NotMade : Fate.Unknown
                : gallery.HasMade(written) ? Fate.Made : Fate.NotMade;
        }
        catch (StoreException e) when (e.Fault is not StoreFault.Locked)
        {
            return Fate.Unknown;
        }
    }

    private long Head() => log.Read(count: 1, newestFirst: true) is [var last] ? last.Sequence : 0;

    private IEnumerable<AuditEvent> Since(long after)
    {
        while (log.Read(after: after, count: AuditLog.MaxPage) is { Count: > 0 } page)
        {
            foreach (var written in page)
                yield return written;
            after = page[^1].Sequence;
        }
    }

    private static JsonElement Payload(AuditEvent written) => JsonElement.Parse(written.Payload);

    private static IEnumerable<string> GalleriesOf(AuditEvent written) =>
        Payload(written).TryGetProperty("galleries", out var names) ? [.. names.EnumerateArray().Select(name => name.GetString()!)] : [];

    /// <summary>The transactions of one change, one after the other.</summary>
    private sealed class Begun(AuditedJournal journal, Func<object?, AuditEntry> entry)
    {
        private UnderWay? _last;

        public ChangeRecord Next()
        {
            Made();
            End();
            var begun = _last = new UnderWay();
            // Before the event: whatever number it gets, it is above this one.
            journal._underWay[begun] = journal.Head();
            return new ChangeRecord(details => Write(begun, details), Volatile.Read(ref journal._settled));
        }

        /// <summary>The last transaction was committed, or had nothing to change.</summary>
        public void Made()
        {
            if (_last?.Event is { } written)
                journal.Observer?.Reached(ChangeStep.Made, written.Kind);
        }

        /// <summary>The last transaction may have failed.</summary>
        public void Failed()
        {
            // The store may have committed and failed afterwards, at cleaning its journal for one: it is asked, not guessed.
            if (_last is { Tried: true } tried && !TrySettle(tried))
                _last = null;
        }

        /// <summary>Nothing is under way any more; what could not be settled stays so for <see cref="Settle"/>.</summary>
        public void End()
        {
            if (_last is { } over)
                journal._underWay.TryRemove(over, out _);
            _last = null;
        }

        private AuditEvent Write(UnderWay begun, object? details)
        {
            var written = entry(details);
            journal.Observer?.Reached(ChangeStep.Begun, written.Kind);
            begun.Tried = true;
            begun.Event = journal.Log.Append(written);
            journal._own[begun.Event.Sequence] = true;
            journal.Observer?.Reached(ChangeStep.Written, written.Kind);
            return begun.Event;
        }

        /// <summary>False when it must be left to the next start.</summary>
        private bool TrySettle(UnderWay begun)
        {
            try
            {
                // Without an event it may still be on the disk: an append can fail after its commit.
                if (begun.Event is not { } written)
                    return false;
                journal.Tell(written, journal.FateOf(written));
                return true;
            }
            catch (Exception e) when (e is StoreException or ObjectDisposedException)
            {
                return false;
            }
        }
    }
}
