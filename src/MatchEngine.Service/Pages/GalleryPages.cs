using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries.Properties;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Settings;

namespace MatchEngine.Service.Pages;

/// <summary>The list of galleries.</summary>
/// <param name="Galleries">Those that the reader may know of.</param>
/// <param name="Organisations">To whom a new one may belong.</param>
/// <param name="Profiles">Which profiles it may have; the first one follows the service.</param>
/// <param name="Offers">What others share with the reader's organisation; null where the reader does not answer for it.</param>
public sealed record GalleriesModel(
    IReadOnlyList<GalleryOverview> Galleries, IReadOnlyList<string> Organisations, IReadOnlyList<string> Profiles,
    IReadOnlyList<SharedGallery>? Offers);

/// <summary>A gallery.</summary>
/// <param name="Gallery">The gallery.</param>
/// <param name="Permissions">What other organisations may do; null where the reader does not manage it.</param>
/// <param name="Organisations">To whom permissions may be given.</param>
/// <param name="Profiles">Which profiles it may have; the first one follows the service.</param>
/// <param name="ProvidedSharing">With whom the reader's organisation shares its data there; null where it has none.</param>
public sealed record GalleryPageModel(
    GalleryOverview Gallery, IReadOnlyList<GalleryPermission>? Permissions, IReadOnlyList<string> Organisations,
    IReadOnlyList<string> Profiles, IReadOnlyList<string>? ProvidedSharing);

/// <summary>Galleries: what they are, who may search them.</summary>
internal static class GalleryPages
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet(
            "/galleries",
            (HttpContext context, KeepingGalleries galleries, AnsweringOffers offers, KeepingAccounts accounts, ServiceRules rules) =>
                context.Page<GalleriesView, GalleriesModel>(new GalleriesModel(
                    galleries.List(context.Actor()), Organisations(context, accounts), rules.Names,
                    context.Actor().May(Policies.AcceptSharing) ? offers.List(context.Actor()) : null)))
            .For(Policies.SignedIn);
        pages.MapPost("/galleries", Create).For(Policies.CreateGallery);
        pages.MapGet(
            "/galleries/{gallery}",
            (
                string gallery, HttpContext context, KeepingGalleries galleries, KeepingAccounts accounts, ServiceRules rules,
                SharingProvidedData data) =>
            {
                var found = galleries.Find(context.Actor(), gallery);
                return context.Page<GalleryView, GalleryPageModel>(new GalleryPageModel(
                    found,
                    found.Manages ? galleries.Permissions(context.Actor(), gallery) : null,
                    Organisations(context, accounts),
                    rules.Names,
                    found.Provides ? data.List(context.Actor(), gallery) : null));
            })
            .For(Policies.SignedIn);
        pages.MapPost("/galleries/{gallery}", Change).For(Policies.CreateGallery);
        pages.MapPost("/galleries/{gallery}/permissions", Grant).For(Policies.CreateGallery);
        pages.MapPost("/galleries/{gallery}/provided-data", async (string gallery, HttpContext context, SharingProvidedData data) =>
            {
                using var form = await PageForm.ReadAsync(context);
                data.Share(context.Actor(), gallery, form.Text("organisation") ?? "", shared: !form.Ticked("end"));
                return WebPages.Done($"/galleries/{gallery}", "provided-data-shared");
            })
            .For(Policies.KeepGallery);
        pages.MapPost(
            "/galleries/{gallery}/permissions/revocation", async (string gallery, HttpContext context, KeepingGalleries galleries) =>
            {
                using var form = await PageForm.ReadAsync(context);
                galleries.Revoke(context.Actor(), gallery, form.Text("organisation") ?? "");
                return WebPages.Done($"/galleries/{gallery}", "permission-revoked");
            })
            .For(Policies.CreateGallery);
        pages.MapPost("/galleries/{gallery}/sharing", async (string gallery, HttpContext context, AnsweringOffers offers) =>
            {
                using var form = await PageForm.ReadAsync(context);
                var accepted = form.Text("answer") switch
                {
                    "accept" => true,
                    "decline" => false,
                    _ => throw new ProblemException(Problem.BadValue, "say whether your organisation takes part"),
                };
                offers.Answer(context.Actor(), gallery, accepted);
                return WebPages.Done("/galleries", accepted ? "sharing-accepted" : "sharing-declined");
            })
            .For(Policies.AcceptSharing);
        pages.MapPost("/galleries/{gallery}/deletion", async (string gallery, HttpContext context, KeepingGalleries galleries) =>
            {
                using var form = await PageForm.ReadAsync(context);
                if (form.Text("name") != gallery)
                    throw new ProblemException(Problem.BadValue, "to delete the gallery, type its name as it stands there");
                galleries.Delete(context.Actor(), gallery);
                return WebPages.Done("/galleries", "gallery-deleted");
            })
            .For(Policies.CreateGallery);
        pages.MapPost("/restorations", (HttpContext context, ArchivingGalleries archives, ServiceSettings settings) =>
                RestorationForm.ReadAsync(context, settings.Limits.ArchiveBytes, async (name, permissions, file) =>
                {
                    await archives.RestoreAsync(context.Actor(), name, file, permissions, context.RequestAborted);
                    return WebPages.Done($"/galleries/{name}", "gallery-restored");
                }))
            .For(Policies.CreateGallery);
    }

    private static async Task<IResult> Create(HttpContext context, KeepingGalleries galleries)
    {
        using var form = await PageForm.ReadAsync(context);
        var created = new NewGallery(
            form.Text("name") ?? "", form.Text("owner"), null, form.Text("profile"),
            form.Ticked("unapproved") ? false : null, Retention(form));
        galleries.Create(context.Actor(), created);
        return WebPages.Done($"/galleries/{created.Name}", "gallery-created");
    }

    private static async Task<IResult> Change(string gallery, HttpContext context, KeepingGalleries galleries)
    {
        using var form = await PageForm.ReadAsync(context);
        var retention = Retention(form);
        var approved = form.Text("approved") switch { "yes" => true, "no" => false, _ => (bool?)null };
        galleries.Change(
            context.Actor(), gallery,
            new ChangedGallery(form.Text("owner"), form.Text("profile"), approved, retention, retention is null));
        return WebPages.Done($"/galleries/{gallery}", "gallery-changed");
    }

    private static async Task<IResult> Grant(string gallery, HttpContext context, KeepingGalleries galleries)
    {
        using var form = await PageForm.ReadAsync(context);
        var fields = form.Ticked("allFields")
            ? BiographicFields.All
            : BiographicFields.Only(
                (form.Text("fields") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        galleries.Grant(
            context.Actor(), gallery, new GalleryPermission(form.Text("organisation") ?? "", form.Ticked("maySearch"), fields)
            {
                MayEnrol = form.Ticked("mayEnrol"),
            });
        return WebPages.Done($"/galleries/{gallery}", "permission-granted");
    }

    private static RetentionPeriod? Retention(PageForm form) => form.Number("retentionDays") is { } days
        ? new RetentionPeriod(days, form.Text("retentionBasis") == "captured" ? RetentionBasis.Captured : RetentionBasis.Enrolled)
        : null;

    private static List<string> Organisations(HttpContext context, KeepingAccounts accounts) =>
        accounts.Organisations(context.Actor()).Select(organisation => organisation.Id).ToList();
}
