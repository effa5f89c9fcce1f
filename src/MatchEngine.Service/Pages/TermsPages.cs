using MatchEngine.Service.Access;
using MatchEngine.Service.Resources;
using MatchEngine.Service.Searching;
using MatchEngine.Service.Store;

namespace MatchEngine.Service.Pages;

/// <summary>The terms of use.</summary>
/// <param name="Terms">Those of the service and of the galleries that the reader may search.</param>
public sealed record TermsModel(IReadOnlyList<TermsResponse> Terms);

/// <summary>The terms that must be accepted before the first search, where a profile has such terms.</summary>
internal static class TermsPages
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/terms", (HttpContext context, ServiceRules rules, GalleryAccess access, TermsAcceptances acceptances) =>
                context.Page<TermsView, TermsModel>(new TermsModel(TermsResource.List(context, rules, access, acceptances))))
            .For(Policies.SignedIn);
        pages.MapPost("/terms", async (
                HttpContext context, ServiceRules rules, GalleryAccess access, TermsAcceptances acceptances, AuditTrail audit) =>
            {
                using var form = await PageForm.ReadAsync(context);
                TermsResource.Accept(
                    new TermsAcceptance(form.Text("profile") ?? "", form.Text("version") ?? ""), context,
                    rules, access, acceptances, audit);
                return WebPages.Done("/terms", "terms-accepted");
            })
            .For(Policies.SignedIn);
    }
}
