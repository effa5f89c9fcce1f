using MatchEngine.Galleries;
using MatchEngine.Galleries.Profiles;
using MatchEngine.Galleries.Properties;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Extraction;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Resources;
using MatchEngine.Service.Searching;
using MatchEngine.Service.Store;

namespace MatchEngine.Service.Pages;

/// <summary>The list of galleries.</summary>
/// <param name="Galleries">Those that the reader may know of.</param>
/// <param name="Organisations">To whom a new one may belong.</param>
/// <param name="Profiles">Which profiles it may have; the first one follows the service.</param>
public sealed record GalleriesModel(
    IReadOnlyList<GalleryResponse> Galleries, IReadOnlyList<string> Organisations, IReadOnlyList<string> Profiles);

/// <summary>A gallery.</summary>
/// <param name="Gallery">The gallery.</param>
/// <param name="Keeps">Whether the reader's organisation owns it and the reader keeps galleries: enrols and sees records.</param>
/// <param name="Manages">Whether the reader may change what it is and who may search it.</param>
/// <param name="Permissions">What other organisations may do; null where the reader does not manage it.</param>
/// <param name="Organisations">To whom permissions may be given.</param>
/// <param name="Profiles">Which profiles it may have; the first one follows the service.</param>
public sealed record GalleryPageModel(
    GalleryResponse Gallery, bool Keeps, bool Manages, IReadOnlyList<PermissionResponse>? Permissions,
    IReadOnlyList<string> Organisations, IReadOnlyList<string> Profiles);

/// <summary>A page of a gallery's subjects.</summary>
/// <param name="Gallery">The gallery.</param>
/// <param name="Page">The subjects.</param>
/// <param name="After">Behind which subject the page begins; null for the first page.</param>
public sealed record SubjectsModel(string Gallery, SubjectPage Page, string? After);

