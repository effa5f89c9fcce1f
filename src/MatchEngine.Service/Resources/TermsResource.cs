using MatchEngine.Galleries.Profiles;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Searching;
using MatchEngine.Service.Store;

namespace MatchEngine.Service.Resources;

/// <summary>The terms of an agency whose galleries are served.</summary>
/// <param name="Profile">The profile whose terms they are.</param>
/// <param name="Version">Their version.</param>
/// <param name="Text">Their words.</param>
/// <param name="Source">Where the rule is written.</param>
/// <param name="Accepted">When this account accepted this version; null: not yet.</param>
public sealed record TermsResponse(string Profile, string Version, string Text, string Source, DateTimeOffset? Accepted);

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
        v1.MapGet("/terms", List)
            .Needs(Policies.SignedIn).WithName("listTerms")
            .WithSummary("The terms of use of the service and of the galleries that one may search, and whether this account accepted them")
            .WithTags("supervision")
            .Produces<IReadOnlyList<TermsResponse>>();
        v1.MapPost("/terms/acceptance", Accept)
            .Needs(Policies.SignedIn).WithName("acceptTerms").WithSummary("Accept the terms of use").WithTags("supervision")
            .Produces<TermsResponse>().Problems(400, 404, 409);
    }

    internal static List<TermsResponse> List(HttpContext context, ServiceRules rules, GalleryAccess access, TermsAcceptances acceptances)
    {
        var caller = context.Caller();
        return Profiles(caller, rules, access).Select(profile => Response(caller, profile, acceptances)).ToList();
    }

    internal static TermsResponse Accept(
        TermsAcceptance request, HttpContext context, ServiceRules rules, GalleryAccess access,
        TermsAcceptances acceptances, AuditTrail audit)
    {
        var caller = context.Caller();
        var profile = Profiles(caller, rules, access).FirstOrDefault(profile => profile.Name == request.Profile)
            ?? throw new ProblemException(Problem.NotFound, $"no profile '{request.Profile}' with terms is in use here");
        var terms = profile.Rules.Terms.Value!;
        if (request.Version != terms.Version)
            throw new ProblemException(Problem.Conflict, $"the terms are at version '{terms.Version}'; read them again");
        audit.Change(
            "terms.accepted", context, () => acceptances.Accept(caller.Account, profile.Name, terms.Version),
            accepted => accepted ? new { profile = profile.Name, version = terms.Version } : null);
        return Response(caller, profile, acceptances);
    }

    private static IEnumerable<Profile> Profiles(Caller caller, ServiceRules rules, GalleryAccess access) =>
        rules.Profiles(access.Searchable(caller, null).Select(found => found.Gallery.Properties)).Where(
            profile => profile.Rules.Terms.Value is not null);

    private static TermsResponse Response(Caller caller, Profile profile, TermsAcceptances acceptances)
    {
        var terms = profile.Rules.Terms;
        return new TermsResponse(
            profile.Name, terms.Value!.Version, terms.Value.Text, terms.Source,
            acceptances.Find(caller.Account, profile.Name, terms.Value.Version));
    }
}
