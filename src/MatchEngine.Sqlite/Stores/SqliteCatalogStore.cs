using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Encryption;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Stores;
using MatchEngine.Sqlite.Archives;
using MatchEngine.Sqlite.Databases;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Stores;

/// <summary>The galleries of a data folder. Any number of processes may use the same folder; nothing is ever written outside it.</summary>
/// <remarks>
/// A gallery is a folder <c>galleries/NAME</c> of its own with one SQLite database in it, and not rows of a database shared by all:
/// deleting a gallery removes its files and with them every trace, writers of different galleries never wait for each other, a damaged file
/// costs one gallery, and what is derived from a gallery (an index snapshot) can lie beside it.
/// </remarks>
internal sealed class SqliteCatalogStore : IGalleryCatalogStore
{
    private const string DatabaseFile = "gallery.db";
    private const string DeletedPrefix = ".deleted-";

    private readonly string _galleries;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _patience;
    private readonly DataKeys? _keys;

    /// <summary>Opens a data folder and finishes deletions that were interrupted.</summary>
    /// <exception cref="StoreException">The folder cannot be read.</exception>
    public SqliteCatalogStore(string dataFolder, TimeProvider clock, TimeSpan patience, DataKeys? keys)
    {
        Location = Path.GetFullPath(dataFolder);
        _galleries = Path.Combine(Location, "galleries");
        (_clock, _patience, _keys) = (clock, patience, keys);
        foreach (var remains in Folders().Where(folder => folder.Name.StartsWith(DeletedPrefix, StringComparison.Ordinal)))
            Erase(remains.FullName, mayBeBusy: true);
        foreach (var folder in Folders())
            WorkFolder.RemoveRemains(folder);
    }

    /// <summary>The full path of the data folder.</summary>
    public string Location { get; }

    public IReadOnlyList<string> Names() =>
        [.. Folders().Select(folder => folder.Name).Where(GalleryName.IsValid).Order(StringComparer.Ordinal)];

    public IReadOnlyList<CatalogEntry> List()
    {
        var entries = new List<CatalogEntry>();
        foreach (var name in Names())
        {
            try
            {
                using var store = OpenHere(name);
                if (store is not null)
                    entries.Add(new CatalogEntry(name, store.Summarize(), null));
            }
            catch (StoreException e)
            {
                entries.Add(new CatalogEntry(name, null, e));
            }
        }
        return entries;
    }

    public IGalleryStore? Open(string name) => OpenHere(name);

