using MatchEngine.Frs.Accounts;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.Rest;

/// <summary>A person of an identity provider.</summary>
/// <param name="Issuer">The provider, as it names itself (<c>iss</c>).</param>
/// <param name="Subject">The person there (<c>sub</c>).</param>
public sealed record IdentityRequest(string Issuer, string Subject);

/// <summary>Who an account is at an identity provider.</summary>
/// <param name="Id">The link's id.</param>
/// <param name="Issuer">The provider.</param>
/// <param name="Subject">The person there.</param>
/// <param name="Linked">When it was linked (UTC).</param>
public sealed record IdentityResponse(string Id, string Issuer, string Subject, DateTimeOffset Linked);

/// <summary><c>/v1/accounts/{account}/identities</c>: who an account is at an identity provider.</summary>
internal static class IdentitiesResource
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/accounts/{account}/identities", (string account, HttpContext context, KeepingIdentities identities) =>
                identities.Of(context.Actor(), account).Select(Response).ToList())
            .Needs(Policies.Administer).WithName("listIdentities").WithTags("accounts").WithSummary(
                "Who an account is at the identity provider")
            .Produces<IReadOnlyList<IdentityResponse>>().Problems(404);
        v1.MapPost("/accounts/{account}/identities", (
                string account, IdentityRequest request, HttpContext context, KeepingIdentities identities) =>
            {
                var linked = identities.Link(context.Actor(), account, request.Issuer, request.Subject);
                return Results.Created($"/v1/accounts/{account}/identities/{linked.Id}", Response(linked));
            })
            .Needs(Policies.Administer).WithName("linkIdentity").WithTags("accounts").WithSummary(
                "Link an account with a person of the identity provider")
            .Produces<IdentityResponse>(StatusCodes.Status201Created).Problems(400, 404, 409);
        v1.MapDelete("/accounts/{account}/identities/{identity}", (
                string account, string identity, HttpContext context, KeepingIdentities identities) =>
            {
                identities.Unlink(context.Actor(), account, identity);
                return Results.NoContent();
            })
            .Needs(Policies.Administer).WithName("unlinkIdentity").WithTags("accounts").WithSummary(
                "Take a link away; the account is signed out everywhere")
            .Produces(StatusCodes.Status204NoContent).Problems(404);
    }

    private static IdentityResponse Response(LinkedIdentity linked) => new(linked.Id, linked.Issuer, linked.Subject, linked.Linked);
}
