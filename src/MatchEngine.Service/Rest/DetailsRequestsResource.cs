using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Details;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.Rest;

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
        v1.MapGet("/details-requests", (HttpContext context, RequestingDetails details) =>
                details.List(context.Actor()).Select(request => Response(request, null)).ToList())
            .Needs(Policies.ReadDetails).WithName("listDetailsRequests")
            .WithSummary("One's second requests, and those to the galleries that one keeps").WithTags("supervision")
            .Produces<IReadOnlyList<DetailsResponse>>();
        v1.MapPost("/details-requests", (SecondRequest request, HttpContext context, RequestingDetails details) =>
            {
                var asked = details.Ask(context.Actor(), request.SearchId, request.Rank, request.Reason);
                return Results.Created($"/v1/details-requests/{asked.Id}", Response(asked, null));
            })
            .Needs(Policies.Search).WithName("requestDetails")
            .WithSummary("Ask a gallery's owner for the details of a candidate").WithTags("supervision")
            .Produces<DetailsResponse>(StatusCodes.Status201Created).Problems(400, 404);
        v1.MapGet("/details-requests/{request}", async (string request, HttpContext context, RequestingDetails details) =>
            {
                var read = await details.ReadAsync(context.Actor(), request);
                return Response(read.Request, read.Biographics);
            })
            .Needs(Policies.ReadDetails).WithName("getDetailsRequest")
            .WithSummary("A second request; for its requester with the details, once they are granted").WithTags("supervision")
            .Produces<DetailsResponse>().Problems(404);
        v1.MapPost(
            "/details-requests/{request}/decision",
            (string request, Decision decision, HttpContext context, RequestingDetails details) =>
                Response(details.Decide(context.Actor(), request, decision.ToDecision()), null))
            .Needs(Policies.KeepGallery).WithName("decideDetailsRequest")
            .WithSummary("Grant or refuse the details of a record that one keeps").WithTags("supervision")
            .Produces<DetailsResponse>().Problems(400, 404, 409);
    }

    private static DetailsResponse Response(DetailsRequest request, IReadOnlyDictionary<string, string>? biographics) => new(
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
