using System.Text.RegularExpressions;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Store;

namespace MatchEngine.Service.Resources;

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
internal static partial class OrganisationsResource
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/organisations", (Organisations organisations) => organisations.List().Select(Response).ToList())
            .Needs(Policies.SignedIn).WithName("listOrganisations").WithSummary("List the organisations").WithTags("accounts")
            .Produces<IReadOnlyList<OrganisationResponse>>();
        v1.MapPost("/organisations", Add)
            .Needs(Policies.Administer).WithName("addOrganisation").WithSummary("Add an organisation").WithTags("accounts")
            .Produces<OrganisationResponse>(StatusCodes.Status201Created).Problems(400, 409);
    }

    internal static IResult Add(OrganisationRequest request, HttpContext context, Organisations organisations, AuditTrail audit)
    {
        if (!Id().IsMatch(request.Id))
            throw new ProblemException(
                Problem.BadValue, "an organisation's id is 1 to 40 lower-case letters, digits and dashes, and begins with a letter");
        if (string.IsNullOrWhiteSpace(request.Name) || request.Name.Length > 200)
            throw new ProblemException(Problem.BadValue, "an organisation's name has 1 to 200 characters");
        if (!audit.Change(
            "organisation.added", context, () => organisations.Add(request.Id, request.Name),
            added => added ? new { organisation = request.Id } : null))
            throw new ProblemException(Problem.Conflict, $"there is an organisation '{request.Id}' already");
        return Results.Created($"/v1/organisations/{request.Id}", Response(organisations.Find(request.Id)!));
    }

    internal static OrganisationResponse Response(Organisation organisation) =>
        new(organisation.Id, organisation.Name, organisation.Created);

    [GeneratedRegex(@"\A[a-z][a-z0-9-]{0,39}\z")]
    private static partial Regex Id();
}
