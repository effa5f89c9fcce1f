using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Supervising;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.Rest;

/// <summary>Something of an account that has ended, or soon ends.</summary>
/// <param name="Account">The account.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What ends.</param>
/// <param name="What">The course, the profile whose terms they are, what a key is for.</param>
/// <param name="Ends">When it ends, or ended (UTC).</param>
public sealed record ExpiringResponse(string Account, string Name, ExpiringKind Kind, string What, DateTimeOffset Ends);

/// <summary><c>/v1/expiring</c>: what soon ends in an organisation, for its supervisors.</summary>
internal static class ExpiryResource
{
    public static void Map(IEndpointRouteBuilder v1) => v1.MapGet(
        "/expiring", (int? days, HttpContext context, ForeseeingExpiry expiry) => expiry.List(context.Actor(), days)
            .Select(one => new ExpiringResponse(one.Account.Id, one.Account.Name, one.Kind, one.Name, one.Ends)).ToList())
        .Needs(Policies.Supervise).WithName("listExpiring").WithTags("supervision")
        .WithSummary("Certificates, terms and keys of the organisation's accounts that end within some days (30), or ended in the last 30")
        .Produces<IReadOnlyList<ExpiringResponse>>().Problems(400);
}
