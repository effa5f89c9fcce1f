using System.Text.Json;
using System.Text.Json.Nodes;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Stores;

namespace MatchEngine.Galleries.Audit;

/// <summary>
/// The audit log of a data folder: events in the order in which they were written, each bound to the one before it by its hash. It is
/// kept apart from the galleries, and is append-only. Every member may be called from any thread, and any number of processes may write to
/// one log.
/// </summary>
/// <remarks>
/// <para>An append is acknowledged when it is on the disk. Appends that arrive while another one waits for the
/// disk share the next commit.</para>
/// <para>The chain shows what was changed, taken out, put in or reordered by somebody who did not compute every later hash anew, and who
/// removed the tail with DELETE. Against one who rewrites the whole file, or puts an earlier one in its place, there is one remedy: the
/// hash of the last event, kept at a place that he cannot write. The log hands it to those who keep it
/// (<see cref="IAuditHeadKeeper"/>), looks there when it is opened and verified, and gives no number again that may have been given;
/// whoever checks can bring one of his own to <see cref="Verify"/>.</para>
/// </remarks>
public sealed class AuditLog : IDisposable, IAsyncDisposable
{
    /// <summary>The largest page of <see cref="Read"/>.</summary>
    public const int MaxPage = 1000;

    /// <summary>The longest payload, in characters: room for the longest candidate list.</summary>
    public const int MaxPayload = 4 << 20;

    /// <summary>
    /// The member by which every payload says how it is to be read (<see cref="AuditEntry.Schema"/>). Events from before it was written
    /// have none.
    /// </summary>
    public const string SchemaMember = "schema";

    // Heads are kept once a second; no log of ours writes so many events between two of them.
    private const long Unknown = 1_000_000;

    // Two processes, or a clock that is slewed, may be apart by less.
    private static readonly TimeSpan SetBack = TimeSpan.FromSeconds(1);

    private const int MaxBatch = 256;
    private const int PurgeBatch = 10_000;

    private readonly IAuditStore _store;
    private readonly TimeProvider _clock;
    private readonly HeadKeeping _heads;
    private readonly long _highestGiven;
    private readonly IReadOnlyList<(string Place, StoreException Fault)> _unread;
    private readonly Lock _queueLock = new();
    private readonly Queue<Waiting> _queue = new();
    private Task _draining = Task.CompletedTask;
    private bool _disposed;

    private sealed record Waiting(AuditEntry Entry, string Payload, TaskCompletionSource<AuditEvent> Done);

