using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Searching;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Properties;

namespace MatchEngine.Frs.Sharing;

/// <summary>A whole gallery out of the service in one file, and back.</summary>
/// <param name="galleries">The galleries.</param>
/// <param name="access">Who keeps which.</param>
/// <param name="catalog">Reads and writes archives.</param>
/// <param name="organisations">The organisations.</param>
/// <param name="rules">The profiles.</param>
/// <param name="options">The data folder.</param>
/// <param name="trail">Takes the events.</param>
public sealed class ArchivingGalleries(
    OpenGalleries galleries, GalleryAccess access, GalleryCatalog catalog, IOrganisations organisations, ServiceRules rules,
    FrsOptions options, AuditTrail trail)
{
    private const int BufferBytes = 1 << 20;
    private const long AskEvery = 16 << 20;

    /// <summary>Begins an export; for the owner's keepers. What is encrypted stays encrypted.</summary>
    /// <param name="actor">A keeper.</param>
    /// <param name="gallery">The gallery.</param>
    /// <returns>Writes the archive into a stream, by calls that wait.</returns>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is none that the actor keeps.</exception>
    public async Task<Action<Stream, CancellationToken>> ExportAsync(Actor actor, string gallery)
    {
        access.RequireKept(actor, gallery);
        // Before the first byte leaves: an export that was begun is one.
        await trail.WriteAsync(actor, "gallery.exported", new { galleries = new[] { gallery } });
        return (output, cancellationToken) => catalog.Export(gallery, output, cancellationToken: cancellationToken);
    }

    /// <summary>Makes a gallery of an archive that is read as it comes; for gallery owners and administrators.</summary>
    /// <param name="actor">Whose organisation owns it afterwards, unless an administrator brings it back to its owner.</param>
    /// <param name="gallery">The name it gets.</param>
    /// <param name="content">The archive.</param>
    /// <param name="permissions">Whether the permissions it came with are offered anew;
    /// only an administrator of the service says so.</param>
    /// <param name="cancellationToken">Ends the restoration; nothing is left of it.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>: the name cannot be a gallery's, or the archive's profile is none
    /// that this service has; or <see cref="ErrorCodes.Forbidden"/>: only an administrator of the service restores permissions.</exception>
    /// <exception cref="Galleries.Errors.StoreException">The disk has no room for it.</exception>
    /// <exception cref="Galleries.Errors.ArchiveException">It is no whole gallery that can be restored here.</exception>
    /// <exception cref="Galleries.Errors.GalleryExistsException">There is one of this name.</exception>
    public async Task<GalleryOverview> RestoreAsync(
        Actor actor, string gallery, Stream content, bool permissions, CancellationToken cancellationToken)
    {
        actor.Require(Policies.CreateGallery);
        if (!GalleryName.IsValid(gallery))
            throw new CodedException(ErrorCodes.BadValue, "the name cannot be a gallery's");
        if (permissions && !actor.Is(Role.ServiceAdministrator))
            throw new CodedException(ErrorCodes.Forbidden, "only an administrator of the service restores the permissions of an archive");
        // Galleries are larger than memory. The file lies in the data folder, is the owner's alone, and goes when it is closed.
        var file = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows())
            file.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var archive = new FileStream(Path.Combine(options.DataFolder, $"restoring-{Guid.NewGuid():N}.zip"), file);
        await TakeAsync(content, archive, cancellationToken);
        archive.Position = 0;
        await Task.Run(
            () => trail.ChangeGallery(
                actor,
                AuditKinds.GalleryRestored,
                new { galleries = new[] { gallery }, permissions },
                record =>
                {
                    catalog.Restore(archive, record(), gallery, Adopted, permissions, cancellationToken: cancellationToken).Dispose();
                    return true;
                }),
            cancellationToken);
        galleries.Load(gallery, CancellationToken.None);
        return GalleryOverview.Of(actor, galleries.Get(gallery));

        // What another installation said of ownership and approval holds here only when an administrator brings it.
        GalleryProperties Adopted(GalleryProperties properties) => properties with
        {
            Owner = actor.Is(Role.ServiceAdministrator) && organisations.Find(properties.Owner) is not null
                ? properties.Owner
                : actor.Organisation,
            Approved = properties.Approved && actor.Is(Role.ServiceAdministrator),
            // By its name and no other way: what stands there is another installation's, and no file is opened for it.
            Profile = rules.Require(properties.Profile),
        };
    }

    /// <summary>Takes a file as long as there is room: nobody says beforehand how long it is, or says so truly.</summary>
    private async Task TakeAsync(Stream content, FileStream archive, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferBytes];
        for (long taken = 0, asked = -AskEvery; await content.ReadAsync(buffer, cancellationToken) is var count and > 0; taken += count)
        {
            if (taken - asked >= AskEvery)
            {
                FreeSpace.Require(options.DataFolder, BufferBytes);
                asked = taken;
            }
            await archive.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        }
    }
}
