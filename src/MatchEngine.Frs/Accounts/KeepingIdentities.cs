using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;

namespace MatchEngine.Frs.Accounts;

/// <summary>Which people of an identity provider are which accounts; for administrators.</summary>
/// <param name="identities">The links.</param>
/// <param name="accounts">The accounts.</param>
/// <param name="keys">The keys, of which some end with a link.</param>
/// <param name="trail">Takes the events.</param>
public sealed class KeepingIdentities(ILinkedIdentities identities, IAccounts accounts, IApiKeys keys, AuditTrail trail)
{
    private const int MaxIssuer = 500;

    // OpenID Connect Core 1.0, 2: no more than 255 ASCII characters.
    private const int MaxSubject = 255;

    /// <summary>The links of the accounts that the actor keeps, by the time they were made.</summary>
    public IReadOnlyList<LinkedIdentity> List(Actor actor)
    {
        actor.Require(Policies.Administer);
        var kept = accounts.List().Where(account => actor.Administers(account.Organisation)).Select(account => account.Id).ToHashSet();
        return [.. identities.List(null).Where(identity => kept.Contains(identity.Account))];
    }

    /// <summary>Those of an account.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>: there is no such account.</exception>
    public IReadOnlyList<LinkedIdentity> Of(Actor actor, string account)
    {
        accounts.Require(actor, account);
        return identities.List(account);
    }

    /// <summary>Links a person of a provider with an account; the keys end that others made for it.</summary>
    /// <param name="actor">An administrator.</param>
    /// <param name="account">The account.</param>
    /// <param name="issuer">The provider, as it names itself.</param>
    /// <param name="subject">The person there.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>, <see cref="ErrorCodes.NotFound"/>, or
    /// <see cref="ErrorCodes.Conflict"/>: it is linked already.</exception>
    public LinkedIdentity Link(Actor actor, string account, string issuer, string subject)
    {
        accounts.Require(actor, account);
        if (issuer is not { Length: > 0 and <= MaxIssuer } || !Uri.TryCreate(issuer, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("https" or "http"))
            throw new CodedException(ErrorCodes.BadValue, "an issuer is the address by which a provider names itself");
        if (subject is not { Length: > 0 and <= MaxSubject } || subject.Any(c => c is < ' ' or > '~'))
            throw new CodedException(ErrorCodes.BadValue, $"a subject has 1 to {MaxSubject} printable ASCII characters");
        return trail.ChangeBook(
            actor,
            "identity.linked",
            change =>
            {
                var linked = identities.Link(change, account, issuer, subject);
                if (linked is not null)
                    // Whoever signs in from now on acts alone in this name.
                    keys.RevokeOthers(change, account);
                return linked;
            },
            linked => linked is null ? null : new { account, identity = linked.Id, issuer })
            ?? throw new CodedException(ErrorCodes.Conflict, "this person of the provider is linked with an account already");
    }

    /// <summary>Takes a link away; the account is signed out everywhere.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>.</exception>
    public void Unlink(Actor actor, string account, string identity)
    {
        accounts.Require(actor, account);
        if (!trail.ChangeBook(
            actor, "identity.unlinked", change => identities.Unlink(change, account, identity),
            unlinked => unlinked ? new { account, identity } : null))
            throw new CodedException(ErrorCodes.NotFound, "the account has no such link");
    }
}
