using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Details;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.Pages;

/// <summary>Second requests.</summary>
/// <param name="Requests">One's own, and those to the galleries that one keeps; newest first.</param>
/// <param name="Names">Names of accounts by their ids.</param>
/// <param name="Decides">Whether the reader decides those of others.</param>
public sealed record DetailsModel(IReadOnlyList<ReadDetails> Requests, IReadOnlyDictionary<string, string> Names, bool Decides);

/// <summary>The second request: more of a candidate than the list gave, granted or refused by the gallery's owner.</summary>
internal static class DetailsPages
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/details", (HttpContext context, RequestingDetails details, KeepingAccounts accounts) =>
                Show(context, accounts, details.List(context.Actor()).Select(request => new ReadDetails(request, null)).ToList()))
            .For(Policies.ReadDetails);
        pages.MapPost("/details", async (HttpContext context, RequestingDetails details) =>
            {
                using var form = await PageForm.ReadAsync(context);
                details.Ask(context.Actor(), form.Text("search") ?? "", form.Number("rank") ?? 0, form.Text("reason"));
                return WebPages.Done("/details", "details-requested");
            })
            .For(Policies.Search);
        pages.MapGet(
            "/details/{request}", async (string request, HttpContext context, RequestingDetails details, KeepingAccounts accounts) =>
                Show(context, accounts, [await details.ReadAsync(context.Actor(), request)]))
            .For(Policies.ReadDetails);
        pages.MapPost("/details/{request}", async (string request, HttpContext context, RequestingDetails details) =>
            {
                using var form = await PageForm.ReadAsync(context);
                details.Decide(context.Actor(), request, form.Decision());
                return WebPages.Done("/details", "details-decided");
            })
            .For(Policies.KeepGallery);
    }

    private static IResult Show(HttpContext context, KeepingAccounts accounts, IReadOnlyList<ReadDetails> requests) =>
        context.Page<DetailsView, DetailsModel>(
            new DetailsModel(requests, accounts.Names(context.Actor()), context.Actor().Is(Role.GalleryOwner)));
}
