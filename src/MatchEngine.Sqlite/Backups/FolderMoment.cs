using System.Diagnostics;
using Dapper;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Errors;
using MatchEngine.Sqlite.Databases;
using MatchEngine.Sqlite.Stores;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MatchEngine.Sqlite.Backups;

/// <summary>
/// All databases of a data folder as they were at one moment, to be copied at leisure while others go on writing.
/// </summary>
/// <remarks>
/// <para>An event of the audit is on the disk before its change is committed, inside the transaction of the change; the store notes the
/// event in the same transaction; and the service's book says up to which event all is settled. Copies of different moments would break
/// that: stores copied after the audit hold changes without an event; stores copied before it lack changes that the audit tells of; and a
/// book copied later than a gallery may say that these are settled. So nothing is copied in an order. For some milliseconds everybody is
/// kept from writing: first from making and deleting galleries, then from each gallery, then the book, then the audit. That is the order in
/// which a change takes them, and whoever holds a gallery and waits for the audit is waited for. Then each database is opened
/// for reading, which fixes what is read, and the locks are let go. What is copied afterwards has each change with its event and
/// each event with its change.</para>
/// <para>Who holds two databases in another order would wait for us as we wait for him: each lock is waited for a second, then all are let
/// go and taken anew.</para>
/// </remarks>
internal sealed class FolderMoment : IDisposable
{
    private const int PagesAtOnce = 1024;

    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(1);

    private readonly List<(SqliteSession Session, SqliteTransaction View)> _views = [];

    private FolderMoment(DateTimeOffset time) => Time = time;

    /// <summary>When it was.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>The databases.</summary>
    public List<MomentDatabase> Databases { get; } = [];

    /// <summary>The galleries whose databases cannot be read.</summary>
    public List<string> Unread { get; } = [];

    /// <exception cref="StoreException">Somebody writes without a pause for longer than <paramref name="patience"/>, or the audit or the
    /// service's book cannot be read.</exception>
    public static FolderMoment Take(string folder, TimeProvider clock, TimeSpan patience, CancellationToken cancellationToken)
    {
        for (var started = Stopwatch.GetTimestamp(); ; cancellationToken.ThrowIfCancellationRequested())
        {
            try
            {
                return TakeOnce(folder, clock);
            }
            catch (StoreException e) when (e.Fault is StoreFault.Locked && Stopwatch.GetElapsedTime(started) < patience)
            {
                // Everything is let go: whoever waited for us goes on.
            }
        }
    }

