using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Importing;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.Rest;

/// <summary>An import: photos that lie below the service's import folder.</summary>
/// <param name="Folder">A folder, relative to the import folder; or null with <c>metadata</c>.</param>
/// <param name="Metadata">A CSV file with the columns <c>image</c> and <c>subject</c>, relative to the import folder;
/// or null with <c>folder</c>.</param>
/// <param name="SubjectFrom">Where subjects' ids come from: with a folder, file or folder; with metadata, column.</param>
/// <param name="Faces">What to do with photos that show several faces; null: as the gallery's profile says.</param>
public sealed record ImportRequest(
    string? Folder = null, string? Metadata = null, SubjectFrom? SubjectFrom = null, EnrolmentFaces? Faces = null);

/// <summary><c>/v1/galleries/{gallery}/imports</c>: enrolment of many photos, which goes on after the answer.</summary>
internal static class ImportsResource
{
    public static void Map(IEndpointRouteBuilder v1) => v1.MapPost(
        "/galleries/{gallery}/imports", (string gallery, ImportRequest request, HttpContext context, ImportingPhotos imports) =>
        {
            var started = imports.Start(context.Actor(), gallery, new Frs.Importing.ImportRequest(
                request.Folder, request.Metadata, request.SubjectFrom, request.Faces));
            return Results.Accepted($"/v1/operations/{started.Id}", OperationResponse.Of(started));
        })
        .Needs(Policies.KeepGallery).WithName("startImport").WithTags("subjects")
        .WithSummary(
            "Enrol the photos of a folder or a metadata file. Photos that are enrolled already are passed over; "
                + "a restart of the service goes on where it was")
        .Produces<OperationResponse>(StatusCodes.Status202Accepted).Problems(400, 404);
}