    /// <summary>The log over a store, which it takes over and closes.</summary>
    /// <param name="store">Keeps the events.</param>
    /// <param name="clock">Gives the times that are recorded; null for the system's.</param>
    /// <param name="keepers">Who keeps the log's head elsewhere; null for nobody.</param>
    /// <exception cref="StoreException">The log cannot be read.</exception>
    public AuditLog(IAuditStore store, TimeProvider? clock = null, IReadOnlyList<IAuditHeadKeeper>? keepers = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        (_store, _clock, _heads) = (store, clock ?? TimeProvider.System, new HeadKeeping(keepers ?? []));
        try
        {
            (RolledBack, _highestGiven, _unread) = LookForRollback();
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>
    /// What was wrong when the log was opened: an event that is known elsewhere was not in it. Null when every one was, or none is known.
    /// </summary>
    public BrokenLink? RolledBack { get; }

    /// <summary>
    /// The places that keep heads and could not be read when the log was opened, each with its fault. Such a log is read and verified, but
    /// nothing is written to it: a number that is known there might be given again.
    /// </summary>
    public IReadOnlyList<(string Place, StoreFault Fault)> UnreadHeads => [.. _unread.Select(one => (one.Place, one.Fault.Fault))];

    /// <summary>Refuses a log that cannot be written to for such a place.</summary>
    /// <exception cref="StoreException">The place's own fault.</exception>
    public void RequireHeads()
    {
        if (_unread is [var first, ..])
            throw new StoreException(first.Fault.Fault, first.Fault.File, first.Fault.Message, first.Fault);
    }

    /// <summary>Told, in a line, when the head cannot be kept elsewhere any more, or can again.</summary>
    public event Action<string>? HeadKeepingChanged
    {
        add => _heads.Changed += value;
        remove => _heads.Changed -= value;
    }

    /// <summary>The last event; null when there is none. And what of it is kept elsewhere, with the place: the place may lag behind by some
    /// seconds.</summary>
    /// <exception cref="StoreException">The log cannot be read.</exception>
    public (AuditHead? Head, IReadOnlyList<(AuditHead Head, string Place)> Kept) Heads()
    {
        var kept = _heads.Read().Kept;
        var head = _store.Read(new AuditFilter(), 0, 1, newestFirst: true) is [var last, ..]
            ? new AuditHead(last.Sequence, last.Hash)
            : null;
        return (head, kept);
    }

    /// <summary>Where it is kept, in the words of a message.</summary>
    public string Location => _store.Location;

    /// <summary>Writes an event; it is on the disk when this returns.</summary>
    /// <exception cref="StoreException">The log cannot be written; the event is not in it.</exception>
    /// <exception cref="ArgumentException">The payload cannot be written canonically or is too long.</exception>
    /// <exception cref="ObjectDisposedException">The log was closed.</exception>
    public AuditEvent Append(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var payload = Canonical(entry);
        // On this thread, beside the queue: a caller that holds a transaction open must not wait for a free thread of the pool.
        return Appended(_store.Append(tail => Follow(tail, [(entry, payload)])))[0];
    }

    /// <summary>
    /// Writes an event; it is on the disk when the task ends. Appends of many callers share a commit, and keep the order of their calls.
    /// </summary>
    /// <exception cref="StoreException">The log cannot be written; the event is not in it.</exception>
    /// <exception cref="ArgumentException">The payload cannot be written canonically or is too long.</exception>
    /// <exception cref="ObjectDisposedException">The log was closed.</exception>
    public Task<AuditEvent> AppendAsync(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var waiting = new Waiting(
            entry, Canonical(entry), new TaskCompletionSource<AuditEvent>(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_queueLock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _queue.Enqueue(waiting);
            if (_draining.IsCompleted)
                _draining = Task.Run(Drain);
        }
        return waiting.Done.Task;
    }

    /// <summary>Reads a page of events by rising number.</summary>
    /// <param name="filter">Which events; null for all.</param>
    /// <param name="after">Begins behind this number; 0 with the first.</param>
    /// <param name="count">The largest number returned, 1 … <see cref="MaxPage"/>.</param>
    /// <param name="newestFirst">By falling number instead; then <paramref name="after"/> is where the page before ended,
    /// 0 for the newest.</param>
    /// <exception cref="StoreException">The log cannot be read.</exception>
    public IReadOnlyList<AuditEvent> Read(AuditFilter? filter = null, long after = 0, int count = 100, bool newestFirst = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxPage);
        return _store.Read(filter ?? new AuditFilter(), after, count, newestFirst);
    }

    /// <summary>Checks the whole chain and names the first broken link.</summary>
    /// <param name="head">A hash that an earlier check gave and that was kept elsewhere: if no event of the log has it any more, the tail
    /// was cut off or rewritten. Without one, a tail that was cut off by replacing the file cannot be noticed.</param>
    /// <param name="progress">Told how many events are checked, now and then; null for nobody.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <exception cref="StoreException">The log cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public AuditVerification Verify(string? head = null, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        // Before the log is looked at: it may grow meanwhile, and what is kept lags behind it.
        var kept = _heads.Read().Kept.ToList();
        return _store.View(view =>
        {
            const int ReportEvery = 10_000;
            var purged = PurgedRuns(view);
            var (last, hash, events, headSeen) = (0L, AuditEvent.NoHash, 0L, head is null || head == AuditEvent.NoHash);
            foreach (var row in view.Events())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (row.Event is not { } read)
                    return Broken(row.Sequence, AuditFault.Changed, row.Problem!);
                while (last + 1 < read.Sequence && purged.Remove(last + 1, out var run) && run.Before == hash && run.Last < read.Sequence)
                {
                    headSeen |= run.Hash == head;
                    kept.RemoveAll(one => Covers(run, one.Head));
                    (last, hash) = (run.Last, run.Hash);
                }
                if (read.Recomputed() != read.Hash)
                    return OriginalNumber(read) is { } original
                        ? Broken(
                            read.Sequence, AuditFault.Reordered,
                            $"the event under number {read.Sequence} was written as number {original}: events were reordered, "
                                + "or put in or taken out before it")
                        : Broken(
                            read.Sequence, AuditFault.Changed,
                            $"event {read.Sequence} ({read.Kind}) is not what was written: its content does not give its hash");
                if (read.Sequence != last + 1)
                    return Broken(
                        last + 1, AuditFault.Missing,
                        $"event {last + 1}{(read.Sequence > last + 2 ? $" to {read.Sequence - 1}" : "")} is gone, and no purge removed it");
                if (read.PreviousHash != hash)
                    return Broken(
                        read.Sequence, AuditFault.Inserted,
                        $"event {read.Sequence} does not follow the event before it: one of the two was put in or replaced");
                headSeen |= read.Hash == head;
                kept.RemoveAll(one => one.Head.Sequence == read.Sequence && one.Head.Hash == read.Hash);
                (last, hash) = (read.Sequence, read.Hash);
                if (++events % ReportEvery == 0)
                    progress?.Report(events);
            }
            if (view.Highest is var highest && highest > last)
                return Broken(
                    last + 1, AuditFault.Truncated,
                    $"the log ends with event {last}, but {highest} events were written: the tail was cut off");
            if (!headSeen)
                return Broken(last + 1, AuditFault.Truncated, $"no event has the hash {head}: the log was cut off before it, or rewritten");
            if (kept.Count > 0)
                return new AuditVerification(events, hash, RolledBackTo(last, kept[0]));
            progress?.Report(events);
            return new AuditVerification(events, hash, null);

            AuditVerification Broken(long sequence, AuditFault fault, string detail) =>
                new(events, hash, new BrokenLink(sequence, fault, detail));
        });
    }

