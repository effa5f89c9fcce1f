using System.Text;
using System.Text.Json;
using Dapper;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Stores;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Galleries.Audit;

/// <summary>
/// The audit log of a data folder: events in the order in which they were written, each bound to the one before it by its hash. It lies in
/// a database of its own (<c>audit/audit.db</c>), apart from the galleries, and is append-only. Every member may be called from any thread,
/// and any number of processes may write to one log.
/// </summary>
/// <remarks>
/// <para>An append is acknowledged when it is on the disk (<c>synchronous=FULL</c>). Appends that arrive while another one waits for the
/// disk share the next commit.</para>
/// <para>The chain shows what was changed, taken out, put in or reordered by somebody who did not compute every later hash anew, and who
/// removed the tail with DELETE. Against one who rewrites the whole file there is one remedy: the hash of the last event
/// (<see cref="AuditVerification.Head"/>), kept now and then at a place that he cannot write, and given to <see cref="Verify"/>.</para>
/// </remarks>
public sealed class AuditLog : IDisposable, IAsyncDisposable
{
    /// <summary>The largest page of <see cref="Read"/>.</summary>
    public const int MaxPage = 1000;

    /// <summary>The longest payload, in characters: room for the longest candidate list.</summary>
    public const int MaxPayload = 4 << 20;

    private const int MaxBatch = 256;
    private const int PurgeBatch = 10_000;

    private const string Columns = """
        sequence AS Sequence, time AS Time, kind AS Kind, actor AS Actor, organisation AS Organisation, payload AS Payload,
        expires AS Expires, previous_hash AS PreviousHash, hash AS Hash
        """;

    private readonly string _file;
    private readonly TimeProvider _clock;
    private readonly SqliteSession _reader;
    private readonly SqliteSession _writer;
    private readonly Lock _queueLock = new();
    private readonly Queue<Waiting> _queue = new();
    private Task _draining = Task.CompletedTask;
    private bool _disposed;

    private sealed record Waiting(AuditEntry Entry, string Payload, TaskCompletionSource<AuditEvent> Done);

    private AuditLog(string file, TimeProvider clock, TimeSpan patience)
    {
        (_file, _clock) = (file, clock);
        _reader = new SqliteSession(file, patience, SqliteOpenMode.ReadWriteCreate, SqliteKind.Audit);
        _writer = new SqliteSession(file, patience, SqliteOpenMode.ReadWriteCreate, SqliteKind.Audit);
    }

    /// <summary>The database file.</summary>
    public string File => _file;

    /// <summary>Where the log of a data folder lies.</summary>
    public static string FileOf(string dataFolder) => Path.Combine(Path.GetFullPath(dataFolder), "audit", "audit.db");

    /// <summary>Opens the log of a data folder; it is made if there is none.</summary>
    /// <param name="dataFolder">The data folder.</param>
    /// <param name="clock">Gives the times that are recorded; null for the system's.</param>
    /// <param name="patience">How long a log locked by another process is waited for; null for 30 seconds.</param>
    /// <exception cref="StoreException">The file is no audit log, was written by a newer version, or cannot be written.</exception>
    public static AuditLog Open(string dataFolder, TimeProvider? clock = null, TimeSpan? patience = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(dataFolder);
        var file = FileOf(dataFolder);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SqliteFault.Of(e, Path.GetDirectoryName(file)!);
        }
        var log = new AuditLog(file, clock ?? TimeProvider.System, patience ?? SqliteGalleryStore.DefaultPatience);
        try
        {
            log._writer.Use(connection =>
            {
                SqliteSchema.Migrate(connection, file, SqliteSchema.AuditMigrations, SqliteKind.Audit);
                return 0;
            });
            return log;
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>Writes an event; it is on the disk when this returns.</summary>
    /// <exception cref="StoreException">The log cannot be written; the event is not in it.</exception>
    /// <exception cref="ArgumentException">The payload cannot be written canonically or is too long.</exception>
    /// <exception cref="ObjectDisposedException">The log was closed.</exception>
    public AuditEvent Append(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var payload = Canonical(entry.Payload);
        // On this thread, beside the queue: a caller that holds a transaction open must not wait for a free thread of the pool.
        return _writer.Write((connection, transaction) =>
            Insert(entry, payload, StoredTime.Kept(_clock.GetUtcNow()), Tail(connection, transaction), connection, transaction));
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
            entry, Canonical(entry.Payload), new TaskCompletionSource<AuditEvent>(TaskCreationOptions.RunContinuationsAsynchronously));
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
        filter ??= new AuditFilter();
        var where = new StringBuilder(newestFirst ? (after > 0 ? "sequence < @after" : "1") : "sequence > @after");
        Ask(filter.Kind, "kind = @Kind");
        Ask(filter.Actor, "actor = @Actor");
        Ask(filter.Organisation, "organisation = @Organisation");
        Ask(filter.Gallery, "EXISTS (SELECT 1 FROM json_each(payload, '$.galleries') WHERE value = @Gallery)");
        Ask(filter.Since, "time >= @since");
        Ask(filter.Until, "time < @until");
        var parameters = new
        {
            after,
            count,
            filter.Kind,
            filter.Actor,
            filter.Organisation,
            filter.Gallery,
            since = filter.Since is { } since ? StoredTime.Write(since) : null,
            until = filter.Until is { } until ? StoredTime.Write(until) : null,
        };
        return _reader.Use(connection => connection
            .Query<EventRow>(
                $"SELECT {Columns} FROM event WHERE {where} ORDER BY sequence {(newestFirst ? "DESC" : "ASC")} LIMIT @count", parameters)
            .Select(row => row.ToEvent(_file)).ToList());

        void Ask(object? wanted, string condition)
        {
            if (wanted is not null)
                where.Append(" AND ").Append(condition);
        }
    }

