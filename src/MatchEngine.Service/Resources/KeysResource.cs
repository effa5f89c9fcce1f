using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Store;

namespace MatchEngine.Service.Resources;

/// <summary>A key to make.</summary>
/// <param name="Name">What it is for: 1 to 100 characters.</param>
/// <param name="Account">The account it acts for; null for one's own. Only an administrator makes keys for others.</param>
/// <param name="ExpiresInDays">In how many days it ends, 1 to 3650; null for never.</param>
public sealed record KeyRequest(string Name, string? Account = null, int? ExpiresInDays = null);

/// <summary>A key without its secret.</summary>
/// <param name="Id">Its id, which is a part of the key.</param>
/// <param name="Account">The account it acts for.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Created">When it was made (UTC).</param>
/// <param name="Expires">When it ends, or null.</param>
/// <param name="Revoked">When it was revoked, or null.</param>
/// <param name="LastUsed">When it was last used, to a minute; null: never.</param>
public sealed record KeyResponse(
    string Id, string Account, string Name, DateTimeOffset Created, DateTimeOffset? Expires,
    DateTimeOffset? Revoked, DateTimeOffset? LastUsed);

/// <summary>A new key.</summary>
/// <param name="Key">The key's text. It is shown this once: the service keeps a hash.</param>
/// <param name="Details">The rest.</param>
public sealed record NewKeyResponse(string Key, KeyResponse Details);

/// <summary><c>/v1/keys</c>: API keys.</summary>
internal static class KeysResource
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/keys", List)
            .Needs(Policies.SignedIn).WithName("listKeys").WithSummary("List one's keys; for an administrator, all").WithTags("accounts")
            .Produces<IReadOnlyList<KeyResponse>>();
        v1.MapPost("/keys", Add)
            .Needs(Policies.SignedIn).WithName("addKey").WithSummary("Make a key; its text is shown once").WithTags("accounts")
            .Produces<NewKeyResponse>(StatusCodes.Status201Created).Problems(400, 404);
        v1.MapDelete("/keys/{key}", Revoke)
            .Needs(Policies.SignedIn).WithName("revokeKey").WithSummary("Revoke a key at once").WithTags("accounts")
            .Produces(StatusCodes.Status204NoContent).Problems(404);
    }

    internal static List<KeyResponse> List(HttpContext context, ApiKeys keys)
    {
        var caller = context.Caller();
        return keys.List(caller.Is(Role.Administrator) ? null : caller.Account).Select(Response).ToList();
    }

    internal static IResult Add(
        KeyRequest request, HttpContext context, ApiKeys keys, Accounts accounts, TimeProvider clock, AuditTrail audit)
    {
        var caller = context.Caller();
        var account = request.Account ?? caller.Account;
        if (account != caller.Account && !caller.Is(Role.Administrator))
            throw new ProblemException(Problem.Forbidden, "only an administrator makes keys for other accounts");
        if (string.IsNullOrWhiteSpace(request.Name) || request.Name.Length > 100)
            throw new ProblemException(Problem.BadValue, "a key's name has 1 to 100 characters");
        if (request.ExpiresInDays is < 1 or > 3650)
            throw new ProblemException(Problem.BadValue, "expiresInDays lies within 1 … 3650");
        if (accounts.Find(account) is null)
            throw new ProblemException(Problem.NotFound, "there is no such account");
        var (key, text) = audit.Change(
            "key.added",
            context,
            () => keys.Add(account, request.Name, request.ExpiresInDays is { } days ? clock.GetUtcNow().AddDays(days) : null),
            added => new { key = added.Key.Id, account, added.Key.Expires });
        return Results.Created($"/v1/keys/{key.Id}", new NewKeyResponse(text, Response(key)));
    }

    internal static IResult Revoke(string key, HttpContext context, ApiKeys keys, AuditTrail audit)
    {
        var caller = context.Caller();
        if (keys.Find(key) is not { } found
            || (found.Account != caller.Account && !caller.Is(Role.Administrator))
            || !audit.Change(
                "key.revoked", context, () => keys.Revoke(key), revoked => revoked ? new { key, account = found.Account } : null))
            throw new ProblemException(Problem.NotFound, "there is no such key, or it is revoked already");
        return Results.NoContent();
    }

    internal static KeyResponse Response(ApiKey key) =>
        new(key.Id, key.Account, key.Name, key.Created, key.Expires, key.Revoked, key.LastUsed);
}
