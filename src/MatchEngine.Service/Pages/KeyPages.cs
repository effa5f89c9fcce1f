using MatchEngine.Service.Access;
using MatchEngine.Service.Resources;
using MatchEngine.Service.Store;

namespace MatchEngine.Service.Pages;

/// <summary>API keys.</summary>
/// <param name="Keys">One's keys; for an administrator, all.</param>
/// <param name="Names">Names of accounts by their ids.</param>
/// <param name="New">A key that was just made, with its text; null otherwise.</param>
public sealed record KeysModel(IReadOnlyList<KeyResponse> Keys, IReadOnlyDictionary<string, string> Names, NewKeyResponse? New);

/// <summary>API keys: made here, shown once, revoked.</summary>
internal static class KeyPages
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/keys", (HttpContext context, ApiKeys keys, Accounts accounts) =>
            context.Page<KeysView, KeysModel>(new KeysModel(KeysResource.List(context, keys), Names(context, accounts), null)))
            .For(Policies.SignedIn);
        // No redirect: the key's text is in this one answer and nowhere else.
        pages.MapPost("/keys", async (HttpContext context, ApiKeys keys, Accounts accounts, TimeProvider clock, AuditTrail audit) =>
            {
                using var form = await PageForm.ReadAsync(context);
                var request = new KeyRequest(form.Text("name") ?? "", form.Text("account"), form.Number("expiresInDays"));
                var added = (KeysResource.Add(request, context, keys, accounts, clock, audit)).Value<NewKeyResponse>();
                return context.Page<KeysView, KeysModel>(
                    new KeysModel(KeysResource.List(context, keys), Names(context, accounts), added), StatusCodes.Status201Created);
            })
            .For(Policies.SignedIn);
        pages.MapPost("/keys/{key}/revocation", async (string key, HttpContext context, ApiKeys keys, AuditTrail audit) =>
            {
                using var form = await PageForm.ReadAsync(context);
                KeysResource.Revoke(key, context, keys, audit);
                return WebPages.Done("/keys", "key-revoked");
            })
            .For(Policies.SignedIn);
    }

    // Who the other accounts are is the administrator's to know.
    private static Dictionary<string, string> Names(HttpContext context, Accounts accounts)
    {
        var caller = context.Caller();
        return caller.Is(Role.Administrator) ? accounts.Names() : new Dictionary<string, string> { [caller.Account] = caller.Name };
    }
}