    /// <summary>Checks the whole chain and names the first broken link.</summary>
    /// <param name="head">A hash that an earlier check gave and that was kept elsewhere: if no event of the log has it any more, the tail
    /// was cut off or rewritten. Without one, a tail that was cut off by replacing the file cannot be noticed.</param>
    /// <param name="progress">Told how many events are checked, now and then; null for nobody.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <exception cref="StoreException">The log cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public AuditVerification Verify(string? head = null, IProgress<long>? progress = null, CancellationToken cancellationToken = default) =>
        _reader.Use(connection =>
        {
            const int ReportEvery = 10_000;
            // One view of the whole log, whatever is written meanwhile.
            using var transaction = connection.BeginTransaction(deferred: true);
            var purged = PurgedRuns(connection, transaction);
            var (last, hash, events, headSeen) = (0L, AuditEvent.NoHash, 0L, head is null || head == AuditEvent.NoHash);
            foreach (var row in connection.Query<EventRow>(
                $"SELECT {Columns} FROM event ORDER BY sequence", transaction: transaction, buffered: false))
            {
                cancellationToken.ThrowIfCancellationRequested();
                AuditEvent read;
                try
                {
                    read = row.ToEvent(_file);
                }
                catch (StoreException e)
                {
                    return Broken(row.Sequence, AuditFault.Changed, e.Message);
                }
                while (last + 1 < read.Sequence && purged.Remove(last + 1, out var run) && run.Before == hash && run.Last < read.Sequence)
                {
                    headSeen |= run.Hash == head;
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
                (last, hash) = (read.Sequence, read.Hash);
                if (++events % ReportEvery == 0)
                    progress?.Report(events);
            }
            var highest = connection.ExecuteScalar<long?>("SELECT seq FROM sqlite_sequence WHERE name = 'event'", transaction: transaction)
                ?? 0;
            if (highest > last)
                return Broken(
                    last + 1, AuditFault.Truncated,
                    $"the log ends with event {last}, but {highest} events were written: the tail was cut off");
            if (!headSeen)
                return Broken(last + 1, AuditFault.Truncated, $"no event has the hash {head}: the log was cut off before it, or rewritten");
            progress?.Report(events);
            return new AuditVerification(events, hash, null);

            AuditVerification Broken(long sequence, AuditFault fault, string detail) =>
                new(events, hash, new BrokenLink(sequence, fault, detail));
        });

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
        while (_writer.Write((connection, transaction) => PurgeSome(actor, upTo, connection, transaction)) is var some and > 0)
            removed += some;
        if (removed > 0)
            // Older images of the purged pages lie in the journal.
            _writer.Use(connection => connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)"));
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
        _writer.Dispose();
        _reader.Dispose();
    }

