using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Properties;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Store;
using Microsoft.AspNetCore.Http.Features;

namespace MatchEngine.Service.Resources;

/// <summary>
/// <c>/v1/galleries/{gallery}/export</c> and <c>/restoration</c>: a whole gallery out of the service in one file, and back.
/// </summary>
internal static class ArchivesResource
{
    private const string Zip = "application/zip";

    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/galleries/{gallery}/export", async (
                string gallery, HttpContext context, GalleryAccess access, GalleryCatalog catalog, AuditTrail audit) =>
            {
                access.RequireKept(context.Caller(), gallery);
                // Before the first byte leaves: an export that was begun is one.
                await audit.WriteAsync("gallery.exported", context, new { galleries = new[] { gallery } });
                // A ZIP is written by calls that wait; they wait on a thread of their own.
                context.Features.Get<IHttpBodyControlFeature>()!.AllowSynchronousIO = true;
                return Results.Stream(
                    output => Task.Run(
                        () => catalog.Export(gallery, output, cancellationToken: context.RequestAborted), context.RequestAborted),
                    Zip, $"{gallery}.zip");
            })
            .Needs(Policies.KeepGallery).WithName("exportGallery")
            .WithSummary("A whole gallery in one file: templates, metadata, images, properties. What is encrypted stays encrypted")
            .WithTags("galleries")
            .Produces(StatusCodes.Status200OK, contentType: Zip).Problems(404, 503);
        v1.MapPost("/galleries/{gallery}/restoration", Restore)
            .Needs(Policies.CreateGallery).WithName("restoreGallery")
            .WithSummary("Make a gallery of this name from an exported file").WithTags("galleries")
            .WithMetadata(new TakesFile(Zip)).Produces<GalleryResponse>(StatusCodes.Status201Created)
            .Problems(400, 409, 413, 415, 422, 503);
    }

    private static async Task<IResult> Restore(
        string gallery, HttpContext context, OpenGalleries galleries, GalleryCatalog catalog, Organisations organisations,
        ServiceSettings settings, AuditTrail audit)
    {
        if (context.Request.ContentType?.Split(';')[0].Trim() != Zip)
            throw new ProblemException(Problem.Unsupported, $"send the exported file as {Zip}");
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = settings.Limits.ArchiveBytes;
        return await RestoreFrom(gallery, context.Request.Body, context, galleries, catalog, organisations, settings, audit);
    }

    /// <summary>Makes a gallery of an archive that is read as it comes.</summary>
    internal static async Task<IResult> RestoreFrom(
        string gallery, Stream content, HttpContext context, OpenGalleries galleries, GalleryCatalog catalog, Organisations organisations,
        ServiceSettings settings, AuditTrail audit)
    {
        var caller = context.Caller();
        if (!GalleryName.IsValid(gallery))
            throw new ProblemException(Problem.BadValue, "the name cannot be a gallery's");
        // Galleries are larger than memory. The file lies in the data folder, is the owner's alone, and goes when it is closed.
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var archive = new FileStream(Path.Combine(settings.DataFolder, $"restoring-{Guid.NewGuid():N}.zip"), options);
        await content.CopyToAsync(archive, context.RequestAborted);
        archive.Position = 0;
        try
        {
            await Task.Run(
                () => audit.Change(
                    AuditKinds.GalleryRestored,
                    context,
                    new { galleries = new[] { gallery } },
                    record =>
                    {
                        catalog.Restore(archive, record(), gallery, Adopted, cancellationToken: context.RequestAborted).Dispose();
                        return true;
                    }),
                context.RequestAborted);
        }
        catch (ArchiveException e)
        {
            throw new ProblemException(Problem.BadArchive, e.Message, e);
        }
        galleries.Load(gallery, CancellationToken.None);
        return Results.Created($"/v1/galleries/{gallery}", GalleriesResource.Response(caller, galleries.Get(gallery)));

        // What another installation said of ownership and approval holds here only when an administrator brings it.
        GalleryProperties Adopted(GalleryProperties properties) => properties with
        {
            Owner = caller.Is(Role.Administrator) && organisations.Find(properties.Owner) is not null
                ? properties.Owner
                : caller.Organisation,
            Approved = properties.Approved && caller.Is(Role.Administrator),
        };
    }
}
