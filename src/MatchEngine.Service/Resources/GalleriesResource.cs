using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Properties;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Extraction;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Searching;
using MatchEngine.Service.Store;

namespace MatchEngine.Service.Resources;

/// <summary>A gallery to create.</summary>
/// <param name="Name">1 to 64 letters, digits, '-', '_' and '.'.</param>
/// <param name="Owner">The organisation that owns the records; null for one's own.
/// Only an administrator creates galleries for others.</param>
/// <param name="Model">The embedder's card; null for the service's.</param>
/// <param name="Profile">The profile that searches of it follow; null: as the service's profile says.</param>
/// <param name="Approved">Whether all may use it; otherwise each search of it needs a supervisor's approval. Only an administrator
/// approves; null: approved when an administrator creates it.</param>
/// <param name="Retention">When encounters expire; null: never.</param>
public sealed record GalleryRequest(
    string Name, string? Owner = null, string? Model = null, string? Profile = null,
    bool? Approved = null, RetentionWire? Retention = null);

/// <summary>A change of a gallery; what is null stays.</summary>
/// <param name="Owner">The new owner; only an administrator hands a gallery over.</param>
/// <param name="Profile">The new profile.</param>
/// <param name="Approved">Whether all may use it; only an administrator says so.</param>
/// <param name="Retention">When encounters expire.</param>
/// <param name="KeepForever">True to end the retention rule.</param>
public sealed record GalleryChange(
    string? Owner = null, string? Profile = null, bool? Approved = null, RetentionWire? Retention = null, bool KeepForever = false);

/// <summary>When encounters expire.</summary>
/// <param name="Days">After how many days.</param>
/// <param name="Basis">From when the days are counted.</param>
public sealed record RetentionWire(int Days, RetentionBasis Basis = RetentionBasis.Enrolled);

/// <summary>A gallery.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Owner">The organisation that owns its records.</param>
/// <param name="Model">The model it is bound to.</param>
/// <param name="Profile">The profile that searches of it follow.</param>
/// <param name="Approved">Whether all may use it.</param>
/// <param name="MaySearch">Whether the caller's organisation may search it.</param>
/// <param name="Retention">When encounters expire; null: never.</param>
/// <param name="Subjects">How many subjects it holds.</param>
/// <param name="Encounters">How many encounters of them.</param>
/// <param name="Templates">How many templates: what a probe is compared with.</param>
/// <param name="Created">When it was created (UTC).</param>
public sealed record GalleryResponse(
    string Name,
    string Owner,
    string Model,
    string Profile,
    bool Approved,
    bool MaySearch,
    RetentionWire? Retention,
    long Subjects,
    long Encounters,
    long Templates,
    DateTimeOffset Created);

/// <summary>What another organisation may do with a gallery.</summary>
/// <param name="MaySearch">Whether it may search.</param>
/// <param name="Fields">The keys of biographics that it sees; null for all.</param>
public sealed record PermissionRequest(bool MaySearch = true, IReadOnlyList<string>? Fields = null);

/// <summary>What an organisation may do with a gallery.</summary>
/// <param name="Organisation">The organisation.</param>
/// <param name="MaySearch">Whether it may search.</param>
/// <param name="Fields">The keys of biographics that it sees; null for all.</param>
public sealed record PermissionResponse(string Organisation, bool MaySearch, IReadOnlyList<string>? Fields);

