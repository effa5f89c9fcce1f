using MatchEngine.Galleries.Enrolment;
using MatchEngine.Service.Access;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Imports;
using MatchEngine.Service.Resources;
using MatchEngine.Service.Store;

namespace MatchEngine.Service.Pages;

/// <summary>The page of a gallery's imports.</summary>
/// <param name="Gallery">The gallery.</param>
/// <param name="Operations">The reader's imports into it, newest first.</param>
public sealed record ImportsModel(string Gallery, IReadOnlyList<OperationResponse> Operations)
{
    /// <summary>Whether one of them goes on.</summary>
    public bool IsAnyOpen => Operations.Any(operation => operation.State is OperationState.Queued or OperationState.Running);
}

/// <summary>Imports of many photos, which the operator has put into the service's folder, and what becomes of them.</summary>
internal static class ImportPages
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        const string path = "/galleries/{gallery}/imports";
        pages.MapGet(path, (string gallery, HttpContext context, GalleryAccess access, Operations operations) =>
                context.Page<ImportsView, ImportsModel>(new ImportsModel(
                    access.RequireKept(context.Caller(), gallery).Name,
                    [.. operations.List(context.Caller().Account).Where(operation => operation.Gallery == gallery)
                        .Select(OperationsResource.Response)])))
            .For(Policies.KeepGallery);
        pages.MapPost(path, async (
                string gallery, HttpContext context, GalleryAccess access, ServiceSettings settings, Operations operations,
                ImportRunner runner, AuditTrail audit) =>
            {
                using var form = await PageForm.ReadAsync(context);
                var faces = form.Text("faces") switch
                {
                    "largest" => EnrolmentFaces.Largest,
                    "central" => EnrolmentFaces.Central,
                    "each" => EnrolmentFaces.Each,
                    _ => EnrolmentFaces.Only,
                };
                var request = form.Text("source") == "metadata"
                    ? new ImportRequest(Metadata: form.Text("path") ?? "", Faces: faces)
                    : new ImportRequest(
                        form.Text("path") ?? ".",
                        SubjectFrom: form.Text("source") == "folders" ? SubjectFrom.Folder : SubjectFrom.File, Faces: faces);
                ImportsResource.Start(gallery, request, context, access, settings, operations, runner, audit);
                return WebPages.Done($"/galleries/{gallery}/imports", "import-started");
            })
            .For(Policies.KeepGallery);
        pages.MapPost(
            path + "/{operation}/cancellation",
            async (string gallery, string operation, HttpContext context, Operations operations, ImportRunner runner, AuditTrail audit) =>
            {
                using var form = await PageForm.ReadAsync(context);
                OperationsResource.Cancel(operation, context, operations, runner, audit);
                return WebPages.Done($"/galleries/{gallery}/imports", "import-cancelled");
            })
            .For(Policies.KeepGallery);
    }
}
