using Dapper;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Sqlite.Databases;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Tests.Databases;

public sealed class SqliteReadersTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly TemporaryFolder _folder = new();

    public SqliteReadersTests()
    {
        using var session = new SqliteSession(File, Patience, SqliteOpenMode.ReadWriteCreate);
        session.Use(connection => connection.Execute("CREATE TABLE t (x); INSERT INTO t VALUES (7)"));
    }

    public void Dispose() => _folder.Dispose();

    private string File => _folder.Sub("a.db");

    [Fact]
    public void A_reader_does_not_wait_for_another_one_and_each_has_a_connection_of_its_own()
    {
        using var readers = new SqliteReaders(File, Patience);
        // Nobody goes on before all are inside.
        using var inside = new Barrier(SqliteReaders.Most);
        var connections = new SqliteConnection[SqliteReaders.Most];

        Parallel.For(
            0, SqliteReaders.Most, new ParallelOptions { MaxDegreeOfParallelism = SqliteReaders.Most }, i => readers.Use(connection =>
        {
            connections[i] = connection;
            Assert.True(inside.SignalAndWait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
            return 0;
        }));

        Assert.Equal(SqliteReaders.Most, connections.Distinct().Count());
    }

    [Fact]
    public async Task There_are_never_more_than_a_few_and_those_who_come_later_are_served_too()
    {
        using var readers = new SqliteReaders(File, Patience);
        var (now, most) = (0, 0);
        var mine = new Lock();

        var read = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Factory.StartNew(
            () => readers.Use(connection =>
            {
                lock (mine)
                    most = Math.Max(most, ++now);
                var x = connection.ExecuteScalar<long>("SELECT x FROM t");
                Thread.Sleep(1);
                lock (mine)
                    now--;
                return x;
            }),
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        Assert.All(read, x => Assert.Equal(7, x));
        Assert.InRange(most, 1, SqliteReaders.Most);
    }

    [Fact]
    public void One_after_the_other_they_share_one_connection()
    {
        using var readers = new SqliteReaders(File, Patience);

        Assert.Same(readers.Use(connection => connection), readers.Use(connection => connection));
    }

    [Fact]
    public void A_fault_is_told_as_a_sessions_and_the_connection_serves_the_next_one()
    {
        using var readers = new SqliteReaders(File, Patience);

        Assert.Throws<StoreException>(() => readers.Use(connection => connection.Execute("SELECT nothing FROM nowhere")));

        Assert.Equal(7, readers.Use(connection => connection.ExecuteScalar<long>("SELECT x FROM t")));
    }

    [Fact]
    public void Closed_while_one_is_reading_it_lets_that_one_finish_and_serves_no_other()
    {
        var readers = new SqliteReaders(File, Patience);
        SqliteConnection? used = null;

        Assert.Equal(7, readers.Use(connection =>
        {
            used = connection;
            readers.Dispose();
            return connection.ExecuteScalar<long>("SELECT x FROM t");
        }));

        Assert.Equal(System.Data.ConnectionState.Closed, used!.State);
        Assert.Throws<ObjectDisposedException>(() => readers.Use(_ => 0));
    }
}
