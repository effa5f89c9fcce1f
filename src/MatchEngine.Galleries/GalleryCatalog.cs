using MatchEngine.Faces.Models;
using MatchEngine.Galleries.Archives;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Encryption;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Stores;

namespace MatchEngine.Galleries;

/// <summary>The galleries of a data folder. Any number of processes may use the same folder.</summary>
/// <remarks>
/// A gallery is a folder <c>galleries/NAME</c> of its own with one SQLite database in it, and not rows of a database shared by all:
/// deleting a gallery removes its files and with them every trace, writers of different galleries never wait for each other, a damaged file
/// costs one gallery, and what is derived from a gallery (an index snapshot) can lie beside it.
/// </remarks>
public sealed class GalleryCatalog
{
    private const string DatabaseFile = "gallery.db";
    private const string DeletedPrefix = ".deleted-";

    private readonly string _galleries;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _patience;
    private readonly DataKeys? _keys;

    private GalleryCatalog(string dataFolder, TimeProvider clock, TimeSpan patience, DataKeys? keys)
    {
        DataFolder = Path.GetFullPath(dataFolder);
        _galleries = Path.Combine(DataFolder, "galleries");
        (_clock, _patience, _keys) = (clock, patience, keys);
    }

    /// <summary>The full path of the data folder. Nothing is ever written outside it.</summary>
    public string DataFolder { get; }

    /// <summary>
    /// Opens a data folder and finishes deletions that were interrupted. The folder itself is made with the first gallery.
    /// </summary>
    /// <param name="dataFolder">The folder.</param>
    /// <param name="clock">Gives the times that are recorded; null for the system's.</param>
    /// <param name="patience">How long a gallery locked by another process is waited for; null for 30 seconds.</param>
    /// <param name="keys">Seal and open images and biographics; null writes them in the clear and reads no others.</param>
    /// <exception cref="StoreException">The folder cannot be read.</exception>
    public static GalleryCatalog Open(string dataFolder, TimeProvider? clock = null, TimeSpan? patience = null, DataKeys? keys = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(dataFolder);
        var catalog = new GalleryCatalog(dataFolder, clock ?? TimeProvider.System, patience ?? SqliteGalleryStore.DefaultPatience, keys);
        foreach (var remains in catalog.Folders().Where(folder => folder.Name.StartsWith(DeletedPrefix, StringComparison.Ordinal)))
            catalog.Erase(remains.FullName, mayBeBusy: true);
        foreach (var folder in catalog.Folders())
            WorkFolder.RemoveRemains(folder);
        return catalog;
    }