    /// <summary>Copies a database into a new file.</summary>
    /// <param name="database">One of <see cref="Databases"/>.</param>
    /// <param name="file">The file.</param>
    /// <param name="copied">Told how many bytes are copied.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public void Copy(MomentDatabase database, string file, Action<long> copied, CancellationToken cancellationToken)
    {
        _views[database.View].Session.Use(source =>
        {
            using var target = new SqliteConnection(new SqliteConnectionStringBuilder
            {
                DataSource = file, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false,
            }.ToString());
            target.Open();
            // A file that is thrown away with its folder when this does not end: nothing of it has to survive.
            target.Execute("PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY");
            using (var backup = raw.sqlite3_backup_init(target.Handle, "main", source.Handle, "main"))
            {
                int code;
                do
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    code = raw.sqlite3_backup_step(backup, PagesAtOnce);
                    var done = raw.sqlite3_backup_pagecount(backup) - raw.sqlite3_backup_remaining(backup);
                    copied((long)(database.Bytes * (done / Math.Max(1.0, raw.sqlite3_backup_pagecount(backup)))));
                }
                while (code == raw.SQLITE_OK);
                if (code != raw.SQLITE_DONE)
                    throw new SqliteException($"copying ended with code {code}", code);
            }
            // One file, without a journal beside it.
            target.Execute("PRAGMA journal_mode = DELETE");
            if (target.QueryFirst<string>("PRAGMA quick_check") is var check && check != "ok")
                throw SqliteFault.Damaged(database.File, check, kind: database.Kind);
            return 0;
        });
    }

    public void Dispose()
    {
        foreach (var (session, view) in _views)
        {
            view.Dispose();
            session.Dispose();
        }
    }

    private static FolderMoment TakeOnce(string folder, TimeProvider clock)
    {
        var galleries = Path.Combine(folder, BackupEntry.Galleries);
        var locks = new List<(SqliteSession Session, SqliteTransaction Held)>();
        using var catalog = Directory.Exists(galleries) ? CatalogLock.Hold(galleries, LockPatience) : null;
        FolderMoment? moment = null;
        try
        {
            var found = Present(folder, galleries).ToList();
            var unread = new HashSet<MomentDatabase>();
            foreach (var database in found)
                if (!TryLock(database, locks))
                    unread.Add(database);
            moment = new FolderMoment(clock.GetUtcNow());
            foreach (var database in found)
            {
                if (unread.Contains(database))
                    moment.Unread.Add(database.Gallery!);
                else
                    moment.Look(database);
            }
            return moment;
        }
        catch
        {
            moment?.Dispose();
            throw;
        }
        finally
        {
            foreach (var (session, held) in locks)
            {
                held.Dispose();
                session.Dispose();
            }
        }
    }

    private static IEnumerable<MomentDatabase> Present(string folder, string galleries)
    {
        if (Directory.Exists(galleries))
            foreach (var name in new DirectoryInfo(galleries).GetDirectories().Select(gallery => gallery.Name).Where(GalleryName.IsValid)
                .Order(StringComparer.Ordinal))
                if (Path.Combine(folder, BackupEntry.OfGallery(name).Path) is var file && File.Exists(file))
                    yield return new MomentDatabase(BackupEntry.OfGallery(name), file, SqliteKind.Gallery) { Gallery = name };
        foreach (var (entry, kind) in new[] { (BackupEntry.Book, Book.ServiceDatabase.Kind), (BackupEntry.Audit, SqliteKind.Audit) })
            if (Path.Combine(folder, entry.Path) is var file && File.Exists(file))
                yield return new MomentDatabase(entry, file, kind);
    }

    /// <summary>False of a gallery that cannot be read: the others are not to be lost for it.</summary>
    private static bool TryLock(MomentDatabase database, List<(SqliteSession, SqliteTransaction)> locks)
    {
        var session = new SqliteSession(database.File, LockPatience, kind: database.Kind);
        try
        {
            locks.Add((session, session.Use(connection =>
            {
                // Galleries of an earlier version are brought to this one's, as at every opening.
                if (database.Gallery is not null)
                    SqliteSchema.Migrate(connection, database.File, SqliteSchema.Migrations);
                return connection.BeginTransaction(deferred: false);
            })));
            return true;
        }
        catch (StoreException e) when (database.Gallery is not null && e.Fault is StoreFault.Damaged or StoreFault.NewerSchema)
        {
            session.Dispose();
            return false;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private void Look(MomentDatabase database)
    {
        var session = new SqliteSession(database.File, LockPatience, kind: database.Kind);
        SqliteTransaction? view = null;
        try
        {
            session.Use(connection =>
            {
                view = connection.BeginTransaction(deferred: true);
                // The first reading, and not the beginning, fixes what is read.
                database.Bytes = connection.ExecuteScalar<long>("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
                if (database.Gallery is not null)
                    database.Row = GalleryRow.Read(connection, view);
                return 0;
            });
        }
        catch
        {
            view?.Dispose();
            session.Dispose();
            throw;
        }
        _views.Add((session, view!));
        // A gallery whose making or deletion was interrupted is none.
        if (database.Gallery is not null && database.Row is not { Deleting: false })
            return;
        database.View = _views.Count - 1;
        Databases.Add(database);
    }
}

/// <summary>A database of a <see cref="FolderMoment"/>.</summary>
/// <param name="Entry">Its place in the folder.</param>
/// <param name="File">Its file.</param>
/// <param name="Kind">What it holds.</param>
internal sealed record MomentDatabase(BackupEntry Entry, string File, SqliteKind Kind)
{
    /// <summary>The gallery's name; null of the book and the audit.</summary>
    public string? Gallery { get; init; }

    /// <summary>Its length.</summary>
    public long Bytes { get; set; }

    /// <summary>The gallery's row; null of the book and the audit.</summary>
    public GalleryRow? Row { get; set; }

    /// <summary>Which of the moment's views it is read by.</summary>
    public int View { get; set; }
}