/// <summary>Galleries: what they are, who may search them, whom they hold.</summary>
internal static class GalleryPages
{
    private const int PageSize = 50;

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/galleries", (HttpContext context, OpenGalleries galleries, Organisations organisations, ServiceRules rules) =>
                context.Page<GalleriesView, GalleriesModel>(
                    new GalleriesModel(GalleriesResource.List(context, galleries), organisations.Ids(), rules.Names())))
            .For(Policies.SignedIn);
        pages.MapPost("/galleries", Create).For(Policies.CreateGallery);
        pages.MapGet(
            "/galleries/{gallery}",
            (string gallery, HttpContext context, OpenGalleries galleries, Organisations organisations, ServiceRules rules) =>
            {
                var caller = context.Caller();
                var found = GalleriesResource.RequireVisible(caller, galleries, gallery);
                var keeps = caller.Is(Role.GalleryOwner) && found.Properties.Owner == caller.Organisation;
                var manages = keeps || caller.Is(Role.Administrator);
                return context.Page<GalleryView, GalleryPageModel>(new GalleryPageModel(
                    GalleriesResource.Response(caller, found),
                    keeps,
                    manages,
                    manages ? found.Permissions.Select(GalleriesResource.Response).ToList() : null,
                    organisations.Ids(),
                    rules.Names()));
            })
            .For(Policies.SignedIn);
        pages.MapPost("/galleries/{gallery}", Change).For(Policies.CreateGallery);
        pages.MapPost("/galleries/{gallery}/permissions", Grant).For(Policies.CreateGallery);
        pages.MapPost(
            "/galleries/{gallery}/permissions/revocation",
            async (string gallery, HttpContext context, OpenGalleries galleries, AuditTrail audit) =>
            {
                using var form = await PageForm.ReadAsync(context);
                GalleriesResource.Revoke(gallery, form.Text("organisation") ?? "", context, galleries, audit);
                return WebPages.Done($"/galleries/{gallery}", "permission-revoked");
            })
            .For(Policies.CreateGallery);
        pages.MapPost(
            "/galleries/{gallery}/deletion", async (string gallery, HttpContext context, OpenGalleries galleries, AuditTrail audit) =>
            {
                using var form = await PageForm.ReadAsync(context);
                if (form.Text("name") != gallery)
                    throw new ProblemException(Problem.BadValue, "to delete the gallery, type its name as it stands there");
                GalleriesResource.Delete(gallery, context, galleries, audit);
                return WebPages.Done("/galleries", "gallery-deleted");
            })
            .For(Policies.CreateGallery);
        pages.MapGet("/galleries/{gallery}/subjects", (string gallery, string? after, HttpContext context, GalleryAccess access) =>
                context.Page<SubjectsView, SubjectsModel>(
                    new SubjectsModel(gallery, SubjectsResource.List(gallery, after, PageSize, context, access), after)))
            .For(Policies.KeepGallery);
        pages.MapPost(
            "/galleries/{gallery}/subjects/removal", async (string gallery, HttpContext context, GalleryAccess access, AuditTrail audit) =>
            {
                using var form = await PageForm.ReadAsync(context);
                SubjectsResource.Remove(gallery, form.Exact("subject") ?? "", context, access, audit);
                return WebPages.Done(Subjects(gallery, form), "subject-removed");
            })
            .For(Policies.KeepGallery);
        pages.MapPost(
            "/galleries/{gallery}/subjects/correction",
            async (string gallery, HttpContext context, GalleryAccess access, AuditTrail audit) =>
            {
                using var form = await PageForm.ReadAsync(context);
                var subject = form.Exact("subject") ?? "";
                var before = access.RequireKept(context.Caller(), gallery).FindSubject(subject)?.Biographics
                    ?? throw new ProblemException(Problem.NotFound, "the gallery has no such subject");
                SubjectsResource.Correct(gallery, subject, Correction(form, before), context, access, audit);
                return WebPages.Done(Subjects(gallery, form), "subject-corrected");
            })
            .For(Policies.KeepGallery);
        pages.MapPost(
            "/galleries/{gallery}/encounters/removal",
            async (string gallery, HttpContext context, GalleryAccess access, AuditTrail audit) =>
            {
                using var form = await PageForm.ReadAsync(context);
                EncountersResource.Remove(gallery, form.Exact("subject") ?? "", form.Text("encounter") ?? "", context, access, audit);
                return WebPages.Done(Subjects(gallery, form), "encounter-removed");
            })
            .For(Policies.KeepGallery);
        pages.MapPost("/restorations", (
                HttpContext context, OpenGalleries galleries, GalleryCatalog catalog, Organisations organisations,
                ServiceSettings settings, AuditTrail audit) =>
                RestorationForm.ReadAsync(context, settings.Limits.ArchiveBytes, async (name, file) =>
                {
                    await ArchivesResource.RestoreFrom(name, file, context, galleries, catalog, organisations, settings, audit);
                    return WebPages.Done($"/galleries/{name}", "gallery-restored");
                }))
            .For(Policies.CreateGallery);
    }

    private static async Task<IResult> Create(
        HttpContext context, OpenGalleries galleries, ExtractionWorkers workers, Organisations organisations, ServiceSettings settings,
        ServiceRules rules, AuditTrail audit)
    {
        using var form = await PageForm.ReadAsync(context);
        var request = new GalleryRequest(
            form.Text("name") ?? "", form.Text("owner"), null, form.Text("profile"),
            form.Ticked("unapproved") ? false : null, Retention(form));
        GalleriesResource.Create(request, context, galleries, workers, organisations, settings, rules, audit);
        return WebPages.Done($"/galleries/{request.Name}", "gallery-created");
    }

    private static async Task<IResult> Change(
        string gallery, HttpContext context, OpenGalleries galleries, Organisations organisations, ServiceRules rules, AuditTrail audit)
    {
        using var form = await PageForm.ReadAsync(context);
        var retention = Retention(form);
        var approved = form.Text("approved") switch { "yes" => true, "no" => false, _ => (bool?)null };
        GalleriesResource.Change(
            gallery, new GalleryChange(form.Text("owner"), form.Text("profile"), approved, retention, retention is null), context,
            galleries, organisations, rules, audit);
        return WebPages.Done($"/galleries/{gallery}", "gallery-changed");
    }

    private static async Task<IResult> Grant(
        string gallery, HttpContext context, OpenGalleries galleries, Organisations organisations, AuditTrail audit)
    {
        using var form = await PageForm.ReadAsync(context);
        var fields = form.Ticked("allFields")
            ? null
            : (form.Text("fields") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var request = new PermissionRequest(form.Ticked("maySearch"), fields);
        GalleriesResource.Grant(gallery, form.Text("organisation") ?? "", request, context, galleries, organisations, audit);
        return WebPages.Done($"/galleries/{gallery}", "permission-granted");
    }

    /// <summary>The page of subjects on which a form stood.</summary>
    private static string Subjects(string gallery, PageForm form) =>
        form.Exact("after") is { } after
            ? $"/galleries/{gallery}/subjects?after={Uri.EscapeDataString(after)}"
            : $"/galleries/{gallery}/subjects";

    /// <summary>What a form changes of biographics: keys that are as they were are not touched, nor named in the audit.</summary>
    private static BiographicsCorrection Correction(PageForm form, IReadOnlyDictionary<string, string> before)
    {
        var (set, remove) = (new Dictionary<string, string>(), new List<string>());
        // The last pair is that of the key to add.
        for (var place = 0; place <= before.Count; place++)
        {
            if (form.Exact($"key-{place}") is not { } key)
                continue;
            // Browsers send a line end as two characters.
            var value = form.Exact($"value-{place}")?.ReplaceLineEndings("\n");
            if (value is null && before.ContainsKey(key))
                remove.Add(key);
            else if (value is not null && value != before.GetValueOrDefault(key)?.ReplaceLineEndings("\n"))
                set[key] = value;
        }
        return new BiographicsCorrection(set, remove);
    }

    private static RetentionWire? Retention(PageForm form) => form.Number("retentionDays") is { } days
        ? new RetentionWire(days, form.Text("retentionBasis") == "captured" ? RetentionBasis.Captured : RetentionBasis.Enrolled)
        : null;

    private static List<string> Names(this ServiceRules rules) =>
        [.. new[] { GalleryProperties.DefaultProfile, rules.Profile.Name }.Union(Profile.Names)];

    private static List<string> Ids(this Organisations organisations) =>
        organisations.List().Select(organisation => organisation.Id).ToList();
}
