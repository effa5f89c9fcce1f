using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Supervising;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Pages;

/// <summary>The searches of an organisation, for its supervisors.</summary>
/// <param name="Page">The searches, newest first.</param>
/// <param name="Names">Names of accounts by their ids.</param>
/// <param name="Unreviewed">Whether only those are listed that nobody has looked at.</param>
/// <param name="Exigent">Whether only those are listed that could not wait.</param>
public sealed record OversightModel(SearchPage Page, IReadOnlyDictionary<string, string> Names, bool Unreviewed, bool Exigent);

/// <summary>Supervisors look at the searches that were made.</summary>
internal static class OversightPages
{
    private const int PageSize = 50;

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/oversight", (
                bool? unreviewed, bool? exigent, string? before, HttpContext context, ReviewingSearches reviews,
                KeepingAccounts accounts) =>
                context.Page<OversightView, OversightModel>(new OversightModel(
                    reviews.List(context.Actor(), null, unreviewed ?? false, exigent ?? false, before, PageSize),
                    accounts.Names(context.Actor()), unreviewed ?? false, exigent ?? false)))
            .For(Policies.Supervise);
        pages.MapPost("/oversight/{search}", async (string search, HttpContext context, ReviewingSearches reviews) =>
            {
                using var form = await PageForm.ReadAsync(context);
                var finding = form.Text("finding") switch
                {
                    "proper" => ReviewFinding.Proper,
                    "improper" => ReviewFinding.Improper,
                    "follow-up" => ReviewFinding.FollowUp,
                    _ => throw new ProblemException(Problem.BadValue, "say what you think of the search"),
                };
                reviews.Review(context.Actor(), search, finding, form.Text("note"));
                return WebPages.Done("/oversight", "finding-recorded");
            })
            .For(Policies.Supervise);
    }
}
