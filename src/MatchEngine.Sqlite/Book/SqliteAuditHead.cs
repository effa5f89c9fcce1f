using Dapper;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Sqlite.Databases;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Book;

/// <summary>
/// The head of a data folder's audit log in its service database (table <c>audit_head</c>), for every process that writes to the log, the
/// command too. Where there is no service database, or one of an earlier version, nothing is kept.
/// </summary>
internal sealed class SqliteAuditHead(string file, TimeProvider clock, TimeSpan patience) : IAuditHeadKeeper
{
    public string Place => "the service database";

    public AuditHead? Read() => Use(connection =>
    {
        var (sequence, hash) = connection.QuerySingleOrDefault<(long, string?)>("SELECT sequence, hash FROM audit_head");
        return hash is null ? null : new AuditHead(sequence, hash);
    });

    public void Keep(AuditHead head, bool closing) => Use(connection => connection.Execute(
        """
        INSERT INTO audit_head (id, sequence, hash, noted) VALUES (1, @Sequence, @Hash, @noted)
        ON CONFLICT (id) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash, noted = excluded.noted
        WHERE excluded.sequence > audit_head.sequence
        """,
        new { head.Sequence, head.Hash, noted = StoredTime.Write(clock.GetUtcNow()) }));

    // A connection for each time: it is once a second at most, and the database is the service's to close and to move away.
    private T? Use<T>(Func<SqliteConnection, T> work)
    {
        if (!File.Exists(file))
            return default;
        using var session = new SqliteSession(file, patience, kind: ServiceDatabase.Kind);
        return session.Use(connection =>
            connection.ExecuteScalar<bool>("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'audit_head')")
                ? work(connection)
                : default);
    }
}
