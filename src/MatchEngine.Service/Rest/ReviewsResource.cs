using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Supervising;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.Rest;

/// <summary>What a supervisor thinks of a search.</summary>
/// <param name="Finding">The finding.</param>
/// <param name="Note">A note, or null.</param>
public sealed record ReviewRequest(ReviewFinding Finding, string? Note = null);

/// <summary>A search as supervision sees it. What was searched: <c>/v1/searches/{search}</c>.</summary>
/// <param name="SearchId">The search.</param>
/// <param name="Account">Who searched.</param>
/// <param name="Searched">When (UTC).</param>
/// <param name="Approval">The approval it was made with.</param>
/// <param name="ExigentReason">Why it could not wait.</param>
/// <param name="ReviewDue">Until when another supervisor than the one who said yes is to review it; null where no review is
/// demanded.</param>
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
    DateTimeOffset? ReviewDue,
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
    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/reviews", (
                string? account, string? caseNumber, bool? unreviewed, bool? exigent, string? before, int? count, HttpContext context,
                ReviewingSearches reviews) =>
            {
                var page = reviews.List(context.Actor(), account, caseNumber, unreviewed ?? false, exigent ?? false, before, count);
                return new ReviewPage([.. page.Searches.Select(Response)], page.Next);
            })
            .Needs(Policies.Supervise).WithName("listReviews")
            .WithSummary("The organisation's searches, newest first").WithTags("supervision")
            .Produces<ReviewPage>().Problems(400);
        v1.MapPut("/reviews/{search}", (string search, ReviewRequest request, HttpContext context, ReviewingSearches reviews) =>
                Response(reviews.Review(context.Actor(), search, request.Finding, request.Note)))
            .Needs(Policies.Supervise).WithName("reviewSearch").WithTags("supervision")
            .WithSummary(
                "Say what one thinks of a search. One that is improper is closed: its candidates and crops are open to supervisors alone, "
                    + "who searched is told, its examination ends, and what was kept is deleted where the gallery's profile says so")
            .Produces<ReviewResponse>().Problems(400, 404);
    }

    private static ReviewResponse Response(RecordedSearch search) => new(
        search.Id, search.Account, search.Searched, search.Approval, search.Exigent, search.ReviewDue, search.IsFlagged, search.Review?.By,
        search.Review?.Time, search.Review?.Finding, search.Review?.Note);
}
