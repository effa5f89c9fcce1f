using MatchEngine.Frs.Accounts;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.Pages;

/// <summary>API keys.</summary>
/// <param name="Keys">One's keys; for an administrator, all.</param>
/// <param name="Names">Names of accounts by their ids.</param>
/// <param name="New">A key that was just made, with its text; null otherwise.</param>
public sealed record KeysModel(IReadOnlyList<ApiKey> Keys, IReadOnlyDictionary<string, string> Names, MadeKey? New);

/// <summary>A key that was just made.</summary>
/// <param name="Name">What it is for.</param>
/// <param name="Text">Its text, shown this once.</param>
public sealed record MadeKey(string Name, string Text);

/// <summary>API keys: made here, shown once, revoked.</summary>
internal static class KeyPages
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/keys", (HttpContext context, KeepingKeys keys, KeepingAccounts accounts) =>
                context.Page<KeysView, KeysModel>(new KeysModel(keys.List(context.Actor()), Names(context, accounts), null)))
            .For(Policies.SignedIn);
        // No redirect: the key's text is in this one answer and nowhere else.
        pages.MapPost("/keys", async (HttpContext context, KeepingKeys keys, KeepingAccounts accounts) =>
            {
                using var form = await PageForm.ReadAsync(context);
                var (key, text) = keys.Add(
                    context.Actor(), new NewKey(
                        form.Text("name") ?? "", form.Text("account"), form.Number("expiresInDays"),
                        form.Texts("role") is { Count: > 0 } scopes ? scopes : null));
                return context.Page<KeysView, KeysModel>(
                    new KeysModel(keys.List(context.Actor()), Names(context, accounts), new MadeKey(key.Name, text)),
                    StatusCodes.Status201Created);
            })
            .For(Policies.SignedIn);
        pages.MapPost("/keys/{key}/revocation", async (string key, HttpContext context, KeepingKeys keys) =>
            {
                using var form = await PageForm.ReadAsync(context);
                keys.Revoke(context.Actor(), key);
                return WebPages.Done("/keys", "key-revoked");
            })
            .For(Policies.SignedIn);
    }

    // Who the other accounts are is the administrator's to know.
    private static Dictionary<string, string> Names(HttpContext context, KeepingAccounts accounts)
    {
        var actor = context.Actor();
        return actor.May(Policies.Administer)
            ? accounts.List(actor).ToDictionary(account => account.Id, account => account.Name)
            : new Dictionary<string, string> { [actor.Account] = actor.Name };
    }
}
