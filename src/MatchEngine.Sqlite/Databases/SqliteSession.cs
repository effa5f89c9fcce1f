using Dapper;
using MatchEngine.Galleries.Errors;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Databases;

/// <summary>
/// One connection to a database of ours and the lock under which it is used, for a connection of SQLite belongs to one thread at a time.
/// It is opened when first needed. Errors leave it as <see cref="StoreException"/>.
/// </summary>
internal sealed class SqliteSession(string file, TimeSpan patience, SqliteOpenMode mode = SqliteOpenMode.ReadWrite, SqliteKind? kind = null)
    : IDisposable
{
    /// <summary>How long a locked database is waited for.</summary>
    public static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private SqliteConnection? _connection;
    private bool _disposed;

    /// <summary>Runs <paramref name="work"/> with the connection.</summary>
    public T Use<T>(Func<SqliteConnection, T> work)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return SqliteFault.Told(() => work(_connection ??= Open()), file, kind);
        }
    }

    /// <summary>
    /// Runs <paramref name="work"/> in a write transaction, which is committed when it returns and undone when it throws.
    /// </summary>
    public T Write<T>(Func<SqliteConnection, SqliteTransaction, T> work) => Use(connection =>
    {
        // Immediate: the lock for writing is waited for here, and not in the middle of the work, where SQLite could only give up.
        using var transaction = connection.BeginTransaction(deferred: false);
        var result = work(connection, transaction);
        transaction.Commit();
        return result;
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _connection?.Dispose();
            _connection = null;
        }
    }

    private const int ReadOnly = 8, CannotOpen = 14;

    private SqliteConnection Open()
    {
        try
        {
            return OpenShared();
        }
        catch (SqliteException error) when (
            mode == SqliteOpenMode.ReadWrite && error.SqliteErrorCode is ReadOnly or CannotOpen && File.Exists(file))
        {
            return OpenReadOnly();
        }
    }

    /// <summary>
    /// A connection to a database that this user may read and not write: a folder of a backup, a medium, another user's. Where somebody
    /// writes, the journal is there and is followed; where there is none, nothing changes, and SQLite is told so: it would make a journal.
    /// </summary>
    private SqliteConnection OpenReadOnly()
    {
        var source = File.Exists(file + "-wal")
            ? file
            : $"file:{Uri.EscapeDataString(file).Replace("%2F", "/", StringComparison.Ordinal)}?immutable=1";
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = source, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = Math.Max(1, (int)patience.TotalSeconds),
        }.ToString());
        try
        {
            connection.Open();
            connection.Execute($"PRAGMA busy_timeout = {(int)patience.TotalMilliseconds}; PRAGMA temp_store = MEMORY");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private SqliteConnection OpenShared()
    {
        // A pool would keep files open after the gallery was closed, and deletion must find them free.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = mode,
            Pooling = false,
            ForeignKeys = true,
            DefaultTimeout = Math.Max(1, (int)patience.TotalSeconds),
        }.ToString());
        try
        {
            connection.Open();
            connection.Execute($"PRAGMA busy_timeout = {(int)patience.TotalMilliseconds}");
            if (connection.ExecuteScalar<string>("PRAGMA journal_mode = WAL") != "wal")
                throw new StoreException(
                    StoreFault.Unreachable, file,
                    $"{file}: the file system cannot share memory between processes, which the journal needs (a network share?). "
                        + "Put the data folder on a local disk");
            // FULL: what a commit acknowledged survives a power cut. MEMORY: nothing is written outside the database's folder.
            connection.Execute("PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
