using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Sharing;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.Pages;

/// <summary>The terms of use.</summary>
/// <param name="Terms">Those of the service and of the galleries that the reader may search.</param>
public sealed record TermsModel(IReadOnlyList<TermsOfUse> Terms);

/// <summary>The terms that must be accepted before the first search, where a profile has such terms.</summary>
internal static class TermsPages
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/terms", (HttpContext context, AcceptingTerms terms) =>
                context.Page<TermsView, TermsModel>(new TermsModel(terms.List(context.Actor()))))
            .For(Policies.SignedIn);
        pages.MapPost("/terms", async (HttpContext context, AcceptingTerms terms) =>
            {
                using var form = await PageForm.ReadAsync(context);
                terms.Accept(context.Actor(), form.Text("profile") ?? "", form.Text("version") ?? "");
                return WebPages.Done("/terms", "terms-accepted");
            })
            .For(Policies.SignedIn);
    }
}
