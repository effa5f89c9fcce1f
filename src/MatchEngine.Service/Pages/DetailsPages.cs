using MatchEngine.Service.Access;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Resources;
using MatchEngine.Service.Searching;
using MatchEngine.Service.Store;

namespace MatchEngine.Service.Pages;

/// <summary>Second requests.</summary>
/// <param name="Requests">One's own, and those to the galleries that one keeps; newest first.</param>
/// <param name="Names">Names of accounts by their ids.</param>
/// <param name="Decides">Whether the reader decides those of others.</param>
public sealed record DetailsModel(IReadOnlyList<DetailsResponse> Requests, IReadOnlyDictionary<string, string> Names, bool Decides);

/// <summary>The second request: more of a candidate than the list gave, granted or refused by the gallery's owner.</summary>
internal static class DetailsPages
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/details", (HttpContext context, DetailsRequests requests, Accounts accounts) =>
                context.Page<DetailsView, DetailsModel>(new DetailsModel(
                    DetailsRequestsResource.List(context, requests), accounts.Names(), context.Caller().Is(Role.GalleryOwner))))
            .For(Policies.ReadDetails);
        pages.MapPost("/details", async (
                HttpContext context, DetailsRequests requests, ProbeSearch searches, ServiceRules rules, TermsAcceptances acceptances,
                Notifications notifications, AuditTrail audit) =>
            {
                using var form = await PageForm.ReadAsync(context);
                var request = new SecondRequest(form.Text("search") ?? "", form.Number("rank") ?? 0, form.Text("reason") ?? "");
                DetailsRequestsResource.Ask(request, context, requests, searches, rules, acceptances, notifications, audit);
                return WebPages.Done("/details", "details-requested");
            })
            .For(Policies.Search);
        pages.MapGet("/details/{request}", async (
                string request, HttpContext context, DetailsRequests requests, OpenGalleries galleries, ServiceRules rules,
                TermsAcceptances acceptances, ProbeSearch searches, Accounts accounts, AuditTrail audit) =>
                context.Page<DetailsView, DetailsModel>(new DetailsModel(
                    [await DetailsRequestsResource.Get(request, context, requests, galleries, rules, acceptances, searches, audit)],
                    accounts.Names(), context.Caller().Is(Role.GalleryOwner))))
            .For(Policies.ReadDetails);
        pages.MapPost(
            "/details/{request}",
            async (string request, HttpContext context, DetailsRequests requests, Notifications notifications, AuditTrail audit) =>
            {
                using var form = await PageForm.ReadAsync(context);
                DetailsRequestsResource.Decide(request, form.Decision(), context, requests, notifications, audit);
                return WebPages.Done("/details", "details-decided");
            })
            .For(Policies.KeepGallery);
    }
}
