using System.Text;
using Dapper;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Stores;
using MatchEngine.Sqlite.Databases;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Audit;

/// <summary>
/// The events of an audit log in a database of its own (<c>audit/audit.db</c>). Triggers refuse what is not appended; a commit waits for
/// the
/// disk (<c>synchronous=FULL</c>).
/// </summary>
internal sealed class SqliteAuditStore : IAuditStore
{
    private readonly SqliteSession _reader;
    private readonly SqliteSession _writer;

    private SqliteAuditStore(string file, TimeSpan patience)
    {
        Location = file;
        _reader = new SqliteSession(file, patience, SqliteOpenMode.ReadWriteCreate, SqliteKind.Audit);
        _writer = new SqliteSession(file, patience, SqliteOpenMode.ReadWriteCreate, SqliteKind.Audit);
    }

    public string Location { get; }

    /// <summary>Opens the database; it is made if there is none.</summary>
    /// <exception cref="StoreException">It is no audit log, was written by a newer version, or cannot be written.</exception>
    public static SqliteAuditStore Open(string file, TimeSpan patience)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StoreException.Of(e, Path.GetDirectoryName(file)!);
        }
        var store = new SqliteAuditStore(file, patience);
        try
        {
            store._writer.Use(connection =>
            {
                SqliteSchema.Migrate(connection, file, SqliteSchema.AuditMigrations, SqliteKind.Audit);
                return 0;
            });
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    public IReadOnlyList<AuditEvent> Append(Func<AuditEvent?, IReadOnlyList<AuditEvent>> make) => _writer.Write((connection, transaction) =>
    {
        var events = make(Tail(connection, transaction));
        Insert(events, connection, transaction);
        return events;
    });

    public IReadOnlyList<AuditEvent> Read(AuditFilter filter, long after, int count, bool newestFirst)
    {
        var where = new StringBuilder(newestFirst ? (after > 0 ? "sequence < @after" : "1") : "sequence > @after");
        Ask(filter.Kind, "kind = @Kind");
        Ask(filter.Actor, "actor = @Actor");
        Ask(filter.Organisation, "organisation = @Organisation");
        Ask(filter.Gallery, "EXISTS (SELECT 1 FROM json_each(payload, '$.galleries') WHERE value = @Gallery)");
        Ask(
            filter.CaseNumber,
            "(json_extract(payload, '$.purpose.caseNumber') = @CaseNumber OR kind LIKE 'case.%' AND json_extract(payload, '$.number') = "
                + "@CaseNumber)");
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
            filter.CaseNumber,
            since = filter.Since is { } since ? StoredTime.Write(since) : null,
            until = filter.Until is { } until ? StoredTime.Write(until) : null,
        };
        return _reader.Use(connection => connection.Query<EventRow>(
                $"SELECT {EventRow.Columns} FROM event WHERE {where} ORDER BY sequence {(newestFirst ? "DESC" : "ASC")} LIMIT @count",
                parameters))
            .Select(row => row.ToEvent(Location)).ToList();

        void Ask(object? wanted, string condition)
        {
            if (wanted is not null)
                where.Append(" AND ").Append(condition);
        }
    }

    public T View<T>(Func<IAuditView, T> look) => _reader.Use(connection =>
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        return look(new AuditView(Location, connection, transaction));
    });

    public int Purge(DateTimeOffset upTo, int count, Func<IReadOnlyList<AuditEvent>, AuditEvent?, IReadOnlyList<AuditEvent>> anchor) =>
        _writer.Write((connection, transaction) =>
        {
            var limit = StoredTime.Write(upTo);
            var expired = connection.Query<EventRow>(
                $"SELECT {EventRow.Columns} FROM event WHERE expires <= @limit ORDER BY sequence LIMIT @count", new { limit, count },
                transaction).Select(row => row.ToEvent(Location)).ToList();
            if (expired.Count == 0)
                return 0;
            Insert(anchor(expired, Tail(connection, transaction)), connection, transaction);
            connection.Execute("INSERT INTO purge (id, up_to) VALUES (1, @limit)", new { limit }, transaction);
            connection.Execute(
                "DELETE FROM event WHERE sequence = @Sequence", expired.Select(written => new { written.Sequence }), transaction);
            connection.Execute("DELETE FROM purge", transaction: transaction);
            return expired.Count;
        });

    // Older images of the purged pages lie in the journal.
    public void Scrub() => _writer.Use(connection => connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)"));

    public void Dispose()
    {
        _writer.Dispose();
        _reader.Dispose();
    }

    private AuditEvent? Tail(SqliteConnection connection, SqliteTransaction transaction) => connection
        .QuerySingleOrDefault<EventRow>(
            $"SELECT {EventRow.Columns} FROM event ORDER BY sequence DESC LIMIT 1", transaction: transaction)?.ToEvent(Location);

    private static void Insert(IEnumerable<AuditEvent> events, SqliteConnection connection, SqliteTransaction transaction)
    {
        foreach (var written in events)
            connection.Execute(
                """
                INSERT INTO event (sequence, time, kind, actor, organisation, payload, expires, previous_hash, hash)
                VALUES (@Sequence, @time, @Kind, @Actor, @Organisation, @Payload, @expires, @PreviousHash, @Hash)
                """,
                new
                {
                    written.Sequence,
                    time = StoredTime.Write(written.Time),
                    written.Kind,
                    written.Actor,
                    written.Organisation,
                    written.Payload,
                    expires = written.Expires is { } end ? StoredTime.Write(end) : null,
                    written.PreviousHash,
                    written.Hash,
                },
                transaction);
    }

    private sealed class AuditView(string file, SqliteConnection connection, SqliteTransaction transaction) : IAuditView
    {
        public long Highest => connection.ExecuteScalar<long?>(
            "SELECT seq FROM sqlite_sequence WHERE name = 'event'", transaction: transaction) ?? 0;

        public IEnumerable<AuditRow> Events()
        {
            foreach (var row in connection.Query<EventRow>(
                $"SELECT {EventRow.Columns} FROM event ORDER BY sequence", transaction: transaction, buffered: false))
                yield return Found(row);
        }

        public IReadOnlyList<string> Payloads(string kind) =>
            connection.Query<string>("SELECT payload FROM event WHERE kind = @kind", new { kind }, transaction).AsList();

        private AuditRow Found(EventRow row)
        {
            try
            {
                return new AuditRow(row.Sequence, row.ToEvent(file), null);
            }
            catch (StoreException e)
            {
                return new AuditRow(row.Sequence, null, e.Message);
            }
        }
    }
}
