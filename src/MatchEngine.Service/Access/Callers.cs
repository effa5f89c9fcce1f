using System.Security.Claims;
using MatchEngine.Frs;
using MatchEngine.Frs.Accounts;

namespace MatchEngine.Service.Access;

/// <summary>Who makes a request, as ASP.NET Core carries it and as the use cases take it.</summary>
internal static class Callers
{
    public const string OrganisationClaim = "organisation";
    public const string StampClaim = "stamp";

    /// <summary>The API key by which a browser was signed in; absent after a sign-in by password.</summary>
    public const string KeyClaim = "key";

    /// <summary>The account that makes the request.</summary>
    /// <exception cref="InvalidOperationException">Nobody is signed in.</exception>
    public static Actor Actor(this HttpContext context)
    {
        var user = context.User;
        return new Actor(
            user.FindFirstValue(ClaimTypes.NameIdentifier) ?? throw new InvalidOperationException("the request has no account"),
            user.FindFirstValue(ClaimTypes.Name)!,
            user.FindFirstValue(OrganisationClaim)!,
            user.FindAll(ClaimTypes.Role).Select(claim => claim.Value).ToHashSet(),
            context.TraceIdentifier);
    }

    /// <summary>The account as ASP.NET Core carries it.</summary>
    public static ClaimsPrincipal Principal(Account account, string scheme, string? key = null)
    {
        var identity = new ClaimsIdentity(scheme);
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, account.Id));
        identity.AddClaim(new Claim(ClaimTypes.Name, account.Name));
        identity.AddClaim(new Claim(OrganisationClaim, account.Organisation));
        identity.AddClaim(new Claim(StampClaim, account.Stamp));
        if (key is not null)
            identity.AddClaim(new Claim(KeyClaim, key));
        foreach (var role in account.Roles)
            identity.AddClaim(new Claim(ClaimTypes.Role, role));
        return new ClaimsPrincipal(identity);
    }
}
