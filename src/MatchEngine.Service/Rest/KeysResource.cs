using MatchEngine.Frs.Accounts;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.Rest;

/// <summary>A key to make.</summary>
/// <param name="Name">What it is for: 1 to 100 characters.</param>
/// <param name="Account">The account it acts for; null for one's own. Only an administrator makes keys for others.</param>
/// <param name="ExpiresInDays">In how many days it ends; null for as long as the service lets any key last.</param>
/// <param name="Scopes">Which of its account's roles it has; null for all of them.</param>
public sealed record KeyRequest(
    string Name, string? Account = null, int? ExpiresInDays = null, IReadOnlyList<string>? Scopes = null);

/// <summary>A key without its secret.</summary>
/// <param name="Id">Its id, which is a part of the key.</param>
/// <param name="Account">The account it acts for.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Created">When it was made (UTC).</param>
/// <param name="Expires">When it ends.</param>
/// <param name="Revoked">When it was revoked, or null.</param>
/// <param name="LastUsed">When it was last used, to a minute; null: never.</param>
/// <param name="Scopes">Which of its account's roles it has; null for all of them.</param>
/// <param name="Parent">The key by which it was made, and with which it is revoked; null when it was made by other means.</param>
/// <param name="MadeBy">The account by which it was made, or <c>service</c>; null where that is not known. One that another account made
/// ends when its account can sign in.</param>
public sealed record KeyResponse(
    string Id, string Account, string Name, DateTimeOffset Created, DateTimeOffset? Expires,
    DateTimeOffset? Revoked, DateTimeOffset? LastUsed, IReadOnlyList<string>? Scopes, string? Parent, string? MadeBy);

/// <summary>A new key.</summary>
/// <param name="Key">The key's text. It is shown this once: the service keeps a hash.</param>
/// <param name="Details">The rest.</param>
public sealed record NewKeyResponse(string Key, KeyResponse Details);

/// <summary>What holds for the requests of a key in dialects that have no word for it.</summary>
/// <param name="Gallery">The gallery that is meant; null: the request says it.</param>
/// <param name="Purpose">What searches and comparisons are made for; null: the request says it.</param>
public sealed record ClientSettingsWire(string? Gallery = null, PurposeWire? Purpose = null)
{
    internal static ClientSettingsWire Of(ClientSettings settings) =>
        new(settings.Gallery, settings.Purpose is { } purpose ? PurposeWire.Of(purpose) : null);
}

/// <summary><c>/v1/keys</c>: API keys.</summary>
internal static class KeysResource
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/keys", (HttpContext context, KeepingKeys keys) => keys.List(context.Actor()).Select(Response).ToList())
            .Needs(Policies.SignedIn).WithName("listKeys")
            .WithSummary("List one's keys; for an administrator, those of the accounts that one keeps").WithTags("accounts")
            .Produces<IReadOnlyList<KeyResponse>>();
        v1.MapPost("/keys", (KeyRequest request, HttpContext context, KeepingKeys keys) =>
            {
                var (key, text) = keys.Add(context.Actor(), new NewKey(
                    request.Name, request.Account, request.ExpiresInDays, request.Scopes));
                return Results.Created($"/v1/keys/{key.Id}", new NewKeyResponse(text, Response(key)));
            })
            .Needs(Policies.SignedIn).WithName("addKey").WithSummary(
                "Make a key; its text is shown once. One made by a key can do no more, and is revoked with it").WithTags("accounts")
            .WithMetadata(new TellsSecret())
            .Produces<NewKeyResponse>(StatusCodes.Status201Created).Problems(400, 404);
        v1.MapDelete("/keys/{key}", (string key, HttpContext context, KeepingKeys keys) =>
            {
                keys.Revoke(context.Actor(), key);
                return Results.NoContent();
            })
            .Needs(Policies.SignedIn).WithName("revokeKey").WithSummary("Revoke a key at once, and those made by it").WithTags("accounts")
            .Produces(StatusCodes.Status204NoContent).Problems(404);
        v1.MapGet("/keys/{key}/client-settings", (string key, HttpContext context, KeepingClientSettings settings) =>
                ClientSettingsWire.Of(settings.Find(context.Actor(), key)))
            .Needs(Policies.SignedIn).WithName("getClientSettings").WithTags("accounts")
            .WithSummary("What holds for the requests of a key in dialects that have no word for it")
            .Produces<ClientSettingsWire>().Problems(404);
        v1.MapPut(
            "/keys/{key}/client-settings",
            (string key, ClientSettingsWire wanted, HttpContext context, KeepingClientSettings settings) => ClientSettingsWire.Of(
                settings.Set(context.Actor(), key, new ClientSettings(wanted.Gallery, wanted.Purpose?.ToPurpose()))))
            .Needs(Policies.SignedIn).WithName("setClientSettings").WithTags("accounts")
            .WithSummary("Say which gallery and which purpose hold for a key whose client cannot say it; it gives no permission")
            .Produces<ClientSettingsWire>().Problems(400, 404);
    }

    private static KeyResponse Response(ApiKey key) =>
        new(key.Id, key.Account, key.Name, key.Created, key.Expires, key.Revoked, key.LastUsed, key.Scopes, key.Parent, key.MadeBy);
}
