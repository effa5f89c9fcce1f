using Dapper;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Sqlite.Databases;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Tests.Databases;

public class SqliteSessionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    [Fact]
    public void The_journal_is_written_ahead_commits_are_flushed_and_deleted_content_is_overwritten()
    {
        using var folder = new TemporaryFolder();
        using var session = New(folder);

        session.Use(connection =>
        {
            Assert.Equal("wal", connection.ExecuteScalar<string>("PRAGMA journal_mode"));
            Assert.Equal(2, connection.ExecuteScalar<int>("PRAGMA synchronous"));
            Assert.Equal(1, connection.ExecuteScalar<int>("PRAGMA secure_delete"));
            Assert.Equal(1, connection.ExecuteScalar<int>("PRAGMA foreign_keys"));
            Assert.Equal(2, connection.ExecuteScalar<int>("PRAGMA temp_store"));
            return 0;
        });
    }

    [Fact]
    public void A_write_that_throws_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        using var session = New(folder);

        Assert.Throws<InvalidOperationException>(() => session.Write<int>((connection, transaction) =>
        {
            connection.Execute("INSERT INTO t (x) VALUES ('half')", transaction: transaction);
            throw new InvalidOperationException("in the middle");
        }));

        Assert.Equal(0, Count(session));
    }

    [Fact]
    public void A_full_disk_is_told_apart_and_what_was_committed_stays()
    {
        using var folder = new TemporaryFolder();
        using var session = New(folder);
        session.Write((connection, transaction) => connection.Execute("INSERT INTO t (x) VALUES ('kept')", transaction: transaction));
        session.Use(connection => connection.ExecuteScalar<long>("PRAGMA max_page_count = 4"));

        var error = Assert.Throws<StoreException>(() => session.Write((connection, transaction) =>
            connection.Execute("INSERT INTO t (x) VALUES (hex(zeroblob(100000)))", transaction: transaction)));

        Assert.Equal(StoreFault.DiskFull, error.Fault);
        Assert.Contains("free some space", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, Count(session));
    }

    [Fact]
    public void A_database_that_another_writer_holds_is_waited_for_and_then_reported_as_locked()
    {
        using var folder = new TemporaryFolder();
        using var first = New(folder);
        using var second = new SqliteSession(folder.Sub("t.db"), Patience);

        first.Write((_, _) =>
        {
            var error = Assert.Throws<StoreException>(() => second.Write((_, _) => 0));
            Assert.Equal(StoreFault.Locked, error.Fault);
            Assert.Contains("run again", error.Message, StringComparison.Ordinal);
            return 0;
        });

        Assert.Equal(0, second.Write((_, _) => 0));
    }

    [Fact]
    public void A_file_that_may_not_be_written_is_reported_as_read_only()
    {
        using var folder = new TemporaryFolder();
        using var session = New(folder);
        session.Use(connection => connection.Execute("PRAGMA query_only = ON"));

        var error = Assert.Throws<StoreException>(() =>
            session.Write((connection, transaction) => connection.Execute("INSERT INTO t (x) VALUES ('a')", transaction: transaction)));

        Assert.Equal(StoreFault.ReadOnly, error.Fault);
    }

    [Fact]
    public void A_missing_file_is_not_made()
    {
        using var folder = new TemporaryFolder();
        using var session = new SqliteSession(folder.Sub("none.db"), Patience);

        var error = Assert.Throws<StoreException>(() => session.Use(_ => 0));

        Assert.Equal(StoreFault.Unreachable, error.Fault);
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public void After_disposal_it_cannot_be_used()
    {
        using var folder = new TemporaryFolder();
        var session = New(folder);
        session.Dispose();

        Assert.Throws<ObjectDisposedException>(() => session.Use(_ => 0));
    }

    private static SqliteSession New(TemporaryFolder folder)
    {
        var session = new SqliteSession(folder.Sub("t.db"), Patience, SqliteOpenMode.ReadWriteCreate);
        session.Use(connection => connection.Execute("CREATE TABLE t (x TEXT NOT NULL)"));
        return session;
    }

    private static long Count(SqliteSession session) => session.Use(connection => connection.ExecuteScalar<long>("SELECT count(*) FROM t"));
}