    private static string Canonical(JsonElement payload)
    {
        try
        {
            var text = CanonicalJson.Of(payload);
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
                var events = _writer.Write((connection, transaction) =>
                {
                    var tail = Tail(connection, transaction);
                    return batch.Select(waiting => tail = Insert(
                        waiting.Entry, waiting.Payload, StoredTime.Kept(_clock.GetUtcNow()), tail, connection, transaction)).ToList();
                });
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

    private static AuditEvent? Tail(SqliteConnection connection, SqliteTransaction transaction) => connection
        .QuerySingleOrDefault<EventRow>($"SELECT {Columns} FROM event ORDER BY sequence DESC LIMIT 1", transaction: transaction)
            ?.ToEvent(connection.DataSource);

    private static AuditEvent Insert(
        AuditEntry entry, string payload, DateTimeOffset time, AuditEvent? tail, SqliteConnection connection,
        SqliteTransaction transaction, bool keepForGood = false)
    {
        DateTimeOffset? expires = keepForGood ? null : time.AddYears(entry.RetentionYears);
        var (sequence, previous) = ((tail?.Sequence ?? 0) + 1, tail?.Hash ?? AuditEvent.NoHash);
        var hash = AuditEvent.HashOf(sequence, time, entry.Kind, entry.Actor, entry.Organisation, payload, expires, previous);
        connection.Execute(
            """
            INSERT INTO event (sequence, time, kind, actor, organisation, payload, expires, previous_hash, hash)
            VALUES (@sequence, @time, @Kind, @Actor, @Organisation, @payload, @expires, @previous, @hash)
            """,
            new
            {
                sequence,
                time = StoredTime.Write(time),
                entry.Kind,
                entry.Actor,
                entry.Organisation,
                payload,
                expires = expires is { } end ? StoredTime.Write(end) : null,
                previous,
                hash,
            },
            transaction);
        return new AuditEvent(sequence, time, entry.Kind, entry.Actor, entry.Organisation, payload, expires, previous, hash);
    }

    private long PurgeSome(string actor, DateTimeOffset upTo, SqliteConnection connection, SqliteTransaction transaction)
    {
        var limit = StoredTime.Write(upTo);
        var rows = connection.Query<EventRow>(
            $"SELECT {Columns} FROM event WHERE expires <= @limit ORDER BY sequence LIMIT {PurgeBatch}", new { limit },
            transaction).Select(row => row.ToEvent(_file)).ToList();
        if (rows.Count == 0)
            return 0;
        // A broken chain must stay broken: an anchor over it would make it look whole.
        if (rows.FirstOrDefault(row => row.Recomputed() != row.Hash) is { } forged)
            throw SqliteFault.Damaged(
                _file, $"event {forged.Sequence} is not what was written; nothing is purged before that is looked into",
                kind: SqliteKind.Audit);
        var runs = new List<AuditRun>();
        foreach (var row in rows)
        {
            if (runs.Count > 0 && runs[^1] is var run && run.Last + 1 == row.Sequence && run.Hash == row.PreviousHash)
                runs[^1] = run with { Last = row.Sequence, Hash = row.Hash };
            else
                runs.Add(new AuditRun(row.Sequence, row.Sequence, row.PreviousHash, row.Hash));
        }
        var tail = Tail(connection, transaction);
        foreach (var some in runs.Chunk(AuditAnchor.MaxRuns))
        {
            var entry = new AuditEntry
            {
                Kind = AuditKinds.Purged,
                Actor = actor,
                Payload = AuditEntry.Object(new AuditAnchor(upTo, some)),
            };
            tail = Insert(
                entry, Canonical(entry.Payload), StoredTime.Kept(_clock.GetUtcNow()), tail, connection, transaction, keepForGood: true);
        }
        connection.Execute("INSERT INTO purge (id, up_to) VALUES (1, @limit)", new { limit }, transaction);
        connection.Execute("DELETE FROM event WHERE sequence = @Sequence", rows.Select(row => new { row.Sequence }), transaction);
        connection.Execute("DELETE FROM purge", transaction: transaction);
        return rows.Count;
    }

    private static Dictionary<long, AuditRun> PurgedRuns(SqliteConnection connection, SqliteTransaction transaction)
    {
        // A forged anchor is found like any other forged event: the walk over the events checks it too.
        var runs = new Dictionary<long, AuditRun>();
        foreach (var payload in connection.Query<string>(
            "SELECT payload FROM event WHERE kind = @Purged", new { AuditKinds.Purged }, transaction))
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

    private sealed class EventRow
    {
        public long Sequence { get; init; }
        public string Time { get; init; } = "";
        public string Kind { get; init; } = "";
        public string Actor { get; init; } = "";
        public string? Organisation { get; init; }
        public string Payload { get; init; } = "";
        public string? Expires { get; init; }
        public string PreviousHash { get; init; } = "";
        public string Hash { get; init; } = "";

        public AuditEvent ToEvent(string file) => new(
            Sequence, Parse(Time, file), Kind, Actor, Organisation, Payload,
            Expires is null ? null : Parse(Expires, file), PreviousHash, Hash);

        // What is hashed is the time in our own form: a text in another form would be a change that no hash shows.
        private DateTimeOffset Parse(string text, string file)
        {
            try
            {
                if (StoredTime.Read(text) is var time && StoredTime.Write(time) == text)
                    return time;
            }
            catch (FormatException)
            {
            }
            throw SqliteFault.Damaged(file, $"event {Sequence} has the time '{text}', which was not written here", kind: SqliteKind.Audit);
        }
    }
}
