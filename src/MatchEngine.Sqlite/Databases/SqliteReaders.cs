using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Databases;

/// <summary>
/// Connections for short reads, so that one reader does not wait for another: at most a few at a time, opened when they are needed and
/// kept.
/// Errors leave them as those of a <see cref="SqliteSession"/>.
/// </summary>
internal sealed class SqliteReaders(string file, TimeSpan patience, SqliteKind? kind = null) : IDisposable
{
    /// <summary>
    /// The largest number of connections. Each has a page cache and up to three open files; more than the processors that could use them
    /// would only wait for these.
    /// </summary>
    public const int Most = 4;

    private readonly SemaphoreSlim _free = new(Most);
    private readonly ConcurrentBag<SqliteSession> _idle = [];
    private volatile bool _disposed;

    /// <summary>Runs <paramref name="work"/> with a connection of its own.</summary>
    public T Use<T>(Func<SqliteConnection, T> work)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _free.Wait();
        try
        {
            // Last in, first out: where one connection is enough no second one is opened.
            var session = _idle.TryTake(out var idle) ? idle : new SqliteSession(file, patience, kind: kind);
            try
            {
                return session.Use(work);
            }
            finally
            {
                _idle.Add(session);
                if (_disposed)
                    CloseIdle();
            }
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Closes the connections; those in use when their work is done.</summary>
    public void Dispose()
    {
        _disposed = true;
        CloseIdle();
    }

    private void CloseIdle()
    {
        while (_idle.TryTake(out var session))
            session.Dispose();
    }
}