    /// <summary>
    /// Removes the events whose retention has ended, and leaves an anchor by which the rest still verifies. What one call is interrupted
    /// in, the next one goes on with.
    /// </summary>
    /// <param name="actor">Who purges.</param>
    /// <param name="now">Events that expired up to this time go; null for now.</param>
    /// <returns>How many events were removed.</returns>
    /// <exception cref="StoreException">The log cannot be written.</exception>
    public long Purge(string actor, DateTimeOffset? now = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(actor);
        var upTo = StoredTime.Kept(now ?? _clock.GetUtcNow());
        long removed = 0;
        var anchors = new List<AuditEvent>();
        while (_store.Purge(upTo, PurgeBatch, (expired, tail) => anchors = Anchor(actor, upTo, expired, tail)) is var some and > 0)
        {
            removed += some;
            _heads.Note(anchors[^1]);
        }
        if (removed > 0)
            _store.Scrub();
        return removed;
    }

    /// <summary>Waits for the appends under way and closes the log.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>Waits for the appends under way and closes the log.</summary>
    public async ValueTask DisposeAsync()
    {
        Task draining;
        lock (_queueLock)
        {
            _disposed = true;
            draining = _draining;
        }
        await draining;
        await _heads.DisposeAsync();
        _store.Dispose();
    }

