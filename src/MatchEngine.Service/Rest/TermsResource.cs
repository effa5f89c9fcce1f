using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Sharing;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.Rest;

/// <summary>The terms of an agency whose galleries are served.</summary>
/// <param name="Profile">The profile whose terms they are.</param>
/// <param name="Version">Their version.</param>
/// <param name="Text">Their words.</param>
/// <param name="Source">Where the rule is written.</param>
/// <param name="Accepted">When this account accepted this version; null: not yet, or so long ago that it has to be renewed.</param>
/// <param name="Until">Until when that is good; null: as long as the version stays, or not accepted.</param>
/// <param name="RenewDays">After how many days it has to be renewed; null: never.</param>
public sealed record TermsResponse(
    string Profile, string Version, string Text, string Source, DateTimeOffset? Accepted, DateTimeOffset? Until, int? RenewDays);

/// <summary>The acceptance of terms.</summary>
/// <param name="Profile">The profile whose terms were read.</param>
/// <param name="Version">The version that was read.</param>
public sealed record TermsAcceptance(string Profile, string Version);

/// <summary>
/// <c>/v1/terms</c>: what must be accepted before first use, where a profile has such terms (PIA-054, State and local services).
/// </summary>
internal static class TermsResource
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/terms", (HttpContext context, AcceptingTerms terms) => terms.List(context.Actor()).Select(Response).ToList())
            .Needs(Policies.SignedIn).WithName("listTerms")
            .WithSummary("The terms of use of the service and of the galleries that one may search, and whether this account accepted them")
            .WithTags("supervision")
            .Produces<IReadOnlyList<TermsResponse>>();
        v1.MapPost("/terms/acceptance", (TermsAcceptance request, HttpContext context, AcceptingTerms terms) =>
                Response(terms.Accept(context.Actor(), request.Profile, request.Version)))
            .Needs(Policies.SignedIn).WithName("acceptTerms").WithSummary("Accept the terms of use").WithTags("supervision")
            .Produces<TermsResponse>().Problems(400, 404, 409);
    }

    private static TermsResponse Response(TermsOfUse terms) =>
        new(terms.Profile, terms.Version, terms.Text, terms.Source, terms.Accepted, terms.Until, terms.RenewDays);
}