    /// <summary>Creates an empty gallery and opens it.</summary>
    /// <param name="name">Its name; see <see cref="GalleryName"/>.</param>
    /// <param name="model">The model it will be bound to.</param>
    /// <param name="properties">Whose it is and how it may be used; null for the defaults.</param>
    /// <param name="record">Its audit event; null where nobody keeps an audit.</param>
    /// <exception cref="ArgumentException">The name or the card cannot be used.</exception>
    /// <exception cref="GalleryExistsException">There is one of this name, or of a name that differs in case only.</exception>
    /// <exception cref="StoreException">The disk is full, the folder may not be written, …</exception>
    public Gallery Create(string name, EmbedderCard model, GalleryProperties? properties = null, ChangeRecord? record = null)
    {
        GalleryName.Require(name);
        var bound = GalleryModel.Of(model);
        var file = DatabaseOf(name);
        RequireFree(name, butItself: true);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SqliteFault.Of(e, Path.GetDirectoryName(file)!);
        }
        if (!SqliteGalleryStore.Create(file, bound, _clock, _patience, properties, record))
            throw new GalleryExistsException(name);
        return Open(name);
    }

    /// <summary>Opens a gallery. Its templates are not read before the first search.</summary>
    /// <param name="name">Its name, in the case in which it was created.</param>
    /// <exception cref="GalleryNotFoundException">There is none.</exception>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public Gallery Open(string name) => TryOpen(name) ?? throw NotFound(name);

    /// <summary>Opens a gallery; null when there is none.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public Gallery? TryOpen(string name) => OpenStore(name) is { } store ? new Gallery(store) : null;

    /// <summary>Every gallery in the ordinal order of the names. A gallery that cannot be read is listed with its problem.</summary>
    /// <exception cref="StoreException">The data folder cannot be read.</exception>
    public IReadOnlyList<CatalogEntry> List()
    {
        var entries = new List<CatalogEntry>();
        foreach (var name in Folders().Select(folder => folder.Name).Where(GalleryName.IsValid).Order(StringComparer.Ordinal))
        {
            try
            {
                using var store = OpenStore(name);
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

    /// <summary>
    /// Deletes a gallery with its subjects, templates and whatever lies in its folder, damaged or not. From the first step on the gallery
    /// is gone for every user; what is interrupted after it is finished when the data folder is opened the next time. A process that has
    /// the gallery open gets <see cref="GalleryNotFoundException"/> from its next search or enrolment.
    /// </summary>
    /// <param name="name">The gallery.</param>
    /// <param name="record">Its audit event, written before the first step; null where nobody keeps an audit.</param>
    /// <exception cref="GalleryNotFoundException">There is none.</exception>
    /// <exception cref="StoreException">The folder may not be written, or another process keeps the gallery locked.</exception>
    public void Delete(string name, ChangeRecord? record = null)
    {
        // Of a damaged gallery nobody can say whether it was ever finished; it is deleted like any other.
        if (!HoldsGallery(name))
            throw NotFound(name);
        var folder = Path.GetDirectoryName(DatabaseOf(name))!;
        var grave = Path.Combine(_galleries, $"{DeletedPrefix}{Guid.NewGuid():N}");
        record?.Write(null);
        try
        {
            Directory.Move(folder, grave);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SqliteFault.Of(e, folder);
        }
        Erase(grave, mayBeBusy: false);
    }

    /// <summary>
    /// Writes a whole gallery into one archive, as it stands at one moment, while others go on using it: templates, metadata, images,
    /// properties and permissions. What is encrypted stays encrypted, and no key is needed.
    /// Meanwhile a copy of the database lies in the data folder.
    /// </summary>
    /// <param name="name">The gallery.</param>
    /// <param name="output">Takes the archive; it need not be seekable, and is left open.</param>
    /// <param name="progress">Told how many bytes of the database are written; null for nobody.</param>
    /// <param name="cancellationToken">Ends the work; what was written is then no archive.</param>
    /// <exception cref="GalleryNotFoundException">There is none.</exception>
    /// <exception cref="StoreException">It cannot be read, or the disk is full.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void Export(string name, Stream output, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        using var store = OpenStore(name) ?? throw NotFound(name);
        using var work = WorkFolder.Create(_galleries);
        var copy = Path.Combine(work.Path, DatabaseFile);
        var keyId = store.CopyTo(copy);
        // Counted in the copy: the gallery may have grown since.
        GallerySummary summary;
        using (var copied = SqliteGalleryStore.Open(name, copy, _clock, _patience) ?? throw NotFound(name))
            summary = copied.Summarize();
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
    }

    /// <summary>
    /// Restores a gallery from an archive, and opens it. Until everything is checked and in place there is no gallery of this name.
    /// </summary>
    /// <param name="archive">The archive; it must be seekable, and is left open.</param>
    /// <param name="name">The gallery's name; null for the one it had.</param>
    /// <param name="adopt">The properties it gets here, made of those it came with; null keeps them.</param>
    /// <param name="record">Its audit event; null where nobody keeps an audit.</param>
    /// <param name="progress">Told how many bytes of the database are read; null for nobody.</param>
    /// <param name="cancellationToken">Ends the work; nothing is left of it.</param>
    /// <exception cref="ArchiveException">The archive is damaged, was changed, or a newer version wrote it; the entry is named.</exception>
    /// <exception cref="ArgumentException">The name cannot be used.</exception>
    /// <exception cref="GalleryExistsException">There is a gallery of this name, or of a name that differs in case only.</exception>
    /// <exception cref="StoreException">The disk is full, the folder may not be written, …</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Gallery Restore(
        Stream archive,
        string? name = null,
        Func<GalleryProperties, GalleryProperties>? adopt = null,
        ChangeRecord? record = null,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(archive);
        if (name is not null)
            RequireFree(GalleryName.Require(name));
        using var work = WorkFolder.Create(_galleries);
        var restored = Path.Combine(work.Path, "restored");
        Directory.CreateDirectory(restored);
        var file = Path.Combine(restored, DatabaseFile);
        var manifest = GalleryArchive.Read(archive, file, progress, cancellationToken);
        name ??= GalleryName.IsValid(manifest.Gallery)
            ? manifest.Gallery
            : throw new ArchiveException(ArchiveManifest.EntryName, "names the gallery in a way that no gallery can be named. Give a name");
        RequireFree(name);
        try
        {
            SqliteGalleryStore.Adopt(file, _patience);
            using var store = SqliteGalleryStore.Open(name, file, _clock, _patience);
            var found = store!.Summarize();
            if ((found.Model.Id, found.Model.Digest.ToString(), found.Subjects, found.Encounters)
                != (manifest.Model, manifest.ModelDigest, manifest.Subjects, manifest.Encounters))
                throw new ArchiveException(
                    GalleryArchive.DatabaseEntry, "holds another gallery than its manifest says. Export the gallery again");
            // The last thing before it takes its place: there is no moment at which it has the properties of another installation.
            if (adopt is not null || record is not null)
                store.WriteProperties(adopt is null ? store.ReadProperties() : adopt(store.ReadProperties()), record);
        }
        catch (StoreException e) when (e.Fault is StoreFault.Damaged or StoreFault.NewerSchema)
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
        try
        {
            // Of a creation that was interrupted an empty folder may be left.
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: false);
            Directory.Move(restored, folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw IsThere(DatabaseOf(name)) ? new GalleryExistsException(name) : SqliteFault.Of(e, folder);
        }
        return Open(name);
    }

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
                throw SqliteFault.Of(e, grave);
        }
    }

    private bool HoldsGallery(string name)
    {
        try
        {
            using var store = OpenStore(name);
            return store is not null;
        }
        catch (StoreException e) when (e.Fault is StoreFault.Damaged or StoreFault.NewerSchema)
        {
            return true;
        }
    }

    private SqliteGalleryStore? OpenStore(string name)
    {
        if (!GalleryName.IsValid(name))
            return null;
        var file = DatabaseOf(name);
        return IsThere(file) ? SqliteGalleryStore.Open(name, file, _clock, _patience, _keys) : null;
    }

    private GalleryNotFoundException NotFound(string name)
    {
        var similar = Folders().Select(folder => folder.Name)
            .FirstOrDefault(other => other.Equals(name, StringComparison.OrdinalIgnoreCase) && other != name);
        return new GalleryNotFoundException(
            name,
            similar is null
                ? $"there is no gallery '{name}' in {DataFolder}: list the galleries, or create it"
                : $"there is no gallery '{name}' in {DataFolder}; there is '{similar}'");
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
            throw SqliteFault.Of(e, _galleries);
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
            throw SqliteFault.Of(e, file);
        }
    }
}
