using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Store;

namespace MatchEngine.Service.Resources;

/// <summary>What a supervisor thinks of a search.</summary>
/// <param name="Finding">The finding.</param>
/// <param name="Note">A note, or null.</param>
public sealed record ReviewRequest(ReviewFinding Finding, string? Note = null);

/// <summary>A search as supervision sees it. What was searched: <c>/v1/searches/{search}</c>.</summary>
/// <param name="SearchId">The search.</param>
/// <param name="Account">Who searched.</param>
/// <param name="Searched">When (UTC).</param>
/// <param name="Approval">The approval it was made with.</param>
/// <param name="ExigentReason">Why it did not wait for approval; such a search is flagged until it is reviewed.</param>
/// <param name="Flagged">Whether it must be looked at.</param>
/// <param name="ReviewedBy">Who looked at it.</param>
/// <param name="Reviewed">When.</param>
/// <param name="Finding">The finding.</param>
/// <param name="Note">The note.</param>
public sealed record ReviewResponse(
    string SearchId,
    string Account,
    DateTimeOffset Searched,
    string? Approval,
    string? ExigentReason,
    bool Flagged,
    string? ReviewedBy,
    DateTimeOffset? Reviewed,
    ReviewFinding? Finding,
    string? Note);

/// <summary>A page of searches.</summary>
/// <param name="Searches">The searches, newest first.</param>
/// <param name="Next">Give this as <c>before</c> for the next page; null at the end.</param>
public sealed record ReviewPage(IReadOnlyList<ReviewResponse> Searches, string? Next);

/// <summary><c>/v1/reviews</c>: supervisors look at the searches of their organisation (PIA-054, Safeguards before use).</summary>
internal static class ReviewsResource
{
    private const int MaxPage = 500;

    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/reviews", List)
            .Needs(Policies.Supervise).WithName("listReviews")
            .WithSummary("The organisation's searches, newest first").WithTags("supervision")
            .Produces<ReviewPage>().Problems(400);
        v1.MapPut("/reviews/{search}", Review)
            .Needs(Policies.Supervise).WithName("reviewSearch").WithSummary("Say what one thinks of a search").WithTags("supervision")
            .Produces<ReviewResponse>().Problems(400, 404);
    }

    internal static ReviewPage List(
        string? account, bool? unreviewed, bool? exigent, string? before, int? count, HttpContext context, UsesOfSearch uses)
    {
        var wanted = count ?? 100;
        if (wanted is < 1 or > MaxPage)
            throw new ProblemException(Problem.BadValue, $"count lies within 1 … {MaxPage}");
        var page = uses.List(context.Caller().Organisation, account, unreviewed ?? false, exigent ?? false, before, wanted)
            .Select(Response).ToList();
        return new ReviewPage(page, page.Count == wanted ? page[^1].SearchId : null);
    }

    internal static ReviewResponse Review(string search, ReviewRequest request, HttpContext context, UsesOfSearch uses, AuditTrail audit)
    {
        var caller = context.Caller();
        if (uses.Find(search) is not { } use || use.Organisation != caller.Organisation)
            throw new ProblemException(Problem.NotFound, "there is no such search");
        if (use.Account == caller.Account)
            throw new ProblemException(Problem.Forbidden, "nobody reviews a search of one's own");
        var note = request.Note is null ? null : ApprovalsResource.Reason(request.Note, "note");
        audit.Change(
            "search.reviewed", context, () => uses.Review(use.Search, caller.Account, request.Finding, note),
            reviewed => reviewed ? new { search = use.Search, request.Finding, note } : null);
        return Response(uses.Find(search)!);
    }

    private static ReviewResponse Response(UseOfSearch use) => new(
        use.Search, use.Account, use.Searched, use.Approval, use.Exigent, use.Exigent is not null
            && use.Reviewed is null, use.ReviewedBy, use.Reviewed, use.Finding, use.Note);
}
