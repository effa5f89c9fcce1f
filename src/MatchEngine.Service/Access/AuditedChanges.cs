using System.Collections.Concurrent;
using System.Text.Json;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Store;

namespace MatchEngine.Service.Access;

/// <summary>Where a change's transaction lies, and with it the note that it was made.</summary>
internal enum ChangedStore
{
    /// <summary>The service's own database.</summary>
    Service,

    /// <summary>The gallery that the event names.</summary>
    Gallery,
}

/// <summary>How far a change has come.</summary>
internal enum ChangeStep
{
    /// <summary>All is done but the event and the commit.</summary>
    Begun,

    /// <summary>The event is on the disk, the change is not.</summary>
    Written,

    /// <summary>The change is on the disk too; nobody has been told.</summary>
    Made,
}

/// <summary>Told of every step of a change. Tests use it to be killed there.</summary>
internal interface IChangeObserver
{
    void Reached(ChangeStep step, string kind);
}

/// <summary>
/// Changes with their audit events. An event is on the disk before its change is committed; when the commit does not follow, because the
/// store failed or the process was killed, a further event says so: at once,
/// or at the next start before anybody is served (<see cref="Settle"/>).
/// </summary>
internal sealed class AuditedChanges(AuditLog log, ServiceDatabase database, OpenGalleries galleries, IChangeObserver? observer = null)
{
    /// <summary>The member of a payload that says that a change belongs to the event, and in which store it is noted.</summary>
    public const string Member = "change";

    /// <summary>The kinds whose change is that the gallery is there, or is there no longer.</summary>
    public const string GalleryCreated = "gallery.created", GalleryRestored = "gallery.restored", GalleryDeleted = "gallery.deleted";

    private readonly ConcurrentDictionary<UnderWay, long> _underWay = new(ReferenceEqualityComparer.Instance);
    private long _settled = database.Settled;

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

    /// <summary>Makes a change, or several.</summary>
    /// <param name="entry">The event, given what only the store knows of the change.</param>
    /// <param name="change">Makes the change; it asks for a record for each transaction.</param>
    public T Make<T>(Func<object?, AuditEntry> entry, Func<Func<ChangeRecord>, T> change)
    {
        var mine = new List<UnderWay>();
        try
        {
            var result = change(Record);
            foreach (var made in mine.Where(made => made.Event is not null))
                observer?.Reached(ChangeStep.Made, made.Event!.Kind);
            return result;
        }
        catch
        {
            // The store may have committed and failed afterwards, at cleaning its journal for one: it is asked, not guessed.
            mine.RemoveAll(begun => begun.Tried && !TrySettle(begun));
            throw;
        }
        finally
        {
            foreach (var finished in mine)
                _underWay.TryRemove(finished, out _);
        }

        ChangeRecord Record()
        {
            var begun = new UnderWay();
            // Before the event: whatever number it gets, it is above this one.
            _underWay[begun] = Head();
            mine.Add(begun);
            return new ChangeRecord(
                details =>
                {
                    var written = entry(details);
                    observer?.Reached(ChangeStep.Begun, written.Kind);
                    begun.Tried = true;
                    begun.Event = log.Append(written);
                    observer?.Reached(ChangeStep.Written, written.Kind);
                    return begun.Event;
                },
                Volatile.Read(ref _settled));
        }
    }

    /// <summary>
    /// Says of the changes that the last run of the service left open whether they came about. Only before anybody is served.
    /// </summary>
    /// <exception cref="StoreException">A database cannot be read or written.</exception>
    public void Settle()
    {
        var open = new SortedDictionary<long, AuditEvent>();
        foreach (var written in Since(Volatile.Read(ref _settled)))
        {
            if (written.Kind is AuditKinds.NotMade or AuditKinds.Unknown)
                open.Remove(Payload(written).GetProperty("event").GetInt64());
            else if (Payload(written).TryGetProperty(Member, out _))
                open[written.Sequence] = written;
        }
        var fates = open.Values.Select(written => (Event: written, Fate: FateOf(written))).ToList();
        foreach (var (written, fate) in fates)
        {
            // What was done to a gallery that was deleted afterwards is gone with it, done or not, and the deletion has its own event.
            if (fate == Fate.Unknown && GalleriesOf(written).Any(name => fates.Any(later =>
                later.Event.Sequence > written.Sequence && later.Event.Kind == GalleryDeleted && later.Fate == Fate.Made
                    && GalleriesOf(later.Event).Contains(name))))
                continue;
            Tell(written, fate);
        }
        Checkpoint();
    }

    /// <summary>
    /// Notes up to where all is settled, so that the next start looks at what came since alone, and stores forget what nobody will ask for.
    /// </summary>
    /// <exception cref="StoreException">The database cannot be written.</exception>
    public void Checkpoint()
    {
        // The head first: a change that begins after this gets a higher number,
        // and one that began before it is found under way or is settled.
        var settled = Head();
        foreach (var lowest in _underWay.Values)
            settled = Math.Min(settled, lowest);
        if (settled <= Volatile.Read(ref _settled))
            return;
        database.Settled = settled;
        Volatile.Write(ref _settled, settled);
    }

    /// <summary>False when it must be left to the next start.</summary>
    private bool TrySettle(UnderWay begun)
    {
        try
        {
            // Without an event it may still be on the disk: an append can fail after its commit.
            if (begun.Event is not { } written)
                return false;
            Tell(written, FateOf(written));
            return true;
        }
        catch (StoreException)
        {
            return false;
        }
    }

    private void Tell(AuditEvent written, Fate fate)
    {
        if (fate == Fate.Made)
            return;
        log.Append(new AuditEntry
        {
            Kind = fate == Fate.NotMade ? AuditKinds.NotMade : AuditKinds.Unknown,
            Actor = RetentionRunner.Actor,
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
        if (payload.GetProperty(Member).GetString() == Name(ChangedStore.Service))
            return database.HasMade(written) ? Fate.Made : Fate.NotMade;
        try
        {
            var gallery = galleries.Get(GalleriesOf(written).First());
            // A gallery of the same name may have been made since.
            if (written.Kind == GalleryDeleted)
                return gallery.Identity == payload.GetProperty("identity").GetString() ? Fate.NotMade : Fate.Made;
            return gallery.HasMade(written) ? Fate.Made : Fate.NotMade;
        }
        catch (GalleryNotFoundException)
        {
            return written.Kind switch
            {
                GalleryDeleted => Fate.Made,
                GalleryCreated or GalleryRestored => Fate.NotMade,
                _ => Fate.Unknown,
            };
        }
        catch (StoreException)
        {
            return Fate.Unknown;
        }
    }

    public static string Name(ChangedStore store) => store.ToString().ToLowerInvariant();

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
}
