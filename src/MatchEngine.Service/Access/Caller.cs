using System.Security.Claims;
using MatchEngine.Service.Store;

namespace MatchEngine.Service.Access;

/// <summary>Who makes a request.</summary>
/// <param name="Account">The account's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Organisation">Its organisation's id.</param>
/// <param name="Roles">Its roles.</param>
internal sealed record Caller(string Account, string Name, string Organisation, IReadOnlySet<string> Roles)
{
    public const string OrganisationClaim = "organisation";
    public const string StampClaim = "stamp";

    /// <summary>The API key by which a browser was signed in; absent after a sign-in by password.</summary>
    public const string KeyClaim = "key";

    public static Caller Of(ClaimsPrincipal user) => new(
        user.FindFirstValue(ClaimTypes.NameIdentifier) ?? throw new InvalidOperationException("the request has no account"),
        user.FindFirstValue(ClaimTypes.Name)!,
        user.FindFirstValue(OrganisationClaim)!,
        user.FindAll(ClaimTypes.Role).Select(claim => claim.Value).ToHashSet());

    public bool Is(string role) => Roles.Contains(role);

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
