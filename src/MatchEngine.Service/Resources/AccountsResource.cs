using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Store;

namespace MatchEngine.Service.Resources;

/// <summary>An account to add.</summary>
/// <param name="Name">The name it signs in with: 1 to 100 characters.</param>
/// <param name="Organisation">The id of its organisation.</param>
/// <param name="Roles">What it may do: agent, supervisor, examiner, auditor, gallery-owner, administrator.</param>
/// <param name="Password">For interactive sign-in: at least 12 characters; null for an account that uses keys only.</param>
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
/// <param name="Disabled">Whether it is shut out.</param>
/// <param name="LockedUntil">Until when it waits after wrong passwords; null when it does not.</param>
/// <param name="Created">When it was added (UTC).</param>
public sealed record AccountResponse(
    string Id, string Name, string Organisation, IReadOnlyList<string> Roles, bool HasPassword, bool Disabled,
    DateTimeOffset? LockedUntil, DateTimeOffset Created);

/// <summary><c>/v1/accounts</c>: who may use the service.</summary>
internal static class AccountsResource
{
    private const int MinPassword = 12;
    private const int MaxPassword = 256;

    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/accounts", (Accounts accounts) => accounts.List().Select(Response).ToList())
            .Needs(Policies.Administer).WithName("listAccounts").WithSummary("List the accounts").WithTags("accounts")
            .Produces<IReadOnlyList<AccountResponse>>();
        v1.MapPost("/accounts", Add)
            .Needs(Policies.Administer).WithName("addAccount").WithSummary("Add an account").WithTags("accounts")
            .Produces<AccountResponse>(StatusCodes.Status201Created).Problems(400, 404, 409);
        v1.MapGet("/accounts/{account}", (string account, Accounts accounts) => Response(accounts.Find(account) ?? throw NotFound()))
            .Needs(Policies.Administer).WithName("getAccount").WithSummary("An account").WithTags("accounts")
            .Produces<AccountResponse>().Problems(404);
        v1.MapPatch("/accounts/{account}", Change)
            .Needs(Policies.Administer).WithName("changeAccount").WithSummary(
                "Change roles or password, shut an account out or let it in again; its browsers are signed out").WithTags("accounts")
            .Produces<AccountResponse>().Problems(400, 404, 409);
    }

    internal static IResult Add(
        AccountRequest request, HttpContext context, Accounts accounts, Organisations organisations, AuditTrail audit)
    {
        if (string.IsNullOrWhiteSpace(request.Name) || request.Name.Length > 100 || request.Name.Any(char.IsControl))
            throw new ProblemException(Problem.BadValue, "an account's name has 1 to 100 characters on one line");
        Check(request.Roles, request.Password);
        if (organisations.Find(request.Organisation) is null)
            throw new ProblemException(Problem.NotFound, $"there is no organisation '{request.Organisation}'; add it first");
        var account = audit.Change(
            "account.added",
            context,
            () => accounts.Add(request.Name.Trim(), request.Organisation, request.Roles, request.Password),
            added => added is null ? null : new { account = added.Id, added.Organisation, added.Roles })
            ?? throw new ProblemException(Problem.Conflict, "there is an account of this name already");
        return Results.Created($"/v1/accounts/{account.Id}", Response(account));
    }

    internal static AccountResponse Change(string account, AccountChange change, HttpContext context, Accounts accounts, AuditTrail audit)
    {
        Check(change.Roles, change.Password);
        var changed = audit.Change(
            "account.changed",
            context,
            () => accounts.Change(account, change.Roles, change.Disabled, change.Password),
            changed => changed is null
                ? null
                : new { account, change.Roles, change.Disabled, password = change.Password is null ? "kept" : "changed" })
            ?? throw NotFound();
        return Response(changed);
    }

    private static void Check(IReadOnlyList<string>? roles, string? password)
    {
        if (roles?.FirstOrDefault(role => !Role.All.Contains(role)) is { } unknown)
            throw new ProblemException(Problem.BadValue, $"there is no role '{unknown}'; there are {string.Join(", ", Role.All)}");
        if (password is not null && password.Length is < MinPassword or > MaxPassword)
            throw new ProblemException(Problem.BadValue, $"a password has {MinPassword} to {MaxPassword} characters");
    }

    internal static AccountResponse Response(Account account) => new(
        account.Id, account.Name, account.Organisation, account.Roles, account.HasPassword, account.Disabled,
        account.LockedUntil, account.Created);

    private static ProblemException NotFound() => new(Problem.NotFound, "there is no such account");
}
