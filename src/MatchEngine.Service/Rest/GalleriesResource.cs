using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries.Properties;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.Rest;

/// <summary>A gallery to create.</summary>
/// <param name="Name">1 to 64 letters, digits, '-', '_' and '.'.</param>
/// <param name="Owner">The organisation that owns the records; null for one's own.
/// Only an administrator of the service creates galleries for others.</param>
/// <param name="Model">The embedder's card; null for the service's.</param>
/// <param name="Profile">The profile that searches of it follow; null: as the service's profile says.</param>
/// <param name="Approved">Whether all may use it; otherwise each search of it needs a supervisor's approval. Only an administrator of the
/// service approves; null: approved when an administrator creates it.</param>
/// <param name="Retention">When encounters expire; null: never.</param>
public sealed record GalleryRequest(
    string Name, string? Owner = null, string? Model = null, string? Profile = null,
    bool? Approved = null, RetentionWire? Retention = null);

/// <summary>A change of a gallery; what is null stays.</summary>
/// <param name="Owner">The new owner; only an administrator hands a gallery over.</param>
/// <param name="Profile">The new profile.</param>
/// <param name="Approved">Whether all may use it; only an administrator of the service says so.</param>
/// <param name="Retention">When encounters expire.</param>
/// <param name="KeepForever">True to end the retention rule.</param>
public sealed record GalleryChange(
    string? Owner = null, string? Profile = null, bool? Approved = null, RetentionWire? Retention = null, bool KeepForever = false);

/// <summary>When encounters expire.</summary>
/// <param name="Days">After how many days.</param>
/// <param name="Basis">From when the days are counted.</param>
public sealed record RetentionWire(int Days, RetentionBasis Basis = RetentionBasis.Enrolled)
{
    internal RetentionPeriod ToPeriod() => new(Days, Basis);
}

/// <summary>A gallery.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Owner">The organisation that owns its records.</param>
/// <param name="Model">The model it is bound to.</param>
/// <param name="Profile">The profile that searches of it follow.</param>
/// <param name="Approved">Whether all may use it.</param>
/// <param name="MaySearch">Whether the caller's organisation may search it.</param>
/// <param name="NeedsApproval">Whether each use by the caller's organisation needs a supervisor, whatever the case: by its own list of
/// approved galleries, where it keeps one, else because the gallery is not approved for all.</param>
/// <param name="Retention">When encounters expire; null: never.</param>
/// <param name="Subjects">How many subjects it holds.</param>
/// <param name="Encounters">How many encounters of them.</param>
/// <param name="Templates">How many templates: what a probe is compared with.</param>
/// <param name="Created">When it was created (UTC).</param>
/// <param name="Problem">Why it cannot be read (<c>store_damaged</c> …), for administrators and auditors: then nothing but the name is
/// known, texts are empty and numbers zero. Null for every other gallery.</param>
public sealed record GalleryResponse(
    string Name,
    string Owner,
    string Model,
    string Profile,
    bool Approved,
    bool MaySearch,
    bool NeedsApproval,
    RetentionWire? Retention,
    long Subjects,
    long Encounters,
    long Templates,
    DateTimeOffset Created,
    string? Problem = null)
{
    internal static GalleryResponse Of(GalleryOverview gallery) => new(
        gallery.Name,
        gallery.Owner,
        gallery.Model,
        gallery.Profile,
        gallery.Approved,
        gallery.MaySearch,
        gallery.NeedsApproval,
        gallery.Retention is { } retention ? new RetentionWire(retention.Days, retention.Basis) : null,
        gallery.Subjects,
        gallery.Encounters,
        gallery.Templates,
        gallery.Created,
        gallery.Problem);
}

/// <summary>What another organisation may do with a gallery when it accepts.</summary>
/// <param name="MaySearch">Whether it may search.</param>
/// <param name="Fields">The keys of biographics that it sees; null for all.</param>
/// <param name="MayEnrol">Whether it may enrol, where the profile lets partners: what it enrols is its own data.</param>
public sealed record PermissionRequest(bool MaySearch = true, IReadOnlyList<string>? Fields = null, bool MayEnrol = false);

/// <summary>What an organisation may do with a gallery when it has accepted.</summary>
/// <param name="Organisation">The organisation.</param>
/// <param name="MaySearch">Whether it may search.</param>
/// <param name="Fields">The keys of biographics that it sees; null for all.</param>
/// <param name="State">What the organisation has said to it: it takes effect when it is <c>accepted</c>.</param>
/// <param name="MayEnrol">Whether it may enrol.</param>
public sealed record PermissionResponse(
    string Organisation, bool MaySearch, IReadOnlyList<string>? Fields, SharingState State, bool MayEnrol);

