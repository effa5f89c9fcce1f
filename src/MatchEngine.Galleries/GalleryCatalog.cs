using MatchEngine.Faces.Models;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Stores;

namespace MatchEngine.Galleries;

/// <summary>The galleries of a store. Any number of processes may use the same one.</summary>
/// <param name="store">Where they are kept.</param>
/// <param name="clock">Says what has expired; null for the system's.</param>
public sealed class GalleryCatalog(IGalleryCatalogStore store, TimeProvider? clock = null)
{
    /// <summary>Where the galleries are kept, in the words of a message: a folder, a database.</summary>
    public string Location => store.Location;

    /// <summary>Creates an empty gallery and opens it.</summary>
    /// <param name="name">Its name; see <see cref="GalleryName"/>.</param>
    /// <param name="model">The model it will be bound to.</param>
    /// <param name="record">Its audit event.</param>
    /// <param name="properties">Whose it is and how it may be used; null for the defaults.</param>
    /// <exception cref="ArgumentException">The name or the card cannot be used.</exception>
    /// <exception cref="GalleryExistsException">There is one of this name, or of a name that differs in case only.</exception>
    /// <exception cref="StoreException">The disk is full, the folder may not be written, …</exception>
    public Gallery Create(string name, EmbedderCard model, ChangeRecord record, GalleryProperties? properties = null)
    {
        ArgumentNullException.ThrowIfNull(record);
        GalleryName.Require(name);
        store.Create(name, GalleryModel.Of(model), properties ?? new GalleryProperties(), record);
        return Open(name);
    }

    /// <summary>Opens a gallery. Its templates are not read before the first search.</summary>
    /// <param name="name">Its name, in the case in which it was created.</param>
    /// <exception cref="GalleryNotFoundException">There is none.</exception>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public Gallery Open(string name) => TryOpen(name) ?? throw NotFound(name);

    /// <summary>Opens a gallery; null when there is none.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public Gallery? TryOpen(string name) => OpenStore(name) is { } opened ? new Gallery(opened, clock) : null;

    /// <summary>
    /// The names of what may be galleries, in ordinal order. Nothing is opened or counted, so some of them may not open.
    /// </summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IReadOnlyList<string> Names() => store.Names();

    /// <summary>
    /// Every gallery with its numbers, in the ordinal order of the names. A gallery that cannot be read is listed with its problem.
    /// </summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IReadOnlyList<CatalogEntry> List() => store.List();

    /// <summary>
    /// Deletes a gallery with its subjects, templates and whatever belongs to it, damaged or not. From the first step on the gallery
    /// is gone for every user; what is interrupted after it is finished when the store is opened the next time. A process that has
    /// the gallery open gets <see cref="GalleryNotFoundException"/> from its next search or enrolment.
    /// </summary>
    /// <param name="name">The gallery.</param>
    /// <param name="record">Its audit event, written before the first step.</param>
    /// <exception cref="GalleryNotFoundException">There is none.</exception>
    /// <exception cref="StoreException">The folder may not be written, or another process keeps the gallery locked.</exception>
    public void Delete(string name, ChangeRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (!store.Delete(name, record))
            throw NotFound(name);
    }

    /// <summary>
    /// Writes a whole gallery into one archive, as it stands at one moment, while others go on using it: templates, metadata, images,
    /// properties and permissions, but for what has expired. What is encrypted stays encrypted, and no key is needed, unless encounters
    /// expire by the date of capture that is encrypted with them.
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
        if (!store.Export(name, output, progress, cancellationToken))
            throw NotFound(name);
    }

    /// <summary>
    /// Restores a gallery from an archive, and opens it. Until everything is checked and in place there is no gallery of this name.
    /// </summary>
    /// <param name="archive">The archive; it must be seekable, and is left open.</param>
    /// <param name="record">Its audit event.</param>
    /// <param name="name">The gallery's name; null for the one it had.</param>
    /// <param name="adopt">The properties it gets here, made of those it came with; null keeps them.</param>
    /// <param name="permissions">Whether the permissions it came with are offered anew to their organisations; otherwise it has none: what
    /// another installation permitted, and to whom, is not for the archive to say.</param>
    /// <param name="progress">Told how many bytes of the database are read; null for nobody.</param>
    /// <param name="cancellationToken">Ends the work; nothing is left of it.</param>
    /// <exception cref="ArchiveException">The archive is damaged, was changed, or a newer version wrote it; the entry is named.</exception>
    /// <exception cref="ArgumentException">The name cannot be used.</exception>
    /// <exception cref="GalleryExistsException">There is a gallery of this name, or of a name that differs in case only.</exception>
    /// <exception cref="StoreException">The disk is full, the folder may not be written, …</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Gallery Restore(
        Stream archive,
        ChangeRecord record,
        string? name = null,
        Func<GalleryProperties, GalleryProperties>? adopt = null,
        bool permissions = false,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(archive);
        ArgumentNullException.ThrowIfNull(record);
        return Open(store.Restore(
            archive, name is null ? null : GalleryName.Require(name), adopt ?? (kept => kept), permissions, record, progress,
            cancellationToken));
    }

    /// <summary>
    /// The identity of the gallery of this name (<see cref="Gallery.Identity"/>); null when there is none. A making, restoring or deletion
    /// that is under way, here or in another process, is waited for.
    /// </summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public string? IdentityOf(string name) => GalleryName.IsValid(name) ? store.IdentityOf(name) : null;

    /// <summary>Opens a gallery's store without an index; null when there is none.</summary>
    internal IGalleryStore? OpenStore(string name) => GalleryName.IsValid(name) ? store.Open(name) : null;

    private GalleryNotFoundException NotFound(string name)
    {
        var similar = store.Names().FirstOrDefault(other => other.Equals(name, StringComparison.OrdinalIgnoreCase) && other != name);
        return new GalleryNotFoundException(
            name,
            similar is null
                ? $"there is no gallery '{name}' in {Location}: list the galleries, or create it"
                : $"there is no gallery '{name}' in {Location}; there is '{similar}'");
    }
}
