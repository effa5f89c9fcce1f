using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Vetting;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.Rest;

/// <summary>What an organisation approves for its people.</summary>
/// <param name="Gallery">A gallery that it may search; null for the service itself, which compares two photos.</param>
/// <param name="CaseNumber">For this case alone; null for every case.</param>
/// <param name="Until">Until when; null: until it is withdrawn.</param>
/// <param name="Reason">Why: what was looked at.</param>
public sealed record VettingRequest(string Reason, string? Gallery = null, string? CaseNumber = null, DateTimeOffset? Until = null);

/// <summary>A service or gallery on an organisation's list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Gallery">The gallery; null for the service itself, which compares two photos.</param>
/// <param name="CaseNumber">For this case alone; null for every case.</param>
/// <param name="Reason">Why.</param>
/// <param name="ApprovedBy">The account that approved it.</param>
/// <param name="Approved">When (UTC).</param>
/// <param name="Until">Until when; null: until it is withdrawn.</param>
/// <param name="WithdrawnBy">The account that withdrew it, or null.</param>
/// <param name="Withdrawn">When, or null.</param>
/// <param name="Good">Whether it counts now.</param>
public sealed record VettingResponse(
    string Id, string? Gallery, string? CaseNumber, string Reason, string ApprovedBy, DateTimeOffset Approved, DateTimeOffset? Until,
    string? WithdrawnBy, DateTimeOffset? Withdrawn, bool Good);

/// <summary>
/// <c>/v1/vetting</c>: the organisation's list of approved services and galleries, as its vetting unit keeps it (PIA-054, Safeguards before
/// use).
/// </summary>
internal static class VettingResource
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/vetting", (HttpContext context, KeepingVetting vetting) =>
                vetting.List(context.Actor()).Select(use => Response(use, vetting)).ToList())
            .Needs(Policies.ReadVetting).WithName("listVetting").WithTags("supervision")
            .WithSummary("The organisation's list of approved services and galleries, newest first, with what was withdrawn or has expired")
            .Produces<IReadOnlyList<VettingResponse>>();
        v1.MapPost("/vetting", (VettingRequest request, HttpContext context, KeepingVetting vetting) =>
            {
                var added = vetting.Approve(
                    context.Actor(), new NewVettedUse(request.Gallery, request.CaseNumber, request.Until, request.Reason));
                return Results.Created($"/v1/vetting/{added.Id}", Response(added, vetting));
            })
            .Needs(Policies.Vet).WithName("approveGallery").WithTags("supervision")
            .WithSummary(
                "Approve a gallery for the organisation, for every case or for one. From the first approval on, what is not on the list "
                    + "needs a supervisor")
            .Produces<VettingResponse>(StatusCodes.Status201Created).Problems(400, 404);
        v1.MapDelete("/vetting/{use}", (string use, HttpContext context, KeepingVetting vetting) =>
                Response(vetting.Withdraw(context.Actor(), use), vetting))
            .Needs(Policies.Vet).WithName("withdrawGallery").WithTags("supervision")
            .WithSummary("Withdraw an approval; it stays on the list with who withdrew it")
            .Produces<VettingResponse>().Problems(404);
    }

    private static VettingResponse Response(VettedUse use, KeepingVetting vetting) => new(
        use.Id, use.Gallery, use.CaseNumber, use.Reason, use.By, use.Approved, use.Until, use.WithdrawnBy, use.Withdrawn,
        vetting.IsGood(use));
}
