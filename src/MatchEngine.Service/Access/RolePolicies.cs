using MatchEngine.Frs.Accounts;
using Microsoft.AspNetCore.Authorization;

namespace MatchEngine.Service.Access;

/// <summary>
/// The policies of the use cases as ASP.NET Core's, so that nobody's request is read who may not make it. Every endpoint names one of them
/// or is open to all by name (<c>/health</c>, <c>/ready</c>, the description of the interface, signing in).
/// </summary>
internal static class RolePolicies
{
    public static void Add(AuthorizationOptions options)
    {
        // Whatever is mapped without a word about access is closed.
        options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();
        foreach (var (name, roles) in Policies.Roles)
            options.AddPolicy(name, policy => policy.RequireAuthenticatedUser().RequireRole(roles));
    }
}
