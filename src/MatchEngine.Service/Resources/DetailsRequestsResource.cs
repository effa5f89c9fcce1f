using MatchEngine.Galleries.Profiles;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Searching;
using MatchEngine.Service.Store;

namespace MatchEngine.Service.Resources;

/// <summary>Asks a gallery's owner for more of a candidate than the list gave.</summary>
/// <param name="SearchId">The search, one's own.</param>
/// <param name="Rank">The candidate's rank.</param>
/// <param name="Reason">Why more is needed.</param>
public sealed record SecondRequest(string SearchId, int Rank, string Reason);

/// <summary>A second request.</summary>
/// <param name="Id">Its id.</param>
/// <param name="SearchId">The search.</param>
/// <param name="Requester">Who asks.</param>
/// <param name="Gallery">The gallery.</param>
/// <param name="SubjectId">The subject.</param>
/// <param name="Reason">Why.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Requested">When it was made (UTC).</param>
/// <param name="DecidedBy">Who decided.</param>
/// <param name="Decided">When.</param>
/// <param name="Decision">The owner's reason.</param>
/// <param name="Biographics">The details, for the requester, once they are granted.</param>
public sealed record DetailsResponse(
    string Id,
    string SearchId,
    string Requester,
    string Gallery,
    string SubjectId,
    string Reason,
    DetailsState State,
    DateTimeOffset Requested,
    string? DecidedBy,
    DateTimeOffset? Decided,
    string? Decision,
    IReadOnlyDictionary<string, string>? Biographics);

/// <summary><c>/v1/details-requests</c>: the second request (PIA-054, State and local services; DoS CCD).</summary>
internal static class DetailsRequestsResource
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/details-requests", List)
            .Needs(Policies.ReadDetails).WithName("listDetailsRequests")
            .WithSummary("One's second requests, and those to the galleries that one keeps").WithTags("supervision")
            .Produces<IReadOnlyList<DetailsResponse>>();
        v1.MapPost("/details-requests", Ask)
            .Needs(Policies.Search).WithName("requestDetails")
            .WithSummary("Ask a gallery's owner for the details of a candidate").WithTags("supervision")
            .Produces<DetailsResponse>(StatusCodes.Status201Created).Problems(400, 404);
        v1.MapGet("/details-requests/{request}", Get)
            .Needs(Policies.ReadDetails).WithName("getDetailsRequest")
            .WithSummary("A second request; for its requester with the details, once they are granted").WithTags("supervision")
            .Produces<DetailsResponse>().Problems(404);
        v1.MapPost("/details-requests/{request}/decision", Decide)
            .Needs(Policies.KeepGallery).WithName("decideDetailsRequest")
            .WithSummary("Grant or refuse the details of a record that one keeps").WithTags("supervision")
            .Produces<DetailsResponse>().Problems(400, 404, 409);
    }

    internal static List<DetailsResponse> List(HttpContext context, DetailsRequests requests)
    {
        var caller = context.Caller();
        return requests.List(caller.Account, caller.Is(Role.GalleryOwner) ? caller.Organisation : null)
            .Select(request => Response(request, null)).ToList();
    }

    internal static IResult Ask(
        SecondRequest request, HttpContext context, DetailsRequests requests, ProbeSearch searches, ServiceRules rules,
        TermsAcceptances acceptances, Notifications notifications, AuditTrail audit)
    {
        var caller = context.Caller();
        var (gallery, encounter, _, _) = searches.Candidate(caller, request.SearchId, request.Rank);
        rules.Apply(caller, ProfileUse.Details, searches.PurposeOf(caller, request.SearchId), [gallery.Properties], acceptances);
        var owner = gallery.Properties.Owner;
        var reason = ApprovalsResource.Reason(request.Reason, "reason");
        var added = audit.Change(
            "details.requested",
            context,
            () => requests.Add(request.SearchId, caller.Account, gallery.Name, encounter.SubjectId, owner, reason),
            added => new
            {
                details = added.Id,
                galleries = new[] { gallery.Name },
                subject = encounter.SubjectId,
                search = request.SearchId,
                added.Reason,
            });
        notifications.TellKeepers(owner, Notifications.DetailsRequested, caller, request.SearchId, gallery.Name, encounter.SubjectId);
        return Results.Created($"/v1/details-requests/{added.Id}", Response(added, null));
    }

    internal static async Task<DetailsResponse> Get(
        string request, HttpContext context, DetailsRequests requests, OpenGalleries galleries, ServiceRules rules,
        TermsAcceptances acceptances, ProbeSearch searches, AuditTrail audit)
    {
        var caller = context.Caller();
        var found = Find(request, caller, requests);
        if (found.State != DetailsState.Granted || found.Requester != caller.Account)
            return Response(found, null);
        // What the owner shares with the organisation at all is the limit of a second request too.
        var gallery = galleries.Get(found.Gallery);
        var fields = gallery.PermissionOf(caller.Organisation).Fields.And(rules.Apply(
            caller, ProfileUse.Details, searches.PurposeOf(caller, found.Search), [gallery.Properties], acceptances).Biographics);
        var subject = gallery.FindSubject(found.Subject) ?? throw new ProblemException(Problem.NotFound, "the subject was removed");
        await audit.WriteAsync(
            "details.read", context, new { details = found.Id, galleries = new[] { found.Gallery }, subject = found.Subject });
        return Response(found, fields.Of(subject.Biographics));
    }

    internal static DetailsResponse Decide(
        string request, Decision decision, HttpContext context, DetailsRequests requests, Notifications notifications, AuditTrail audit)
    {
        var caller = context.Caller();
        var found = Find(request, caller, requests);
        if (found.Owner != caller.Organisation)
            throw new ProblemException(Problem.Forbidden, "only the gallery's owner decides");
        if (found.Requester == caller.Account)
            throw new ProblemException(Problem.Forbidden, "nobody grants a request of one's own");
        var reason = ApprovalsResource.Reason(decision.Reason, "reason");
        if (!audit.Change(
            "details.decided",
            context,
            () => requests.Decide(request, caller.Account, decision.Granted, reason),
            decided => decided ? new { details = request, galleries = new[] { found.Gallery }, decision.Granted, reason } : null))
            throw new ProblemException(Problem.Conflict, "the request was decided already");
        notifications.Tell(found.Requester, Notifications.DetailsDecided, caller, found.Search, found.Gallery, found.Subject);
        return Response(requests.Find(request)!, null);
    }

    private static DetailsRequest Find(string id, Caller caller, DetailsRequests requests) =>
        requests.Find(id) is { } found
            && (found.Requester == caller.Account || (found.Owner == caller.Organisation && caller.Is(Role.GalleryOwner)))
            ? found
            : throw new ProblemException(Problem.NotFound, "there is no such request");

    internal static DetailsResponse Response(DetailsRequest request, IReadOnlyDictionary<string, string>? biographics) => new(
        request.Id,
        request.Search,
        request.Requester,
        request.Gallery,
        request.Subject,
        request.Reason,
        request.State,
        request.Requested,
        request.DecidedBy,
        request.Decided,
        request.Decision,
        biographics);
}
