using System.Text.RegularExpressions;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;

namespace MatchEngine.Frs.Accounts;

/// <summary>An account to add.</summary>
/// <param name="Name">The name it signs in with: 1 to 100 characters on one line.</param>
/// <param name="Organisation">The id of its organisation.</param>
/// <param name="Roles">What it may do.</param>
/// <param name="Password">For interactive sign-in; null for an account that uses keys only.</param>
public sealed record NewAccount(string Name, string Organisation, IReadOnlyList<string> Roles, string? Password);

/// <summary>A change of an account; what is null stays.</summary>
/// <param name="Roles">The new roles.</param>
/// <param name="Disabled">Whether it is shut out.</param>
/// <param name="Password">The new password.</param>
public sealed record ChangedAccount(IReadOnlyList<string>? Roles, bool? Disabled, string? Password);

/// <summary>Who may use the service, and for which organisations.</summary>
/// <param name="accounts">The accounts.</param>
/// <param name="organisations">The organisations.</param>
/// <param name="trail">Takes the events.</param>
public sealed partial class KeepingAccounts(IAccounts accounts, IOrganisations organisations, AuditTrail trail)
{
    /// <summary>Every account, by name; for administrators.</summary>
    public IReadOnlyList<Account> List(Actor actor)
    {
        actor.Require(Policies.Administer);
        return accounts.List();
    }

    /// <summary>An account; for administrators.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>.</exception>
    public Account Find(Actor actor, string id)
    {
        actor.Require(Policies.Administer);
        return accounts.Find(id) ?? throw NotFound();
    }

    /// <summary>The names of accounts by their ids: those whom the actor meets in what it reads.</summary>
    public IReadOnlyDictionary<string, string> Names(Actor actor)
    {
        actor.Require(Policies.SignedIn);
        return accounts.List().ToDictionary(account => account.Id, account => account.Name);
    }

    /// <summary>Adds an account; for administrators.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>, <see cref="ErrorCodes.NotFound"/> (the organisation), or
    /// <see cref="ErrorCodes.Conflict"/>: the name is taken.</exception>
    public Account Add(Actor actor, NewAccount added)
    {
        actor.Require(Policies.Administer);
        if (string.IsNullOrWhiteSpace(added.Name) || added.Name.Length > 100 || added.Name.Any(char.IsControl))
            throw new CodedException(ErrorCodes.BadValue, "an account's name has 1 to 100 characters on one line");
        Check(added.Roles, added.Password);
        if (organisations.Find(added.Organisation) is null)
            throw new CodedException(ErrorCodes.NotFound, $"there is no organisation '{added.Organisation}'; add it first");
        return trail.ChangeBook(
            actor,
            "account.added",
            change => accounts.Add(change, added.Name.Trim(), added.Organisation, added.Roles, added.Password),
            account => account is null ? null : new { account = account.Id, account.Organisation, account.Roles })
            ?? throw new CodedException(ErrorCodes.Conflict, "there is an account of this name already");
    }

    /// <summary>Changes roles or password, shuts an account out or lets it in again; older sign-ins end. For administrators.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>, <see cref="ErrorCodes.NotFound"/>, or
    /// <see cref="ErrorCodes.LastAdministrator"/>.</exception>
    public Account Change(Actor actor, string account, ChangedAccount change)
    {
        actor.Require(Policies.Administer);
        Check(change.Roles, change.Password);
        return trail.ChangeBook(
            actor,
            "account.changed",
            booked => accounts.Change(booked, account, change.Roles, change.Disabled, change.Password),
            changed => changed is null
                ? null
                : new { account, change.Roles, change.Disabled, password = change.Password is null ? "kept" : "changed" })
            ?? throw NotFound();
    }

    /// <summary>Every organisation, by id.</summary>
    public IReadOnlyList<Organisation> Organisations(Actor actor)
    {
        actor.Require(Policies.SignedIn);
        return organisations.List();
    }

    /// <summary>Adds an organisation; for administrators.</summary>
    /// <param name="actor">An administrator.</param>
    /// <param name="id">Its id: 1 to 40 lower-case letters, digits and dashes.</param>
    /// <param name="name">Its name: 1 to 200 characters.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>, or <see cref="ErrorCodes.Conflict"/>: the id is
    /// taken.</exception>
    public Organisation AddOrganisation(Actor actor, string id, string name)
    {
        actor.Require(Policies.Administer);
        if (!OrganisationId().IsMatch(id))
            throw new CodedException(
                ErrorCodes.BadValue, "an organisation's id is 1 to 40 lower-case letters, digits and dashes, and begins with a letter");
        if (string.IsNullOrWhiteSpace(name) || name.Length > 200)
            throw new CodedException(ErrorCodes.BadValue, "an organisation's name has 1 to 200 characters");
        if (!trail.ChangeBook(
            actor, "organisation.added", change => organisations.Add(change, id, name), added => added ? new { organisation = id } : null))
            throw new CodedException(ErrorCodes.Conflict, $"there is an organisation '{id}' already");
        return organisations.Find(id)!;
    }

    private static void Check(IReadOnlyList<string>? roles, string? password)
    {
        if (roles?.FirstOrDefault(role => !Role.All.Contains(role)) is { } unknown)
            throw new CodedException(ErrorCodes.BadValue, $"there is no role '{unknown}'; there are {string.Join(", ", Role.All)}");
        if (password is not null && password.Length is < SignInRules.MinPassword or > SignInRules.MaxPassword)
            throw new CodedException(
                ErrorCodes.BadValue, $"a password has {SignInRules.MinPassword} to {SignInRules.MaxPassword} characters");
    }

    private static CodedException NotFound() => new(ErrorCodes.NotFound, "there is no such account");

    [GeneratedRegex(@"\A[a-z][a-z0-9-]{0,39}\z")]
    private static partial Regex OrganisationId();
}
