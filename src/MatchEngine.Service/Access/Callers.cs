using System.Security.Claims;
using MatchEngine.Frs;
using MatchEngine.Frs.Accounts;

namespace MatchEngine.Service.Access;

/// <summary>Who makes a request, as ASP.NET Core carries it and as the use cases take it.</summary>
internal static class Callers
{
    public const string OrganisationClaim = "organisation";

    /// <summary>The API key by which a request comes, or its browser was signed in; absent after a sign-in by other means.</summary>
    public const string KeyClaim = "key";

    /// <summary>The browser's session; absent where a request comes with a key.</summary>
    public const string SessionClaim = "session";

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
            context.TraceIdentifier) { Key = user.FindFirstValue(KeyClaim) };
    }

    /// <summary>The browser's session; null where the request comes with a key.</summary>
    public static string? Session(this HttpContext context) => context.User.FindFirstValue(SessionClaim);

    /// <summary>The actor as ASP.NET Core carries it.</summary>
    public static ClaimsPrincipal Principal(Actor actor, string scheme, Session? session = null)
    {
        var identity = new ClaimsIdentity(scheme);
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, actor.Account));
        identity.AddClaim(new Claim(ClaimTypes.Name, actor.Name));
        identity.AddClaim(new Claim(OrganisationClaim, actor.Organisation));
        if (actor.Key is { } key)
            identity.AddClaim(new Claim(KeyClaim, key));
        if (session is not null)
            identity.AddClaim(new Claim(SessionClaim, session.Id));
        foreach (var role in actor.Roles)
            identity.AddClaim(new Claim(ClaimTypes.Role, role));
        return new ClaimsPrincipal(identity);
    }
}
