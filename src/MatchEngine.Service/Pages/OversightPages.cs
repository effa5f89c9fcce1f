using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Resources;
using MatchEngine.Service.Store;

namespace MatchEngine.Service.Pages;

/// <summary>The searches of an organisation, for its supervisors.</summary>
/// <param name="Page">The searches, newest first.</param>
/// <param name="Names">Names of accounts by their ids.</param>
/// <param name="Unreviewed">Whether only those are listed that nobody has looked at.</param>
/// <param name="Exigent">Whether only those are listed that did not wait for approval.</param>
public sealed record OversightModel(ReviewPage Page, IReadOnlyDictionary<string, string> Names, bool Unreviewed, bool Exigent);

/// <summary>Supervisors look at the searches that were made.</summary>
internal static class OversightPages
{
    private const int PageSize = 50;

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet(
            "/oversight", (bool? unreviewed, bool? exigent, string? before, HttpContext context, UsesOfSearch uses, Accounts accounts) =>
                context.Page<OversightView, OversightModel>(new OversightModel(
                    ReviewsResource.List(null, unreviewed, exigent, before, PageSize, context, uses), accounts.Names(), unreviewed
                        ?? false, exigent ?? false)))
            .For(Policies.Supervise);
        pages.MapPost("/oversight/{search}", async (string search, HttpContext context, UsesOfSearch uses, AuditTrail audit) =>
            {
                using var form = await PageForm.ReadAsync(context);
                var finding = form.Text("finding") switch
                {
                    "proper" => ReviewFinding.Proper,
                    "improper" => ReviewFinding.Improper,
                    "follow-up" => ReviewFinding.FollowUp,
                    _ => throw new ProblemException(Problem.BadValue, "say what you think of the search"),
                };
                ReviewsResource.Review(search, new ReviewRequest(finding, form.Text("note")), context, uses, audit);
                return WebPages.Done("/oversight", "finding-recorded");
            })
            .For(Policies.Supervise);
    }
}
