using MatchEngine.Frs.Auditing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace MatchEngine.Service.Access;

/// <summary>Whoever is signed in and asks for what the own roles do not suffice for is refused as ever, and it is written down.</summary>
/// <param name="refusals">Write it down.</param>
internal sealed class RefusedAccess(AuditingRefusals refusals) : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _usual = new();

    public async Task HandleAsync(
        RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Forbidden && context.User.Identity is { IsAuthenticated: true }
            && context.GetEndpoint()?.Metadata.GetOrderedMetadata<IAuthorizeData>().FirstOrDefault(
                data => data.Policy is not null) is { } needs)
            await refusals.RefuseAsync(context.Actor(), needs.Policy!);
        await _usual.HandleAsync(next, context, policy, authorizeResult);
    }
}