    /// <summary>The payload with the number of its schema, canonically.</summary>
    private static string Canonical(AuditEntry entry)
    {
        if (entry.Payload.TryGetProperty(SchemaMember, out _))
            throw new ArgumentException($"'{SchemaMember}' is the log's own member of a payload");
        try
        {
            // Into a new object, where a key that stands there twice would be lost: it is refused first.
            CanonicalJson.Of(entry.Payload);
            var members = JsonObject.Create(entry.Payload)!;
            members.Add(SchemaMember, entry.Schema);
            var text = CanonicalJson.Of(JsonSerializer.SerializeToElement(members));
            return text.Length <= MaxPayload
                ? text
                : throw new ArgumentException($"the payload has {text.Length:N0} characters; {MaxPayload:N0} is the limit");
        }
        catch (JsonException e)
        {
            throw new ArgumentException($"the payload cannot be written to the audit log: {e.Message}", e);
        }
    }

    private void Drain()
    {
        while (true)
        {
            var batch = new List<Waiting>();
            lock (_queueLock)
            {
                while (batch.Count < MaxBatch && _queue.TryDequeue(out var waiting))
                    batch.Add(waiting);
                if (batch.Count == 0)
                {
                    // Said under the lock, so that whoever queues next starts a new round.
                    _draining = Task.CompletedTask;
                    return;
                }
            }
            try
            {
                var events = Appended(_store.Append(tail => Follow(tail, batch.Select(waiting => (waiting.Entry, waiting.Payload)))));
                foreach (var (waiting, written) in batch.Zip(events))
                    waiting.Done.SetResult(written);
            }
            catch (Exception e)
            {
                foreach (var waiting in batch)
                    waiting.Done.TrySetException(e);
            }
        }
    }

    /// <summary>What was asked for among the events that were written, whose last one is the head from now on.</summary>
    private List<AuditEvent> Appended(IReadOnlyList<AuditEvent> written)
    {
        _heads.Note(written[^1]);
        return [.. written.Where(one => one.Kind != AuditKinds.ClockSetBack)];
    }

    /// <summary>Events behind the last one, and a remark before the first of them that is older than the one before it.</summary>
    private List<AuditEvent> Follow(AuditEvent? tail, IEnumerable<(AuditEntry Entry, string Payload)> entries)
    {
        var events = new List<AuditEvent>();
        foreach (var (entry, payload) in entries)
        {
            if (tail is not null && tail.Time - _clock.GetUtcNow() > SetBack)
            {
                var remark = new AuditEntry
                {
                    Kind = AuditKinds.ClockSetBack,
                    Actor = "audit",
                    Payload = AuditEntry.Object(new { from = tail.Time, to = StoredTime.Kept(_clock.GetUtcNow()) }),
                };
                events.Add(tail = Follow(tail, remark, Canonical(remark)));
            }
            events.Add(tail = Follow(tail, entry, payload));
        }
        return events;
    }

    /// <summary>An event behind the last one.</summary>
    private AuditEvent Follow(AuditEvent? tail, AuditEntry entry, string payload, bool keepForGood = false)
    {
        RequireHeads();
        var time = StoredTime.Kept(_clock.GetUtcNow());
        DateTimeOffset? expires = keepForGood ? null : time.AddYears(entry.RetentionYears);
        var (sequence, previous) = (Math.Max(tail?.Sequence ?? 0, _highestGiven) + 1, tail?.Hash ?? AuditEvent.NoHash);
        return new AuditEvent(
            sequence, time, entry.Kind, entry.Actor, entry.Organisation, payload, expires, previous,
            AuditEvent.HashOf(sequence, time, entry.Kind, entry.Actor, entry.Organisation, payload, expires, previous));
    }

