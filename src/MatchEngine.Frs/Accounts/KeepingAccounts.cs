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
/// <param name="keys">The keys, of which some end with a password.</param>
/// <param name="organisations">The organisations.</param>
/// <param name="attempts">Counts attempts to sign in.</param>
/// <param name="signing">Checks passwords.</param>
/// <param name="trail">Takes the events.</param>
public sealed partial class KeepingAccounts(
    IAccounts accounts, IApiKeys keys, IOrganisations organisations, ISignInAttempts attempts, SigningIn signing, AuditTrail trail)
{
    /// <summary>The accounts that the actor keeps, by name; for administrators.</summary>
    public IReadOnlyList<Account> List(Actor actor)
    {
        actor.Require(Policies.Administer);
        return [.. accounts.List().Where(account => actor.Administers(account.Organisation))];
    }

    /// <summary>An account; for administrators.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>.</exception>
    public Account Find(Actor actor, string id)
    {
        actor.Require(Policies.Administer);
        return accounts.Find(id) is { } found && actor.Administers(found.Organisation) ? found : throw NotFound();
    }

    /// <summary>One's own account.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>.</exception>
    public Account Own(Actor actor)
    {
        actor.Require(Policies.SignedIn);
        return accounts.Find(actor.Account) ?? throw NotFound();
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
        ArgumentNullException.ThrowIfNull(added);
        if (string.IsNullOrWhiteSpace(added.Name) || added.Name.Length > 100 || added.Name.Any(char.IsControl))
            throw new CodedException(ErrorCodes.BadValue, "an account's name has 1 to 100 characters on one line");
        Check(actor, added.Roles);
        var organisation = (actor.Administers(added.Organisation) ? organisations.Find(added.Organisation) : null)
            ?? throw new CodedException(ErrorCodes.NotFound, $"there is no organisation '{added.Organisation}'; add it first");
        if (added.Password is { } password)
            PasswordRules.Require(password, added.Name, organisation.Id, organisation.Name);
        return trail.ChangeBook(
            actor,
            "account.added",
            change => accounts.Add(change, added.Name.Trim(), added.Organisation, added.Roles, added.Password),
            account => account is null ? null : new { account = account.Id, account.Organisation, account.Roles })
            ?? throw new CodedException(ErrorCodes.Conflict, "there is an account of this name already");
    }

    /// <summary>
    /// Changes roles or password, shuts an account out or lets it in again; it is signed out everywhere. With its first password the keys
    /// end that others made for it. For administrators.
    /// </summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>, <see cref="ErrorCodes.NotFound"/>,
    /// <see cref="ErrorCodes.Forbidden"/>, or <see cref="ErrorCodes.LastAdministrator"/>.</exception>
    public Account Change(Actor actor, string account, ChangedAccount change)
    {
        actor.Require(Policies.Administer);
        ArgumentNullException.ThrowIfNull(change);
        var known = accounts.Require(actor, account);
        Check(actor, change.Roles);
        if (change.Password is { } password)
            Require(known, password);
        return trail.ChangeBook(
            actor,
            "account.changed",
            booked =>
            {
                if (change.Password is not null && !known.HasPassword)
                    // Whoever signs in from now on acts alone in this name.
                    keys.RevokeOthers(booked, account);
                // Whoever waits after wrong passwords need wait no longer.
                if (change.Password is not null)
                    attempts.Forget(booked, known.Name);
                return accounts.Change(booked, account, change.Roles, change.Disabled, change.Password);
            },
            changed => changed is null
                ? null
                : new { account, change.Roles, change.Disabled, password = change.Password is null ? "kept" : "changed" })
            ?? throw NotFound();
    }

    /// <summary>Changes one's own password, who knows the present one; the account is signed out everywhere, and keys end that others made
    /// for it.</summary>
    /// <param name="actor">Whose password it is.</param>
    /// <param name="present">The present password.</param>
    /// <param name="password">The new password.</param>
    /// <param name="address">Where the request comes from: guesses are counted as those of a sign-in.</param>
    /// <param name="code">A one-time code, where the account asks for one.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>, <see cref="ErrorCodes.SignInRefused"/>, or
    /// <see cref="ErrorCodes.AccountLocked"/>.</exception>
    public async Task ChangePasswordAsync(Actor actor, string present, string password, string address, string? code = null)
    {
        ArgumentNullException.ThrowIfNull(actor);
        actor.Require(Policies.SignedIn);
        var account = await signing.CheckAsync(new Credentials(actor.Name, present, address, code), actor.RequestId);
        Require(account, password);
        if (present == password)
            throw new CodedException(ErrorCodes.BadValue, "the new password is the present one");
        trail.ChangeBook(
            actor, "account.password-changed", booked =>
            {
                keys.RevokeOthers(booked, account.Id);
                return accounts.Change(booked, account.Id, null, null, password);
            },
            _ => new { account = account.Id });
    }

    /// <summary>Every organisation, by id.</summary>
    public IReadOnlyList<Organisation> Organisations(Actor actor)
    {
        actor.Require(Policies.SignedIn);
        return organisations.List();
    }

    /// <summary>Adds an organisation; for administrators of the service.</summary>
    /// <param name="actor">An administrator of the service.</param>
    /// <param name="id">Its id: 1 to 40 lower-case letters, digits and dashes.</param>
    /// <param name="name">Its name: 1 to 200 characters.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>, or <see cref="ErrorCodes.Conflict"/>: the id is
    /// taken.</exception>
    public Organisation AddOrganisation(Actor actor, string id, string name)
    {
        actor.Require(Policies.AdministerService);
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

    private void Require(Account account, string password) => PasswordRules.Require(
        password, account.Name, account.Organisation, organisations.Find(account.Organisation)?.Name ?? "");

    private static void Check(Actor actor, IReadOnlyList<string>? roles)
    {
        if (roles?.FirstOrDefault(role => !Role.All.Contains(role)) is { } unknown)
            throw new CodedException(ErrorCodes.BadValue, $"there is no role '{unknown}'; there are {string.Join(", ", Role.All)}");
        if (!actor.Is(Role.ServiceAdministrator) && roles?.FirstOrDefault(Role.OfService.Contains) is { } wide)
            throw new CodedException(ErrorCodes.Forbidden, $"only an administrator of the service gives the role '{wide}'");
    }

    private static CodedException NotFound() => new(ErrorCodes.NotFound, "there is no such account");

    [GeneratedRegex(@"\A[a-z][a-z0-9-]{0,39}\z")]
    private static partial Regex OrganisationId();
}
