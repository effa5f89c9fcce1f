using System.ComponentModel;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Sharing;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Intake;
using MatchEngine.Service.Settings;
using Microsoft.AspNetCore.Http.Features;

namespace MatchEngine.Service.Rest;

/// <summary>
/// <c>/v1/galleries/{gallery}/export</c> and <c>/restoration</c>: a whole gallery out of the service in one file, and back.
/// </summary>
internal static class ArchivesResource
{
    private const string Zip = "application/zip";

    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/galleries/{gallery}/export", async (string gallery, HttpContext context, ArchivingGalleries archives) =>
            {
                var write = await archives.ExportAsync(context.Actor(), gallery);
                // A ZIP is written by calls that wait; they wait on a thread of their own.
                context.Features.Get<IHttpBodyControlFeature>()!.AllowSynchronousIO = true;
                return Results.Stream(
                    output => Task.Run(() => write(output, context.RequestAborted), context.RequestAborted), Zip, $"{gallery}.zip");
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
        string gallery,
        [Description("Whether the permissions in it are offered anew to their organisations; otherwise the gallery has none. Only an "
            + "administrator says so")]
        bool? permissions, HttpContext context, ArchivingGalleries archives, ServiceSettings settings)
    {
        if (context.Request.ContentType?.Split(';')[0].Trim() != Zip)
            throw new ProblemException(Problem.Unsupported, $"send the exported file as {Zip}");
        PackedBody.Refuse(context.Request);
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = settings.Limits.ArchiveBytes;
        var restored = await archives.RestoreAsync(
            context.Actor(), gallery, context.Request.Body, permissions ?? false, context.RequestAborted);
        return Results.Created($"/v1/galleries/{gallery}", GalleryResponse.Of(restored));
    }
}