    public void Create(string name, GalleryModel model, GalleryProperties properties, ChangeRecord record)
    {
        var file = DatabaseOf(name);
        RequireFree(name, butItself: true);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StoreException.Of(e, Path.GetDirectoryName(file)!);
        }
        using (Hold())
        {
            if (!SqliteGalleryStore.Create(file, model, _clock, _patience, properties, record))
                throw new GalleryExistsException(name);
        }
    }

    public bool Delete(string name, ChangeRecord record)
    {
        // Of a damaged gallery nobody can say whether it was ever finished; it is deleted like any other.
        if (!HoldsGallery(name))
            return false;
        var folder = Path.GetDirectoryName(DatabaseOf(name))!;
        var grave = Path.Combine(_galleries, $"{DeletedPrefix}{Guid.NewGuid():N}");
        using (Hold())
        {
            record.Write(null);
            try
            {
                Directory.Move(folder, grave);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw StoreException.Of(e, folder);
            }
        }
        Erase(grave, mayBeBusy: false);
        return true;
    }

    public bool Export(string name, Stream output, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        using var store = OpenHere(name);
        if (store is null)
            return false;
        using var work = WorkFolder.Create(_galleries);
        var copy = Path.Combine(work.Path, DatabaseFile);
        var keyId = store.CopyTo(copy);
        // Counted in the copy: the gallery may have grown since.
        GallerySummary summary;
        using (var copied = SqliteGalleryStore.Open(name, copy, _clock, _patience, _keys)!)
        {
            RemoveExpired(copied, cancellationToken);
            summary = copied.Summarize();
        }
        GalleryArchive.Write(
            copy,
            entry => new ArchiveManifest(
                ArchiveManifest.TheFormat,
                ArchiveManifest.CurrentVersion,
                name,
                summary.Model.Id,
                summary.Model.Digest.ToString(),
                SqliteSchema.Migrations.Count,
                _clock.GetUtcNow(),
                summary.Subjects,
                summary.Encounters,
                keyId,
                [entry]),
            output,
            progress,
            cancellationToken);
        return true;
    }

    /// <summary>What has expired is not there, removed or not: it goes out of the copy, of which nobody keeps an account.</summary>
    private void RemoveExpired(SqliteGalleryStore copied, CancellationToken cancellationToken)
    {
        if (copied.Properties.Read().Retention is null)
            return;
        var now = _clock.GetUtcNow();
        for (long? after = 0; after is { } row; cancellationToken.ThrowIfCancellationRequested())
            (_, _, after) = copied.Subjects.PurgeSome(now, row, ChangeJournal.None.Record);
    }

    public string Restore(
        Stream archive, string? name, Func<GalleryProperties, GalleryProperties> adopt, bool permissions, ChangeRecord record,
        IProgress<long>? progress, CancellationToken cancellationToken)
    {
        if (name is not null)
            RequireFree(name);
        using var work = WorkFolder.Create(_galleries);
        var restored = Path.Combine(work.Path, "restored");
        Directory.CreateDirectory(restored);
        var file = Path.Combine(restored, DatabaseFile);
        var manifest = GalleryArchive.Read(archive, file, new UnpackingLimits(() => FreeSpace.Of(work.Path)), progress, cancellationToken);
        name ??= GalleryName.IsValid(manifest.Gallery)
            ? manifest.Gallery
            : throw new ArchiveException(ArchiveManifest.EntryName, "names the gallery in a way that no gallery can be named. Give a name");
        RequireFree(name);
        GalleryProperties properties;
        try
        {
            SqliteGalleryStore.Adopt(file, _patience);
            using var store = SqliteGalleryStore.Open(name, file, _clock, _patience, _keys);
            var found = store!.Summarize();
            if ((found.Model.Id, found.Model.Digest.ToString(), found.Subjects, found.Encounters)
                != (manifest.Model, manifest.ModelDigest, manifest.Subjects, manifest.Encounters))
                throw new ArchiveException(
                    GalleryArchive.DatabaseEntry, "holds another gallery than its manifest says. Export the gallery again");
            store.RequireRows();
            properties = adopt(store.Properties.Read());
        }
        // An error in SQL of ours (code 1) is one of the database too: its values are none that SQLite can take apart.
        catch (StoreException e) when (
            e.Fault is StoreFault.Damaged or StoreFault.NewerSchema || e.InnerException is SqliteException { SqliteErrorCode: 1 })
        {
            throw new ArchiveException(
                GalleryArchive.DatabaseEntry,
                e.Fault is StoreFault.NewerSchema
                    ? $"was written by a newer version of MatchEngine (schema {manifest.Schema}; this version knows up to "
                        + $"{SqliteSchema.Migrations.Count}). Use that version or a newer one"
                    : $"is no gallery's database ({e.Message.Replace(file, DatabaseFile, StringComparison.Ordinal)})",
                e);
        }
        var folder = Path.GetDirectoryName(DatabaseOf(name))!;
        using (Hold())
        {
            // The last thing before it takes its place: there is no moment at which it has the properties of another installation.
            using (var store = SqliteGalleryStore.Open(name, file, _clock, _patience)!)
                store.Properties.Adopt(properties, permissions, record, new { galleries = new[] { name } });
            try
            {
                // Of a creation that was interrupted an empty folder may be left.
                if (Directory.Exists(folder))
                    Directory.Delete(folder, recursive: false);
                Directory.Move(restored, folder);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw IsThere(DatabaseOf(name)) ? new GalleryExistsException(name) : StoreException.Of(e, folder);
            }
        }
        return name;
    }

    public string? IdentityOf(string name)
    {
        if (!Directory.Exists(_galleries))
            return null;
        using (Hold())
        using (var store = OpenHere(name))
            return store?.Feed.Identity;
    }

    private CatalogLock Hold() => CatalogLock.Hold(_galleries, _patience);

    private void RequireFree(string name, bool butItself = false)
    {
        foreach (var folder in Folders().Where(
            folder => folder.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && !(butItself && folder.Name == name)))
            if (HoldsGallery(folder.Name))
                throw new GalleryExistsException(folder.Name);
    }

    /// <summary>
    /// Removes what was a gallery. A process that still has it open is told through the database, for on Unix it could go on reading files
    /// that have no name any more.
    /// </summary>
    private void Erase(string grave, bool mayBeBusy)
    {
        var file = Path.Combine(grave, DatabaseFile);
        try
        {
            if (IsThere(file))
                SqliteGalleryStore.MarkDeleting(file, _patience);
        }
        catch (StoreException e) when (e.Fault is StoreFault.Locked && mayBeBusy)
        {
            // Another process is deleting it, or is using it for longer than we wait; the next start tries again.
            return;
        }
        catch (StoreException e) when (e.Fault is not StoreFault.Locked)
        {
            // Damaged, or gone under our hands because two processes delete it at once: the files are all that is left to do.
        }
        try
        {
            Directory.Delete(grave, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Two processes were deleting it.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!mayBeBusy)
                throw StoreException.Of(e, grave);
        }
    }

    private bool HoldsGallery(string name)
    {
        try
        {
            using var store = OpenHere(name);
            return store is not null;
        }
        catch (StoreException e) when (e.Fault is StoreFault.Damaged or StoreFault.NewerSchema)
        {
            return true;
        }
    }

    private SqliteGalleryStore? OpenHere(string name)
    {
        if (!GalleryName.IsValid(name))
            return null;
        var file = DatabaseOf(name);
        return IsThere(file) ? SqliteGalleryStore.Open(name, file, _clock, _patience, _keys) : null;
    }

    private string DatabaseOf(string name) => Path.Combine(_galleries, name, DatabaseFile);

    private DirectoryInfo[] Folders()
    {
        try
        {
            return new DirectoryInfo(_galleries).GetDirectories();
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StoreException.Of(e, _galleries);
        }
    }

    /// <summary>Whether the file is there. Unlike File.Exists it tells a file that nobody may see from one that does not exist.</summary>
    private static bool IsThere(string file)
    {
        try
        {
            return !File.GetAttributes(file).HasFlag(FileAttributes.Directory);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StoreException.Of(e, file);
        }
    }
}
