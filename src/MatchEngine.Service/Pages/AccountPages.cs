using MatchEngine.Frs.Accounts;
using MatchEngine.Service.Access;
using MatchEngine.Service.Settings;

namespace MatchEngine.Service.Pages;

/// <summary>Accounts and organisations.</summary>
/// <param name="Accounts">The accounts.</param>
/// <param name="Organisations">The organisations.</param>
/// <param name="Identities">Who accounts are at an identity provider, by account.</param>
/// <param name="LinksIdentities">Whether there is a provider.</param>
public sealed record AccountsModel(
    IReadOnlyList<Account> Accounts, IReadOnlyList<Organisation> Organisations, ILookup<string, LinkedIdentity> Identities,
    bool LinksIdentities);

/// <summary>Who may use the service, for the administrator.</summary>
internal static class AccountPages
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/accounts", (
                HttpContext context, KeepingAccounts accounts, KeepingIdentities identities, ServiceSettings settings) =>
                context.Page<AccountsView, AccountsModel>(new AccountsModel(
                    accounts.List(context.Actor()),
                    [.. accounts.Organisations(context.Actor()).Where(organisation => context.Actor().Administers(organisation.Id))],
                    identities.List(context.Actor()).ToLookup(identity => identity.Account), settings.OpenIdConnect.IsSet)))
            .For(Policies.Administer);
        pages.MapPost("/accounts", async (HttpContext context, KeepingAccounts accounts) =>
            {
                using var form = await PageForm.ReadAsync(context);
                accounts.Add(context.Actor(), new NewAccount(
                    form.Text("name") ?? "", form.Text("organisation") ?? "", form.Texts("role"), form.Exact("password")));
                return WebPages.Done("/accounts", "account-added");
            })
            .For(Policies.Administer);
        pages.MapPost("/accounts/{account}", async (string account, HttpContext context, KeepingAccounts accounts) =>
            {
                using var form = await PageForm.ReadAsync(context);
                accounts.Change(
                    context.Actor(), account, new ChangedAccount(form.Texts("role"), form.Ticked("disabled"), form.Exact("password")));
                return WebPages.Done("/accounts", "account-changed");
            })
            .For(Policies.Administer);
        pages.MapPost("/accounts/{account}/sign-out", async (string account, HttpContext context, KeepingSessions sessions) =>
            {
                using var form = await PageForm.ReadAsync(context);
                sessions.EndAllOf(context.Actor(), account);
                return WebPages.Done("/accounts", "account-signed-out");
            })
            .For(Policies.Administer);
        pages.MapPost("/accounts/{account}/second-factor/removal", async (
                string account, HttpContext context, KeepingSecondFactors factors) =>
            {
                using var form = await PageForm.ReadAsync(context);
                factors.RemoveOf(context.Actor(), account);
                return WebPages.Done("/accounts", "account-changed");
            })
            .For(Policies.Administer);
        pages.MapPost("/accounts/{account}/identities", async (string account, HttpContext context, KeepingIdentities identities) =>
            {
                using var form = await PageForm.ReadAsync(context);
                identities.Link(context.Actor(), account, form.Text("issuer") ?? "", form.Text("subject") ?? "");
                return WebPages.Done("/accounts", "identity-linked");
            })
            .For(Policies.Administer);
        pages.MapPost("/accounts/{account}/identities/{identity}/removal", async (
                string account, string identity, HttpContext context, KeepingIdentities identities) =>
            {
                using var form = await PageForm.ReadAsync(context);
                identities.Unlink(context.Actor(), account, identity);
                return WebPages.Done("/accounts", "identity-unlinked");
            })
            .For(Policies.Administer);
        pages.MapPost("/organisations", async (HttpContext context, KeepingAccounts accounts) =>
            {
                using var form = await PageForm.ReadAsync(context);
                accounts.AddOrganisation(context.Actor(), form.Text("id") ?? "", form.Text("name") ?? "");
                return WebPages.Done("/accounts", "organisation-added");
            })
            .For(Policies.AdministerService);
    }
}