/// <summary><c>/v1/galleries</c>: galleries, their properties, and who may search them.</summary>
internal static class GalleriesResource
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/galleries", (HttpContext context, KeepingGalleries galleries) =>
                galleries.List(context.Actor()).Select(GalleryResponse.Of).ToList())
            .Needs(Policies.SignedIn).WithName("listGalleries")
            .WithSummary("The galleries that one's organisation keeps or may search; for an administrator, all").WithTags("galleries")
            .Produces<IReadOnlyList<GalleryResponse>>();
        v1.MapPost("/galleries", (GalleryRequest request, HttpContext context, KeepingGalleries galleries) =>
            {
                var created = galleries.Create(context.Actor(), new NewGallery(
                    request.Name, request.Owner, request.Model, request.Profile, request.Approved, request.Retention?.ToPeriod()));
                return Results.Created($"/v1/galleries/{request.Name}", GalleryResponse.Of(created));
            })
            .Needs(Policies.CreateGallery).WithName("createGallery").WithSummary("Create a gallery").WithTags("galleries")
            .Produces<GalleryResponse>(StatusCodes.Status201Created).Problems(400, 404, 409, 503);
        v1.MapGet("/galleries/{gallery}", (string gallery, HttpContext context, KeepingGalleries galleries) =>
                GalleryResponse.Of(galleries.Find(context.Actor(), gallery)))
            .Needs(Policies.SignedIn).WithName("getGallery").WithSummary("A gallery").WithTags("galleries")
            .Produces<GalleryResponse>().Problems(404);
        v1.MapPatch("/galleries/{gallery}", (string gallery, GalleryChange change, HttpContext context, KeepingGalleries galleries) =>
                GalleryResponse.Of(galleries.Change(context.Actor(), gallery, new ChangedGallery(
                    change.Owner, change.Profile, change.Approved, change.Retention?.ToPeriod(), change.KeepForever))))
            .Needs(Policies.CreateGallery).WithName("changeGallery")
            .WithSummary("Change owner, profile, approval or retention").WithTags("galleries")
            .Produces<GalleryResponse>().Problems(400, 404);
        v1.MapDelete("/galleries/{gallery}", (string gallery, HttpContext context, KeepingGalleries galleries) =>
            {
                galleries.Delete(context.Actor(), gallery);
                return Results.NoContent();
            })
            .Needs(Policies.CreateGallery).WithName("deleteGallery")
            .WithSummary("Delete a gallery with everything in it").WithTags("galleries")
            .Produces(StatusCodes.Status204NoContent).Problems(404);
        v1.MapGet("/galleries/{gallery}/permissions", (string gallery, HttpContext context, KeepingGalleries galleries) =>
                galleries.Permissions(context.Actor(), gallery).Select(Response).ToList())
            .Needs(Policies.CreateGallery).WithName("listPermissions")
            .WithSummary("What other organisations may do with a gallery").WithTags("galleries")
            .Produces<IReadOnlyList<PermissionResponse>>().Problems(404);
        v1.MapPut(
            "/galleries/{gallery}/permissions/{organisation}",
            (string gallery, string organisation, PermissionRequest request, HttpContext context, KeepingGalleries galleries) =>
                Response(galleries.Grant(context.Actor(), gallery, new GalleryPermission(
                    organisation, request.MaySearch,
                    request.Fields is null ? BiographicFields.All : BiographicFields.Only(request.Fields))
                    {
                        MayEnrol = request.MayEnrol,
                    })))
            .Needs(Policies.CreateGallery).WithName("grantPermission")
            .WithSummary("Offer an organisation to search, and say which biographics it sees; it takes effect when it accepts")
            .WithTags("galleries")
            .Produces<PermissionResponse>().Problems(400, 404);
        v1.MapDelete(
            "/galleries/{gallery}/permissions/{organisation}",
            (string gallery, string organisation, HttpContext context, KeepingGalleries galleries) =>
            {
                galleries.Revoke(context.Actor(), gallery, organisation);
                return Results.NoContent();
            })
            .Needs(Policies.CreateGallery).WithName("revokePermission")
            .WithSummary("Take an organisation's permission away").WithTags("galleries")
            .Produces(StatusCodes.Status204NoContent).Problems(404);
        v1.MapGet("/galleries/{gallery}/provided-data/sharing", (string gallery, HttpContext context, SharingProvidedData data) =>
                data.List(context.Actor(), gallery))
            .Needs(Policies.KeepGallery).WithName("listProvidedSharing").WithTags("galleries")
            .WithSummary("With whom one's organisation shares what it enrolled in a gallery of another one's")
            .Produces<IReadOnlyList<string>>().Problems(404);
        v1.MapPut(
            "/galleries/{gallery}/provided-data/sharing/{organisation}",
            (string gallery, string organisation, HttpContext context, SharingProvidedData data) =>
            {
                data.Share(context.Actor(), gallery, organisation, shared: true);
                return Results.NoContent();
            })
            .Needs(Policies.KeepGallery).WithName("shareProvidedData").WithTags("galleries")
            .WithSummary("Share what one's organisation enrolled there with another one, which finds it if it may search the gallery")
            .Produces(StatusCodes.Status204NoContent).Problems(404);
        v1.MapDelete(
            "/galleries/{gallery}/provided-data/sharing/{organisation}",
            (string gallery, string organisation, HttpContext context, SharingProvidedData data) =>
            {
                data.Share(context.Actor(), gallery, organisation, shared: false);
                return Results.NoContent();
            })
            .Needs(Policies.KeepGallery).WithName("unshareProvidedData").WithTags("galleries")
            .WithSummary("Share it with an organisation no longer")
            .Produces(StatusCodes.Status204NoContent).Problems(404);
    }

    private static PermissionResponse Response(GalleryPermission permission) =>
        new(permission.Organisation, permission.MaySearch, permission.Fields.Keys, permission.State, permission.MayEnrol);
}