/// <summary><c>/v1/galleries</c>: galleries, their properties, and who may search them.</summary>
internal static class GalleriesResource
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/galleries", List)
            .Needs(Policies.SignedIn).WithName("listGalleries")
            .WithSummary("The galleries that one's organisation keeps or may search; for an administrator, all").WithTags("galleries")
            .Produces<IReadOnlyList<GalleryResponse>>();
        v1.MapPost("/galleries", Create)
            .Needs(Policies.CreateGallery).WithName("createGallery").WithSummary("Create a gallery").WithTags("galleries")
            .Produces<GalleryResponse>(StatusCodes.Status201Created).Problems(400, 404, 409, 503);
        v1.MapGet("/galleries/{gallery}", (string gallery, HttpContext context, OpenGalleries galleries) =>
            Response(context.Caller(), RequireVisible(context.Caller(), galleries, gallery)))
            .Needs(Policies.SignedIn).WithName("getGallery").WithSummary("A gallery").WithTags("galleries")
            .Produces<GalleryResponse>().Problems(404);
        v1.MapPatch("/galleries/{gallery}", Change)
            .Needs(Policies.CreateGallery).WithName("changeGallery")
            .WithSummary("Change owner, profile, approval or retention").WithTags("galleries")
            .Produces<GalleryResponse>().Problems(400, 404);
        v1.MapDelete("/galleries/{gallery}", Delete)
            .Needs(Policies.CreateGallery).WithName("deleteGallery")
            .WithSummary("Delete a gallery with everything in it").WithTags("galleries")
            .Produces(StatusCodes.Status204NoContent).Problems(404);
        v1.MapGet("/galleries/{gallery}/permissions", (string gallery, HttpContext context, OpenGalleries galleries) =>
                RequireManaged(context.Caller(), galleries, gallery).Permissions.Select(Response).ToList())
            .Needs(Policies.CreateGallery).WithName("listPermissions")
            .WithSummary("What other organisations may do with a gallery").WithTags("galleries")
            .Produces<IReadOnlyList<PermissionResponse>>().Problems(404);
        v1.MapPut("/galleries/{gallery}/permissions/{organisation}", Grant)
            .Needs(Policies.CreateGallery).WithName("grantPermission")
            .WithSummary("Let an organisation search, and say which biographics it sees").WithTags("galleries")
            .Produces<PermissionResponse>().Problems(400, 404);
        v1.MapDelete("/galleries/{gallery}/permissions/{organisation}", Revoke)
            .Needs(Policies.CreateGallery).WithName("revokePermission")
            .WithSummary("Take an organisation's permission away").WithTags("galleries")
            .Produces(StatusCodes.Status204NoContent).Problems(404);
    }

    internal static List<GalleryResponse> List(HttpContext context, OpenGalleries galleries)
    {
        var caller = context.Caller();
        return galleries.Readable()
            .Where(gallery => IsVisible(caller, gallery))
            .Select(gallery => Response(caller, gallery))
            .ToList();
    }

    internal static IResult Create(
        GalleryRequest request, HttpContext context, OpenGalleries galleries, ExtractionWorkers workers, Organisations organisations,
        ServiceSettings settings, ServiceRules rules, AuditTrail audit)
    {
        var caller = context.Caller();
        var owner = request.Owner ?? caller.Organisation;
        if (!GalleryName.IsValid(request.Name))
            throw new ProblemException(
                Problem.BadValue,
                $"a gallery's name has 1 to {GalleryName.MaxLength} letters, digits, '-', '_' and '.', and begins with a letter or digit");
        RequireOwner(caller, owner, organisations);
        RequireApprover(caller, request.Approved);
        var properties = new GalleryProperties
        {
            Owner = owner,
            Profile = rules.Require(request.Profile ?? GalleryProperties.DefaultProfile),
            Approved = request.Approved ?? caller.Is(Role.Administrator),
            Retention = Rule(request.Retention),
        };
        var card = workers.Card(request.Model ?? settings.Model);
        var gallery = audit.Change(
            AuditKinds.GalleryCreated,
            context,
            new { galleries = new[] { request.Name }, owner, properties.Profile, properties.Approved, model = card.Id },
            record => galleries.Create(request.Name, card, properties, record()));
        return Results.Created($"/v1/galleries/{request.Name}", Response(caller, gallery));
    }

    internal static GalleryResponse Change(
        string gallery, GalleryChange change, HttpContext context, OpenGalleries galleries, Organisations organisations,
        ServiceRules rules, AuditTrail audit)
    {
        var caller = context.Caller();
        var found = RequireManaged(caller, galleries, gallery);
        var before = found.Properties;
        if (change.Owner is { } owner && owner != before.Owner)
            RequireOwner(caller, owner, organisations);
        RequireApprover(caller, change.Approved == before.Approved ? null : change.Approved);
        var after = before with
        {
            Owner = change.Owner ?? before.Owner,
            Profile = change.Profile is { } profile ? rules.Require(profile) : before.Profile,
            Approved = change.Approved ?? before.Approved,
            Retention = change.KeepForever ? null : change.Retention is { } retention ? Rule(retention) : before.Retention,
        };
        return audit.Change(
            "gallery.changed",
            context,
            new { galleries = new[] { gallery }, after.Owner, after.Profile, after.Approved, retentionDays = after.Retention?.Days },
            record =>
            {
                found.SetProperties(after, record());
                return Response(caller, found);
            });
    }

    internal static PermissionResponse Grant(
        string gallery, string organisation, PermissionRequest request, HttpContext context, OpenGalleries galleries,
        Organisations organisations, AuditTrail audit)
    {
        var found = RequireManaged(context.Caller(), galleries, gallery);
        if (organisations.Find(organisation) is null)
            throw new ProblemException(Problem.NotFound, $"there is no organisation '{organisation}'");
        var permission = new GalleryPermission(
            organisation, request.MaySearch, request.Fields is null ? BiographicFields.All : BiographicFields.Only(request.Fields));
        return audit.Change(
            "permission.granted",
            context,
            new { galleries = new[] { gallery }, organisation, permission.MaySearch, fields = permission.Fields.Keys },
            record =>
            {
                found.Grant(permission, record());
                return Response(permission);
            });
    }

    internal static IResult Delete(string gallery, HttpContext context, OpenGalleries galleries, AuditTrail audit)
    {
        var found = RequireManaged(context.Caller(), galleries, gallery);
        return audit.Change(AuditKinds.GalleryDeleted, context, new { galleries = new[] { gallery }, found.Identity }, record =>
        {
            galleries.Delete(gallery, record());
            return Results.NoContent();
        });
    }

    internal static IResult Revoke(string gallery, string organisation, HttpContext context, OpenGalleries galleries, AuditTrail audit)
    {
        var found = RequireManaged(context.Caller(), galleries, gallery);
        return audit.Change("permission.revoked", context, new { galleries = new[] { gallery }, organisation }, record =>
            found.Revoke(organisation, record()))
            ? Results.NoContent()
            : throw new ProblemException(Problem.NotFound, $"organisation '{organisation}' has no permission on the gallery");
    }

    /// <summary>The gallery for those who may know of it.</summary>
    internal static Gallery RequireVisible(Caller caller, OpenGalleries galleries, string name)
    {
        var gallery = galleries.Get(name);
        return IsVisible(caller, gallery) ? gallery : throw GalleryAccess.NotThere(name);
    }

    private static bool IsVisible(Caller caller, Gallery gallery) =>
        caller.Is(Role.Administrator) || caller.Is(Role.Auditor) || gallery.PermissionOf(caller.Organisation).MaySearch;

    /// <summary>The gallery for its owner's keepers and for administrators, who see what it is and never what is in it.</summary>
    private static Gallery RequireManaged(Caller caller, OpenGalleries galleries, string name)
    {
        var gallery = galleries.Get(name);
        return caller.Is(Role.Administrator) || gallery.Properties.Owner == caller.Organisation
            ? gallery
            : throw GalleryAccess.NotThere(name);
    }

    private static void RequireOwner(Caller caller, string owner, Organisations organisations)
    {
        if (owner != caller.Organisation && !caller.Is(Role.Administrator))
            throw new ProblemException(Problem.Forbidden, "only an administrator gives galleries to other organisations");
        if (organisations.Find(owner) is null)
            throw new ProblemException(Problem.NotFound, $"there is no organisation '{owner}'");
    }

    /// <summary>Approving a service is nobody's own business (PIA-054, Safeguards before use); withdrawing it from use is.</summary>
    private static void RequireApprover(Caller caller, bool? approved)
    {
        if (approved == true && !caller.Is(Role.Administrator))
            throw new ProblemException(Problem.Forbidden, "only an administrator approves a gallery for use by all");
    }

    private static RetentionRule? Rule(RetentionWire? retention) => retention is null
        ? null
        : retention.Days is >= 1 and <= RetentionRule.MaxDays
            ? new RetentionRule(retention.Days, retention.Basis)
            : throw new ProblemException(Problem.BadValue, $"retention.days lies within 1 … {RetentionRule.MaxDays}");

    internal static PermissionResponse Response(GalleryPermission permission) =>
        new(permission.Organisation, permission.MaySearch, permission.Fields.Keys);

    internal static GalleryResponse Response(Caller caller, Gallery gallery)
    {
        var (summary, properties) = (gallery.Summarize(), gallery.Properties);
        return new GalleryResponse(
            summary.Name,
            properties.Owner,
            summary.Model.Id,
            properties.Profile,
            properties.Approved,
            gallery.PermissionOf(caller.Organisation).MaySearch,
            properties.Retention is { } retention ? new RetentionWire(retention.Days, retention.Basis) : null,
            summary.Subjects,
            summary.Encounters,
            summary.Templates,
            summary.Created);
    }
}
