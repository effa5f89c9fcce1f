using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Supervising;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using Microsoft.AspNetCore.Mvc;

namespace MatchEngine.Service.Pages;

/// <summary>The searches of an organisation, for its supervisors.</summary>
/// <param name="Searches">The searches, newest first.</param>
/// <param name="Names">Names of accounts by their ids.</param>
/// <param name="Account">The account whose searches are listed; null for all.</param>
/// <param name="CaseNumber">The case whose searches are listed; null for all.</param>
/// <param name="Unreviewed">Whether only those are listed that nobody has looked at.</param>
/// <param name="Exigent">Whether only those are listed that could not wait.</param>
/// <param name="More">The address of earlier searches; null at the end.</param>
public sealed record OversightModel(
    IReadOnlyList<OverseenSearch> Searches, IReadOnlyDictionary<string, string> Names, string? Account, string? CaseNumber, bool Unreviewed,
    bool Exigent, string? More);

/// <summary>A search that a supervisor looks at.</summary>
/// <param name="Read">The search with its candidates, as far as the supervisor may see them.</param>
/// <param name="Deleted">Galleries of whose candidates nothing is kept where it is found improper.</param>
public sealed record OverseenSearch(ReadSearch Read, IReadOnlyList<string> Deleted)
{
    /// <summary>The search.</summary>
    public RecordedSearch Search => Read.Search;
}

/// <summary>What soon ends in an organisation.</summary>
/// <param name="Ends">What ends, the earliest first.</param>
/// <param name="Days">How far ahead was looked.</param>
/// <param name="Now">The time.</param>
public sealed record ExpiringModel(IReadOnlyList<Expiring> Ends, int Days, DateTimeOffset Now);

/// <summary>Supervisors look at the searches that were made.</summary>
internal static class OversightPages
{
    private const int PageSize = 20;

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/oversight", (
                string? account, [FromQuery(Name = "case")] string? number, bool? unreviewed, bool? exigent, string? before,
                HttpContext context, ReviewingSearches reviews, ReadingSearches reading, KeepingAccounts accounts) =>
            {
                var (actor, names) = (context.Actor(), accounts.Names(context.Actor()));
                // People know names; the book knows ids.
                var id = names.FirstOrDefault(
                    pair => string.Equals(pair.Value, PageQuery.Given(account), StringComparison.OrdinalIgnoreCase)).Key;
                var page = reviews.List(
                    actor, id ?? PageQuery.Given(account), number, unreviewed ?? false, exigent ?? false, before, PageSize);
                return context.Page<OversightView, OversightModel>(new OversightModel(
                    [.. page.Searches.Select(search => new OverseenSearch(
                        reading.Preview(actor, search), reviews.DeletedWhenImproper(search)))],
                    names, PageQuery.Given(account), PageQuery.Given(number), unreviewed ?? false, exigent ?? false,
                    page.Next is { } next ? PageQuery.Next(context, "before", next) : null));
            })
            .For(Policies.Supervise);
        pages.MapGet("/oversight/expiring", (int? days, HttpContext context, ForeseeingExpiry expiry, TimeProvider clock) =>
                context.Page<ExpiringView, ExpiringModel>(new ExpiringModel(
                    expiry.List(context.Actor(), days), days ?? ForeseeingExpiry.DefaultDays, clock.GetUtcNow())))
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