    /// <summary>What takes the place of expired events.</summary>
    private List<AuditEvent> Anchor(string actor, DateTimeOffset upTo, IReadOnlyList<AuditEvent> expired, AuditEvent? tail)
    {
        // A broken chain must stay broken: an anchor over it would make it look whole.
        if (expired.FirstOrDefault(row => row.Recomputed() != row.Hash) is { } forged)
            throw new StoreException(
                StoreFault.Damaged, Location,
                $"{Location}: event {forged.Sequence} of the audit log is not what was written; nothing is purged before that is looked "
                    + "into. Keep the log for an inquiry, and restore the last backup beside it");
        var runs = new List<AuditRun>();
        foreach (var row in expired)
        {
            if (runs.Count > 0 && runs[^1] is var run && run.Last + 1 == row.Sequence && run.Hash == row.PreviousHash)
                runs[^1] = run with { Last = row.Sequence, Hash = row.Hash };
            else
                runs.Add(new AuditRun(row.Sequence, row.Sequence, row.PreviousHash, row.Hash));
        }
        var anchors = new List<AuditEvent>();
        foreach (var some in runs.Chunk(AuditAnchor.MaxRuns))
        {
            var entry = new AuditEntry
            {
                Kind = AuditKinds.Purged,
                Actor = actor,
                Payload = AuditEntry.Object(new AuditAnchor(upTo, some)),
            };
            anchors.Add(tail = Follow(tail, entry, Canonical(entry), keepForGood: true));
        }
        return anchors;
    }

    /// <summary>The first head that is kept and not in the log, and the highest number that may have been given then; 0 without.</summary>
    private (BrokenLink? Broken, long HighestGiven, IReadOnlyList<(string, StoreException)> Unread) LookForRollback()
    {
        var (kept, unread) = _heads.Read();
        if (kept.Count == 0)
            return (null, 0, unread);
        var last = _store.Read(new AuditFilter(), 0, 1, newestFirst: true) is [var tail] ? tail.Sequence : 0;
        var missing = kept.Where(one => !IsInLog(one.Head, last)).ToList();
        return missing.Count == 0
            ? (null, 0, unread)
            : (RolledBackTo(last, missing[0]), Math.Max(last, missing.Max(one => one.Head.Sequence)) + Unknown, unread);
    }

    private bool IsInLog(AuditHead head, long last)
    {
        var found = _store.Read(new AuditFilter(), head.Sequence - 1, 1, newestFirst: false);
        if (found is [var read] && read.Sequence == head.Sequence)
            return read.Hash == head.Hash;
        // An expired one may have been purged, which leaves an event of a higher number.
        return last > head.Sequence && _store.View(view => PurgedRuns(view).Values.Any(run => Covers(run, head)));
    }

    private static bool Covers(AuditRun run, AuditHead head) =>
        run.First <= head.Sequence && head.Sequence <= run.Last && (head.Sequence < run.Last || head.Hash == run.Hash);

    private static BrokenLink RolledBackTo(long last, (AuditHead Head, string Place) kept) => new(
        kept.Head.Sequence, AuditFault.RolledBack,
        $"the log ends with event {last} and lacks event {kept.Head.Sequence} as {kept.Place} knows it: "
            + "the log was rolled back, replaced or removed");

    private static Dictionary<long, AuditRun> PurgedRuns(IAuditView view)
    {
        // A forged anchor is found like any other forged event: the walk over the events checks it too.
        var runs = new Dictionary<long, AuditRun>();
        foreach (var payload in view.Payloads(AuditKinds.Purged))
        {
            try
            {
                foreach (var run in JsonSerializer.Deserialize<AuditAnchor>(payload, JsonSerializerOptions.Web)?.Runs ?? [])
                    runs.TryAdd(run.First, run);
            }
            catch (JsonException)
            {
                // The walk will say which event it is.
            }
        }
        return runs;
    }

    private static long? OriginalNumber(AuditEvent read)
    {
        const int Far = 1000;
        for (var distance = 1; distance <= Far; distance++)
        {
            if (read.Recomputed(read.Sequence - distance) == read.Hash)
                return read.Sequence - distance;
            if (read.Recomputed(read.Sequence + distance) == read.Hash)
                return read.Sequence + distance;
        }
        return null;
    }
}
