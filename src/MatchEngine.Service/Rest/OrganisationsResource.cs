using MatchEngine.Frs.Accounts;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.Rest;

/// <summary>An organisation to add.</summary>
/// <param name="Id">1 to 40 lower-case letters, digits and dashes.</param>
/// <param name="Name">Its name.</param>
public sealed record OrganisationRequest(string Id, string Name);

/// <summary>An organisation.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Created">When it was added (UTC).</param>
public sealed record OrganisationResponse(string Id, string Name, DateTimeOffset Created);

/// <summary><c>/v1/organisations</c>: whose people use the service, and between whom galleries are shared.</summary>
internal static class OrganisationsResource
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/organisations", (HttpContext context, KeepingAccounts accounts) =>
                accounts.Organisations(context.Actor()).Select(Response).ToList())
            .Needs(Policies.SignedIn).WithName("listOrganisations").WithSummary("List the organisations").WithTags("accounts")
            .Produces<IReadOnlyList<OrganisationResponse>>();
        v1.MapPost("/organisations", (OrganisationRequest request, HttpContext context, KeepingAccounts accounts) =>
                Results.Created(
                    $"/v1/organisations/{request.Id}",
                    Response(accounts.AddOrganisation(context.Actor(), request.Id, request.Name))))
            .Needs(Policies.AdministerService).WithName("addOrganisation").WithSummary("Add an organisation").WithTags("accounts")
            .Produces<OrganisationResponse>(StatusCodes.Status201Created).Problems(400, 409);
    }

    private static OrganisationResponse Response(Organisation organisation) =>
        new(organisation.Id, organisation.Name, organisation.Created);
}
