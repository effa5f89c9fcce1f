using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Searching;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;

namespace MatchEngine.Frs.Accounts;

/// <summary>
/// What holds for the requests of a key where its client has no word for it: which gallery, and what for. It gives nobody anything: what
/// the key's account may not, it may not with a setting either.
/// </summary>
/// <param name="settings">What is set.</param>
/// <param name="keys">The keys.</param>
/// <param name="accounts">The accounts.</param>
/// <param name="trail">Takes the events.</param>
public sealed class KeepingClientSettings(IClientSettings settings, IApiKeys keys, IAccounts accounts, AuditTrail trail)
{
    private static readonly ClientSettings None = new(null, null);
    private static readonly SearchPurpose NoPurpose = new();

    /// <summary>What holds for the request of an actor.</summary>
    public ClientSettings Of(Actor actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return actor.Key is { } key ? settings.Find(key) ?? None : None;
    }

    /// <summary>What holds for a key: one's own, or for an administrator one of an account that the actor keeps. Whoever comes with a key
    /// has that key, those that were made by it, and no others of the account: they may be allowed more.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>: there is no such key.</exception>
    public ClientSettings Find(Actor actor, string key)
    {
        Require(actor, key);
        return settings.Find(key) ?? None;
    }

    /// <summary>Sets what holds for a key; with neither gallery nor purpose nothing does.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>, or <see cref="ErrorCodes.BadValue"/>.</exception>
    public ClientSettings Set(Actor actor, string key, ClientSettings wanted)
    {
        Require(actor, key);
        ArgumentNullException.ThrowIfNull(wanted);
        if (wanted.Gallery is { } gallery && !GalleryName.IsValid(gallery))
            throw new CodedException(ErrorCodes.BadValue, "gallery is no name of a gallery");
        var purpose = Purposes.Checked(wanted.Purpose);
        var held = new ClientSettings(wanted.Gallery, purpose == NoPurpose ? null : purpose);
        trail.ChangeBook(
            actor,
            "key.settings-changed",
            change =>
            {
                if (held == None)
                    return settings.Remove(change, key);
                settings.Set(change, key, held);
                return true;
            },
            changed => changed
                ? new { key, galleries = held.Gallery is { } named ? new[] { named } : null, hasPurpose = held.Purpose is not null }
                : null);
        return held;
    }

    private void Require(Actor actor, string key)
    {
        ArgumentNullException.ThrowIfNull(actor);
        actor.Require(Policies.SignedIn);
        if (keys.Find(key) is not { } found
            || (found.Account == actor.Account && actor.Key is { } by && !IsOf(found, by))
            || (found.Account != actor.Account
                && !(actor.May(Policies.Administer) && accounts.Find(found.Account) is { } of && actor.Administers(of.Organisation))))
            throw new CodedException(ErrorCodes.NotFound, "there is no such key");
    }

    private bool IsOf(ApiKey key, string by)
    {
        for (ApiKey? found = key; found is not null; found = found.Parent is { } parent ? keys.Find(parent) : null)
            if (found.Id == by)
                return true;
        return false;
    }
}
