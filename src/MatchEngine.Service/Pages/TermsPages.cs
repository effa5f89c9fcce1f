using MatchEngine.Faces;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Quality;
using MatchEngine.Frs;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Comparing;
using MatchEngine.Frs.Details;
using MatchEngine.Frs.Enrolling;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Examining;
using MatchEngine.Frs.Extraction;
using MatchEngine.Frs.Importing;
using MatchEngine.Frs.Notifying;
using MatchEngine.Frs.Operations;
using MatchEngine.Frs.Probes;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Sharing;
using MatchEngine.Frs.Supervising;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Search;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Intake;

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
