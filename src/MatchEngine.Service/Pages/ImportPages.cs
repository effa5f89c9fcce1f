using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Importing;
using MatchEngine.Frs.Operations;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.Pages;

/// <summary>The page of a gallery's imports.</summary>
/// <param name="Gallery">The gallery.</param>
/// <param name="Operations">The reader's imports into it, newest first.</param>
public sealed record ImportsModel(string Gallery, IReadOnlyList<Operation> Operations)
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
        pages.MapGet(path, (string gallery, HttpContext context, KeepingGalleries galleries, ImportingPhotos imports) =>
                context.Page<ImportsView, ImportsModel>(new ImportsModel(
                    galleries.RequireKept(context.Actor(), gallery),
                    [.. imports.List(context.Actor()).Where(operation => operation.Gallery == gallery)])))
            .For(Policies.KeepGallery);
        pages.MapPost(path, async (string gallery, HttpContext context, ImportingPhotos imports) =>
            {
                using var form = await PageForm.ReadAsync(context);
                imports.Start(context.Actor(), gallery, Request(form));
                return WebPages.Done($"/galleries/{gallery}/imports", "import-started");
            })
            .For(Policies.KeepGallery);
        pages.MapPost(
            path + "/{operation}/cancellation", async (string gallery, string operation, HttpContext context, ImportingPhotos imports) =>
            {
                using var form = await PageForm.ReadAsync(context);
                imports.Cancel(context.Actor(), operation);
                return WebPages.Done($"/galleries/{gallery}/imports", "import-cancelled");
            })
            .For(Policies.KeepGallery);
    }

    private static ImportRequest Request(PageForm form)
    {
        EnrolmentFaces? faces = form.Text("faces") switch
        {
            null => null,
            "largest" => EnrolmentFaces.Largest,
            "central" => EnrolmentFaces.Central,
            "each" => EnrolmentFaces.Each,
            _ => EnrolmentFaces.Only,
        };
        return form.Text("source") == "metadata"
            ? new ImportRequest(Metadata: form.Text("path") ?? "", Faces: faces)
            : new ImportRequest(
                form.Text("path") ?? ".",
                SubjectFrom: form.Text("source") == "folders" ? SubjectFrom.Folder : SubjectFrom.File, Faces: faces);
    }
}
