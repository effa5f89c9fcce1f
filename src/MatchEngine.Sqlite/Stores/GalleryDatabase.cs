using Dapper;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Encryption;
using MatchEngine.Galleries.Errors;
using MatchEngine.Sqlite.Databases;
using MatchEngine.Vectors;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Stores;

/// <summary>
/// The database of one gallery (write-ahead log): its connections, its writes as long as nobody deletes it, and the cleaning of its
/// journal.
/// </summary>
/// <remarks>
/// In WAL mode readers and the writer do not wait for each other, and nothing that takes its time may hold up the short look-ups of
/// enrolment and search: there are several connections for these, and one each for long reads, the change feed, the question whether
/// anything has changed, and writing. Each is opened when it is first needed.
/// </remarks>
internal sealed class GalleryDatabase : IDisposable
{
    // A reader that loads millions of templates must hold up neither a removal nor an opening for its whole time.
    private static readonly TimeSpan ScrubPatience = TimeSpan.FromSeconds(2);

    private readonly TimeSpan _patience;
    private readonly SqliteReaders _readers;
    private readonly SqliteSession _long;
    private readonly SqliteSession _feed;
    private readonly SqliteSession _watch;
    private readonly SqliteSession _writer;

    public GalleryDatabase(string name, string file, TimeProvider clock, TimeSpan patience, GalleryRow row, DataKeys? keys)
    {
        (Name, File, Clock, _patience, Values) = (name, file, clock, patience, new SealedValues(keys, file));
        (Model, Created) = SqliteFault.Told(
            () => (GalleryModel.Parse(row.Model, row.ModelDigest, row.Dimension), StoredTime.Read(row.Created)), file);
        Identity = row.Identity;
        _readers = new SqliteReaders(file, patience);
        (_long, _feed, _watch, _writer) = (Session(), Session(), Session(), Session());
    }

    public string Name { get; }

    public string File { get; }

    public TimeProvider Clock { get; }

    public SealedValues Values { get; }

    public GalleryModel Model { get; }

    public DateTimeOffset Created { get; }

    public string Identity { get; }

    /// <summary>A further connection, for work during which nobody else is to wait.</summary>
    public SqliteSession Session() => new(File, _patience);

    /// <summary>Reads something short.</summary>
    public T Read<T>(Func<SqliteConnection, T> work) => Here(() => _readers.Use(work));

    /// <summary>
    /// Reads rows, and makes of them what is asked for when the connection is free again: opening sealed values takes time.
    /// </summary>
    public T Read<TRows, T>(Func<SqliteConnection, TRows> rows, Func<TRows, T> convert)
    {
        var read = Read(rows);
        return SqliteFault.Told(() => convert(read), File);
    }

    /// <summary>Reads something that takes as long as the gallery is large.</summary>
    public T ReadLong<T>(Func<SqliteConnection, T> work) => Here(() => _long.Use(work));

    /// <summary>Reads for the change feed.</summary>
    public T Follow<T>(Func<SqliteConnection, T> work) => Here(() => _feed.Use(work));

    /// <summary>A number that is another one after a commit of anybody.</summary>
    /// <remarks>
    /// SQLite tells each connection of the commits of others alone; this one never writes. It looks at memory that all processes share, and
    /// at no disk.
    /// </remarks>
    public long Version() => Here(() => _watch.Use(connection => connection.ExecuteScalar<long>("PRAGMA data_version")));

    /// <summary>Runs work in a write transaction of a gallery that nobody is deleting.</summary>
    public T Write<T>(Func<GalleryRow, SqliteConnection, SqliteTransaction, T> work) => Here(
        () => _writer.Write((connection, transaction) => work(RequireAlive(connection, transaction), connection, transaction)));

    /// <summary>The same of work that leaves something behind in the journal when it changes anything: the journal is cleaned.</summary>
    public bool Correct(ChangeRecord record, Func<SqliteConnection, SqliteTransaction, bool> work)
    {
        var corrected = Write((gallery, connection, transaction) =>
        {
            RequireKey(gallery, connection, transaction);
            if (!work(connection, transaction))
                return false;
            // What was wrong lies in the journal until it is scrubbed.
            connection.Execute("UPDATE gallery SET change = change + 1, unscrubbed = 1", transaction: transaction);
            ChangeMarks.Write(record, null, connection, transaction);
            return true;
        });
        if (corrected)
            Scrub();
        return corrected;
    }

    /// <summary>Whether the change of an event was made; a transaction of anybody that is under way is waited for.</summary>
    public bool HasMade(AuditEvent written) => Here(
        () => _writer.Write((connection, transaction) => ChangeMarks.Has(written, connection, transaction)));

    /// <summary>Refuses to write without the gallery's key, and notes the key under which this process writes.</summary>
    public void RequireKey(GalleryRow gallery, SqliteConnection connection, SqliteTransaction transaction)
    {
        Values.RequireKey(gallery.KeyId);
        if (Values.CurrentId != gallery.KeyId)
            connection.Execute("UPDATE gallery SET key_id = @CurrentId", new { Values.CurrentId }, transaction);
    }

    public GalleryRow RequireAlive(SqliteConnection connection, SqliteTransaction transaction) =>
        GalleryRow.Read(connection, transaction) is { Deleting: false } row ? row : throw Deleted();

    /// <summary>
    /// Copies the journal into the database and cuts it to nothing: older images of the pages from which rows were removed lie in it. While
    /// somebody is reading this cannot be done; then the mark stays, and the next removal or opening tries again.
    /// </summary>
    public void Scrub()
    {
        try
        {
            var (change, busy) = _writer.Use(connection =>
            {
                var seen = GalleryRow.Read(connection)?.Change;
                connection.Execute($"PRAGMA busy_timeout = {(int)Math.Min(_patience.TotalMilliseconds, ScrubPatience.TotalMilliseconds)}");
                try
                {
                    return (seen, connection.QuerySingle<(long Busy, long Log, long Moved)>(
                        "PRAGMA wal_checkpoint(TRUNCATE)", commandTimeout: 1).Busy);
                }
                finally
                {
                    connection.Execute($"PRAGMA busy_timeout = {(int)_patience.TotalMilliseconds}");
                }
            });
            // Whoever removed something since has set the mark for pages that this checkpoint did not see.
            if (busy == 0)
                _writer.Write((connection, transaction) =>
                    connection.Execute("UPDATE gallery SET unscrubbed = 0 WHERE change = @change", new { change }, transaction));
        }
        catch (StoreException e) when (e.Fault is StoreFault.Locked)
        {
            // Another process is copying the journal just now. The rows are gone from the gallery; only the mark has to stay.
        }
    }

    public Template ParseTemplate(long row, byte[] body)
    {
        var template = Template.Parse(body);
        return template.Model == Model.Digest && template.Dimension == Model.Dimension
            ? template
            : throw SqliteFault.Damaged(File, $"the template of row {row} is of another model");
    }

    public void Dispose()
    {
        _writer.Dispose();
        _watch.Dispose();
        _feed.Dispose();
        _long.Dispose();
        _readers.Dispose();
    }

    /// <summary>A connection that is opened only now finds nothing where the gallery was deleted.</summary>
    private T Here<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (StoreException e) when (e.Fault is StoreFault.Unreachable && !System.IO.File.Exists(File))
        {
            throw Deleted();
        }
    }

    private GalleryNotFoundException Deleted() => new(Name, $"gallery '{Name}' was deleted while it was open");
}
