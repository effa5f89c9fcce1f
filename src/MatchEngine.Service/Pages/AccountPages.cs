using MatchEngine.Service.Access;
using MatchEngine.Service.Resources;
using MatchEngine.Service.Store;

namespace MatchEngine.Service.Pages;

/// <summary>Accounts and organisations.</summary>
/// <param name="Accounts">The accounts.</param>
/// <param name="Organisations">The organisations.</param>
public sealed record AccountsModel(IReadOnlyList<AccountResponse> Accounts, IReadOnlyList<OrganisationResponse> Organisations);

/// <summary>Who may use the service, for the administrator.</summary>
internal static class AccountPages
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/accounts", (HttpContext context, Accounts accounts, Organisations organisations) =>
            context.Page<AccountsView, AccountsModel>(new AccountsModel(
                    accounts.List().Select(AccountsResource.Response)
                        .ToList(), organisations.List().Select(OrganisationsResource.Response).ToList())))
            .For(Policies.Administer);
        pages.MapPost("/accounts", async (HttpContext context, Accounts accounts, Organisations organisations, AuditTrail audit) =>
            {
                using var form = await PageForm.ReadAsync(context);
                AccountsResource.Add(
                    new AccountRequest(
                        form.Text("name") ?? "", form.Text("organisation") ?? "", form.Texts("role"), form.Exact("password")),
                    context, accounts, organisations, audit);
                return WebPages.Done("/accounts", "account-added");
            })
            .For(Policies.Administer);
        pages.MapPost("/accounts/{account}", async (string account, HttpContext context, Accounts accounts, AuditTrail audit) =>
            {
                using var form = await PageForm.ReadAsync(context);
                AccountsResource.Change(
                    account, new AccountChange(form.Texts("role"), form.Ticked("disabled"), form.Exact("password")), context,
                    accounts, audit);
                return WebPages.Done("/accounts", "account-changed");
            })
            .For(Policies.Administer);
        pages.MapPost("/organisations", async (HttpContext context, Organisations organisations, AuditTrail audit) =>
            {
                using var form = await PageForm.ReadAsync(context);
                OrganisationsResource.Add(
                    new OrganisationRequest(form.Text("id") ?? "", form.Text("name") ?? ""), context, organisations, audit);
                return WebPages.Done("/accounts", "organisation-added");
            })
            .For(Policies.Administer);
    }
}
