using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Notifying;

namespace MatchEngine.Frs.Accounts;

/// <summary>A key to make.</summary>
/// <param name="Name">What it is for: 1 to 100 characters.</param>
/// <param name="Account">The account it acts for; null for one's own. Only an administrator makes keys for others.</param>
/// <param name="ExpiresInDays">In how many days it ends; null for as long as any may (<see cref="FrsOptions.KeyLifetime"/>).</param>
/// <param name="Scopes">Which of its account's roles it has; null for all of them.</param>
public sealed record NewKey(string Name, string? Account, int? ExpiresInDays, IReadOnlyList<string>? Scopes = null);

/// <summary>API keys: made, told once, revoked.</summary>
/// <param name="keys">The keys.</param>
/// <param name="accounts">The accounts.</param>
/// <param name="identities">Who signs in at an identity provider.</param>
/// <param name="options">How long a key may last.</param>
/// <param name="clock">Gives the time.</param>
/// <param name="notifications">Tells whose account a key acts for.</param>
/// <param name="trail">Takes the events.</param>
public sealed class KeepingKeys(
    IApiKeys keys, IAccounts accounts, ILinkedIdentities identities, FrsOptions options, TimeProvider clock,
    INotifications notifications, AuditTrail trail)
{
    /// <summary>One's keys; for an administrator, those of the accounts that the actor keeps.</summary>
    public IReadOnlyList<ApiKey> List(Actor actor)
    {
        actor.Require(Policies.SignedIn);
        var kept = actor.May(Policies.Administer)
            ? accounts.List().Where(account => actor.Administers(account.Organisation)).Select(account => account.Id).ToHashSet()
            : [];
        return [.. keys.List(kept.Count > 0 ? null : actor.Account)
            .Where(key => key.Account == actor.Account || kept.Contains(key.Account))
            .Select(key => key with { Expires = key.End(options.KeyLifetime) })];
    }

    /// <summary>
    /// Makes a key; its text is given once, here. One that is made by a key can do no more, lasts no longer, and is revoked with it. An
    /// administrator makes keys for accounts of programs, which are told; whoever can sign in makes one's own, so that nobody else acts in
    /// their name.
    /// </summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.Forbidden"/>, <see cref="ErrorCodes.BadValue"/>, or
    /// <see cref="ErrorCodes.NotFound"/>: there is no such account.</exception>
    public (ApiKey Key, string Text) Add(Actor actor, NewKey added)
    {
        actor.Require(Policies.SignedIn);
        var account = added.Account ?? actor.Account;
        if (account != actor.Account && !actor.May(Policies.Administer))
            throw new CodedException(ErrorCodes.Forbidden, "only an administrator makes keys for other accounts");
        if (string.IsNullOrWhiteSpace(added.Name) || added.Name.Length > 100)
            throw new CodedException(ErrorCodes.BadValue, "a key's name has 1 to 100 characters");
        if (added.ExpiresInDays is { } days && (days < 1 || days > options.KeyLifetime.TotalDays))
            throw new CodedException(ErrorCodes.BadValue, $"expiresInDays lies within 1 … {options.KeyLifetime.TotalDays:0}");
        var found = account == actor.Account
            ? accounts.Find(account) ?? throw new CodedException(ErrorCodes.NotFound, "there is no such account")
            : accounts.Require(actor, account);
        if (account != actor.Account && (found.HasPassword || identities.List(account).Count > 0))
            throw new CodedException(
                ErrorCodes.Forbidden,
                $"'{found.Name}' signs in and makes keys of one's own: nobody else acts in a person's name");
        var scopes = KeyScopes.Of(actor, found, added.Scopes);
        var ends = clock.GetUtcNow() + (added.ExpiresInDays is { } some ? TimeSpan.FromDays(some) : options.KeyLifetime);
        if (actor.Key is { } by && keys.Find(by)?.End(options.KeyLifetime) is { } parents && parents < ends)
            ends = parents;
        var result = trail.ChangeBook(
            actor,
            "key.added",
            change => keys.Add(change, account, added.Name, ends, scopes, actor.Key),
            made => new { key = made.Key.Id, account, made.Key.Expires, made.Key.Scopes, parent = actor.Key });
        if (account != actor.Account)
            notifications.Tell(account, NotificationKinds.KeyMade, actor);
        return result;
    }

    /// <summary>Revokes a key at once, and those that were made by it: one's own, or as an administrator one of an account that the actor
    /// keeps.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>: there is none, or it is revoked already.</exception>
    public void Revoke(Actor actor, string key)
    {
        actor.Require(Policies.SignedIn);
        if (keys.Find(key) is not { } found
            || (found.Account != actor.Account
                && !(actor.May(Policies.Administer) && accounts.Find(found.Account) is { } of && actor.Administers(of.Organisation)))
            || !trail.ChangeBook(
                actor, "key.revoked", change => keys.Revoke(change, key), revoked => revoked ? new { key, account = found.Account } : null))
            throw new CodedException(ErrorCodes.NotFound, "there is no such key, or it is revoked already");
    }
}
