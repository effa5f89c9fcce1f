using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Properties;

namespace MatchEngine.Galleries.Stores;

/// <summary>
/// Where galleries are kept. Every member may be called from any thread, and other processes may use the same galleries. Faults arrive as
/// <see cref="StoreException"/>.
/// </summary>
public interface IGalleryCatalogStore
{
    /// <summary>Where they are, in the words of a message: a folder, a database.</summary>
    string Location { get; }

    /// <summary>The names of what may be galleries, in ordinal order. Nothing is opened or counted, so some of them may not open.</summary>
    IReadOnlyList<string> Names();

    /// <summary>Every gallery with its numbers in the ordinal order of the names; one that cannot be read with its problem.</summary>
    IReadOnlyList<CatalogEntry> List();

    /// <summary>Opens a gallery; null when there is none, it is not finished yet, or it is being deleted.</summary>
    IGalleryStore? Open(string name);

    /// <summary>Creates an empty gallery.</summary>
    /// <param name="name">Its name, which is valid.</param>
    /// <param name="model">The model it is bound to.</param>
    /// <param name="properties">Whose it is and how it may be used.</param>
    /// <param name="record">Its audit event.</param>
    /// <exception cref="GalleryExistsException">There is one of this name, or of a name that differs in case only.</exception>
    void Create(string name, GalleryModel model, GalleryProperties properties, ChangeRecord record);

    /// <summary>Deletes a gallery with everything that belongs to it, damaged or not; false when there is none.</summary>
    /// <param name="name">The gallery.</param>
    /// <param name="record">Its audit event, written before the first step.</param>
    bool Delete(string name, ChangeRecord record);

    /// <summary>Writes a gallery, as it stands at one moment, into an archive; false when there is none.</summary>
    /// <param name="name">The gallery.</param>
    /// <param name="output">Takes the archive; it is left open.</param>
    /// <param name="progress">Told how many bytes are written; null for nobody.</param>
    /// <param name="cancellationToken">Ends the work; what was written is then no archive.</param>
    bool Export(string name, Stream output, IProgress<long>? progress, CancellationToken cancellationToken);

    /// <summary>Makes a gallery of an archive; until everything is checked and in place there is no gallery of this name.</summary>
    /// <param name="archive">The archive; it must be seekable, and is left open.</param>
    /// <param name="name">The gallery's name, which is valid; null for the one it had.</param>
    /// <param name="adopt">The properties it gets here, made of those it came with.</param>
    /// <param name="permissions">Whether the permissions it came with are offered anew; otherwise it has none.</param>
    /// <param name="record">Its audit event, to which the gallery's name is added as <c>galleries</c>.</param>
    /// <param name="progress">Told how many bytes are read; null for nobody.</param>
    /// <param name="cancellationToken">Ends the work; nothing is left of it.</param>
    /// <returns>The gallery's name.</returns>
    /// <exception cref="ArchiveException">The archive is damaged, was changed, or a newer version wrote it.</exception>
    /// <exception cref="GalleryExistsException">There is one of this name, or of a name that differs in case only.</exception>
    string Restore(
        Stream archive, string? name, Func<GalleryProperties, GalleryProperties> adopt, bool permissions, ChangeRecord record,
        IProgress<long>? progress, CancellationToken cancellationToken);

    /// <summary>
    /// The identity (<see cref="IChangeFeed.Identity"/>) of the gallery of this name; null when there is none. A making, restoring or
    /// deletion that is under way, here or in another process, is waited for.
    /// </summary>
    string? IdentityOf(string name);
}
