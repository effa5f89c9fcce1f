using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;

namespace MatchEngine.Frs.Accounts;

/// <summary>A key to make.</summary>
/// <param name="Name">What it is for: 1 to 100 characters.</param>
/// <param name="Account">The account it acts for; null for one's own. Only an administrator makes keys for others.</param>
/// <param name="ExpiresInDays">In how many days it ends, 1 to 3650; null for never.</param>
public sealed record NewKey(string Name, string? Account, int? ExpiresInDays);

/// <summary>API keys: made, told once, revoked.</summary>
/// <param name="keys">The keys.</param>
/// <param name="accounts">The accounts.</param>
/// <param name="clock">Gives the time.</param>
/// <param name="trail">Takes the events.</param>
public sealed class KeepingKeys(IApiKeys keys, IAccounts accounts, TimeProvider clock, AuditTrail trail)
{
    /// <summary>One's keys; for an administrator, all.</summary>
    public IReadOnlyList<ApiKey> List(Actor actor)
    {
        actor.Require(Policies.SignedIn);
        return keys.List(actor.Is(Role.Administrator) ? null : actor.Account);
    }

    /// <summary>Makes a key; its text is given once, here.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.Forbidden"/>, <see cref="ErrorCodes.BadValue"/>, or
    /// <see cref="ErrorCodes.NotFound"/>: there is no such account.</exception>
    public (ApiKey Key, string Text) Add(Actor actor, NewKey added)
    {
        actor.Require(Policies.SignedIn);
        var account = added.Account ?? actor.Account;
        if (account != actor.Account && !actor.Is(Role.Administrator))
            throw new CodedException(ErrorCodes.Forbidden, "only an administrator makes keys for other accounts");
        if (string.IsNullOrWhiteSpace(added.Name) || added.Name.Length > 100)
            throw new CodedException(ErrorCodes.BadValue, "a key's name has 1 to 100 characters");
        if (added.ExpiresInDays is < 1 or > 3650)
            throw new CodedException(ErrorCodes.BadValue, "expiresInDays lies within 1 … 3650");
        if (accounts.Find(account) is null)
            throw new CodedException(ErrorCodes.NotFound, "there is no such account");
        return trail.ChangeBook(
            actor,
            "key.added",
            change => keys.Add(change, account, added.Name, added.ExpiresInDays is { } days ? clock.GetUtcNow().AddDays(days) : null),
            made => new { key = made.Key.Id, account, made.Key.Expires });
    }

    /// <summary>Revokes a key at once: one's own, or as an administrator any.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>: there is none, or it is revoked already.</exception>
    public void Revoke(Actor actor, string key)
    {
        actor.Require(Policies.SignedIn);
        if (keys.Find(key) is not { } found
            || (found.Account != actor.Account && !actor.Is(Role.Administrator))
            || !trail.ChangeBook(
                actor, "key.revoked", change => keys.Revoke(change, key), revoked => revoked ? new { key, account = found.Account } : null))
            throw new CodedException(ErrorCodes.NotFound, "there is no such key, or it is revoked already");
    }
}
