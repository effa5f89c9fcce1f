using MatchEngine.Frs.Accounts;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.Rest;

/// <summary>An account to add.</summary>
/// <param name="Name">The name it signs in with: 1 to 100 characters.</param>
/// <param name="Organisation">The id of its organisation.</param>
/// <param name="Roles">What it may do: agent, supervisor, examiner, auditor, gallery-owner, administrator; or, given by an
/// administrator of the service, service-auditor, service-administrator.</param>
/// <param name="Password">For interactive sign-in: at least 12 characters, not easily guessed; null for an account with keys only.</param>
public sealed record AccountRequest(string Name, string Organisation, IReadOnlyList<string> Roles, string? Password = null);

/// <summary>A change of an account; what is null stays.</summary>
/// <param name="Roles">The new roles.</param>
/// <param name="Disabled">Whether it is shut out.</param>
/// <param name="Password">The new password.</param>
public sealed record AccountChange(IReadOnlyList<string>? Roles = null, bool? Disabled = null, string? Password = null);

/// <summary>An account.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">The name it signs in with.</param>
/// <param name="Organisation">The id of its organisation.</param>
/// <param name="Roles">What it may do.</param>
/// <param name="HasPassword">Whether it can sign in interactively.</param>
/// <param name="HasSecondFactor">Whether it is asked for a one-time code beside the password.</param>
/// <param name="Disabled">Whether it is shut out.</param>
/// <param name="Created">When it was added (UTC).</param>
public sealed record AccountResponse(
    string Id, string Name, string Organisation, IReadOnlyList<string> Roles, bool HasPassword, bool HasSecondFactor, bool Disabled,
    DateTimeOffset Created);

/// <summary><c>/v1/accounts</c>: who may use the service.</summary>
internal static class AccountsResource
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/accounts", (HttpContext context, KeepingAccounts accounts) =>
                accounts.List(context.Actor()).Select(Response).ToList())
            .Needs(Policies.Administer).WithName("listAccounts")
            .WithSummary("List the accounts that one keeps: of the organisation, or of the service").WithTags("accounts")
            .Produces<IReadOnlyList<AccountResponse>>();
        v1.MapPost("/accounts", (AccountRequest request, HttpContext context, KeepingAccounts accounts) =>
            {
                var added = accounts.Add(
                    context.Actor(), new NewAccount(request.Name, request.Organisation, request.Roles, request.Password));
                return Results.Created($"/v1/accounts/{added.Id}", Response(added));
            })
            .Needs(Policies.Administer).WithName("addAccount").WithSummary("Add an account").WithTags("accounts")
            .Produces<AccountResponse>(StatusCodes.Status201Created).Problems(400, 404, 409);
        v1.MapGet("/accounts/{account}", (string account, HttpContext context, KeepingAccounts accounts) =>
                Response(accounts.Find(context.Actor(), account)))
            .Needs(Policies.Administer).WithName("getAccount").WithSummary("An account").WithTags("accounts")
            .Produces<AccountResponse>().Problems(404);
        v1.MapPatch("/accounts/{account}", (string account, AccountChange change, HttpContext context, KeepingAccounts accounts) =>
                Response(accounts.Change(
                    context.Actor(), account, new ChangedAccount(change.Roles, change.Disabled, change.Password))))
            .Needs(Policies.Administer).WithName("changeAccount").WithSummary(
                "Change roles or password, shut an account out or let it in again; its browsers are signed out").WithTags("accounts")
            .Produces<AccountResponse>().Problems(400, 404, 409);
        v1.MapDelete("/accounts/{account}/sessions", (string account, HttpContext context, KeepingSessions sessions) =>
            {
                sessions.EndAllOf(context.Actor(), account);
                return Results.NoContent();
            })
            .Needs(Policies.Administer).WithName("signOutAccount").WithSummary("Sign an account out everywhere").WithTags("accounts")
            .Produces(StatusCodes.Status204NoContent).Problems(404);
    }

    private static AccountResponse Response(Account account) => new(
        account.Id, account.Name, account.Organisation, account.Roles, account.HasPassword, account.HasSecondFactor, account.Disabled,
        account.Created);
}
