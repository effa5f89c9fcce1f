using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;

namespace MatchEngine.Frs.Accounts;

/// <summary>A name and a password, and where they come from.</summary>
/// <param name="Name">The account's name.</param>
/// <param name="Password">Its password.</param>
/// <param name="Address">The client's address, as limits count it.</param>
/// <param name="Code">A one-time code, where the account asks for one.</param>
public sealed record Credentials(string Name, string Password, string Address, string? Code = null);

/// <summary>Who comes with a password or a key, and whether a sign-in still holds.</summary>
/// <param name="accounts">The accounts.</param>
/// <param name="keys">The keys.</param>
/// <param name="sessions">The browsers that are signed in.</param>
/// <param name="attempts">Counts attempts.</param>
/// <param name="factors">Checks one-time codes.</param>
/// <param name="identities">Who accounts are at an identity provider.</param>
/// <param name="options">How long sessions and keys last.</param>
/// <param name="clock">Gives the time.</param>
/// <param name="trail">Takes the events.</param>
public sealed class SigningIn(
    IAccounts accounts, IApiKeys keys, ISessions sessions, ISignInAttempts attempts, CheckingSecondFactors factors,
    ILinkedIdentities identities, FrsOptions options, TimeProvider clock, AuditTrail trail)
{
    // A write a request would wait for the disk each time.
    private static readonly TimeSpan SeenGrain = TimeSpan.FromMinutes(1);

    /// <summary>Signs a browser in by name and password.</summary>
    /// <param name="credentials">Name and password.</param>
    /// <param name="requestId">The request, for the audit.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.SignInRefused"/> or <see cref="ErrorCodes.AccountLocked"/>.</exception>
    public async Task<(Actor Actor, Session Session)> ByPasswordAsync(Credentials credentials, string? requestId)
    {
        var account = await CheckAsync(credentials, requestId);
        return Begin(Actor.Of(account, requestId));
    }

    /// <summary>
    /// Makes sure that a password is right, and the one-time code where the account asks for one; which of them is wrong is
    /// not told. The answer and the work for it are the same whether or not there is such a name.
    /// </summary>
    /// <param name="credentials">Name and password.</param>
    /// <param name="requestId">The request, for the audit.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.SignInRefused"/> or <see cref="ErrorCodes.AccountLocked"/>.</exception>
    public async Task<Account> CheckAsync(Credentials credentials, string? requestId)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        var (name, password, address, code) = credentials;
        var (allowed, last) = attempts.Count(name, address);
        var (right, account) = await Task.Run(() => accounts.Check(name, password));
        if (allowed && right && account is not null && factors.Passes(account, code, requestId))
        {
            attempts.Succeeded(name, address);
            return account;
        }
        var outcome = last ? SignInOutcome.Locked : SignInOutcome.Refused;
        // A name that is no account's may be a password typed into the wrong field: it is not written down.
        await trail.WriteAsync(
            account is null ? Actor.Service with { RequestId = requestId } : Known(account, requestId), "session.refused",
            new { account = account?.Id, outcome });
        throw outcome == SignInOutcome.Locked
            ? new CodedException(
                ErrorCodes.AccountLocked,
                $"after {SignInRules.MaxFailures} wrong passwords one waits {SignInRules.Lockout.TotalMinutes:0} minutes with this name; "
                    + "an administrator can end that by giving the account a new password") { RetryAfter = SignInRules.Lockout }
            : new CodedException(ErrorCodes.SignInRefused, "name, password or one-time code is wrong, or the account has no password");
    }

    /// <summary>Signs a browser in by an API key, for who has no password yet. The sign-in ends with the key.</summary>
    /// <param name="text">The key.</param>
    /// <param name="requestId">The request, for the audit.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.SignInRefused"/>.</exception>
    public (Actor Actor, Session Session) ByKey(string text, string? requestId) => Authenticate(text, requestId) is { } actor
        ? Begin(actor)
        : throw new CodedException(ErrorCodes.SignInRefused, "the key is unknown, revoked or expired");

    /// <summary>
    /// Signs a browser in whose person an identity provider has named. Who that is here, is what is linked to issuer and subject, and what
    /// they may do is what the account may: of names, e-mails and roles that come from there nothing is taken.
    /// </summary>
    /// <param name="issuer">The provider.</param>
    /// <param name="subject">The person there.</param>
    /// <param name="requestId">The request, for the audit.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.SignInRefused"/>.</exception>
    public async Task<(Actor Actor, Session Session)> ByIdentityAsync(string issuer, string subject, string? requestId)
    {
        var account = identities.Find(issuer, subject) is { } linked ? accounts.Find(linked.Account) : null;
        if (account is { Disabled: false })
            return Begin(Actor.Of(account, requestId));
        await trail.WriteAsync(
            account is null ? Actor.Service with { RequestId = requestId } : Known(account, requestId), "session.refused",
            new { account = account?.Id, outcome = SignInOutcome.Refused, issuer });
        throw new CodedException(ErrorCodes.SignInRefused, "no account that may sign in is linked with this person");
    }

    /// <summary>Who comes with a key; null when the key is good for nothing. Nothing is written to the audit.</summary>
    /// <param name="key">The key.</param>
    /// <param name="requestId">The request, for the audit.</param>
    public Actor? Authenticate(string key, string? requestId = null)
    {
        if (keys.Authenticate(key) is not ({ } account, { } found) || found.End(options.KeyLifetime) <= clock.GetUtcNow())
            return null;
        var actor = Actor.Of(account, requestId);
        return actor with { Key = found.Id, Roles = found.Scopes is { } scopes ? actor.Roles.Intersect(scopes).ToHashSet() : actor.Roles };
    }

    /// <summary>Whether a browser is signed in still; notes that it is in use.</summary>
    /// <param name="id">Its session.</param>
    public bool Holds(string id)
    {
        var now = clock.GetUtcNow();
        if (sessions.Find(id) is not { } session || session.IsOver(now, options.SessionIdle, options.SessionLifetime)
            || accounts.Find(session.Account) is not { Disabled: false }
            || (session.Key is { } key && !(keys.IsGood(key) && keys.Find(key)!.End(options.KeyLifetime) > now)))
            return false;
        if (now - session.LastSeen >= SeenGrain)
            sessions.Seen(id, now);
        return true;
    }

    private (Actor, Session) Begin(Actor actor) => (actor, trail.ChangeBook(
        actor with { Roles = new HashSet<string>() }, "session.signed-in",
        change => sessions.Begin(change, actor.Account, actor.Key, clock.GetUtcNow() - options.SessionLifetime),
        session => new { account = actor.Account, outcome = SignInOutcome.Accepted, session = session.Id, key = actor.Key }));

    // Whoever tries has no role yet.
    private static Actor Known(Account account, string? requestId) =>
        new(account.Id, account.Name, account.Organisation, new HashSet<string>(), requestId);
}
