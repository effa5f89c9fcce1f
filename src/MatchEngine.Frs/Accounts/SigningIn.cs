using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;

namespace MatchEngine.Frs.Accounts;

/// <summary>Who comes with a password or a key, and whether a sign-in still holds.</summary>
/// <param name="accounts">The accounts.</param>
/// <param name="keys">The keys.</param>
/// <param name="trail">Takes the events.</param>
public sealed class SigningIn(IAccounts accounts, IApiKeys keys, AuditTrail trail)
{
    /// <summary>Signs in by name and password.</summary>
    /// <param name="name">The account's name.</param>
    /// <param name="password">Its password.</param>
    /// <param name="requestId">The request, for the audit.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.SignInRefused"/> or <see cref="ErrorCodes.AccountLocked"/>.</exception>
    public async Task<Account> ByPasswordAsync(string name, string password, string? requestId)
    {
        var (outcome, account) = await Task.Run(() => accounts.SignIn(name, password));
        // A name that is no account's may be a password typed into the wrong field: it is not written down.
        if (account is not null)
            await trail.WriteAsync(
                Known(account, requestId), outcome == SignInOutcome.Accepted ? "session.signed-in" : "session.refused",
                new { account = account.Id, outcome });
        if (outcome == SignInOutcome.Locked)
            throw new CodedException(
                ErrorCodes.AccountLocked,
                $"after {SignInRules.MaxFailures} wrong passwords the account waits {SignInRules.Lockout.TotalMinutes:0} minutes; "
                    + "an administrator can set it free by giving it a new password")
            {
                RetryAfter = SignInRules.Lockout,
            };
        return outcome == SignInOutcome.Accepted
            ? account!
            : throw new CodedException(ErrorCodes.SignInRefused, "name or password is wrong, or the account has no password");
    }

    /// <summary>Signs a browser in by an API key, for who has no password yet. The sign-in ends with the key.</summary>
    /// <param name="text">The key.</param>
    /// <param name="requestId">The request, for the audit.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.SignInRefused"/>.</exception>
    public async Task<(Account Account, string KeyId)> ByKeyAsync(string text, string? requestId)
    {
        if (keys.Authenticate(text) is not ({ } account, { } key))
            throw new CodedException(ErrorCodes.SignInRefused, "the key is unknown, revoked or expired");
        await trail.WriteAsync(
            Known(account, requestId), "session.signed-in", new { account = account.Id, outcome = SignInOutcome.Accepted, key });
        return (account, key);
    }

    /// <summary>The account of a key that comes with a request; null when the key is good for nothing. Nothing is written to the
    /// audit.</summary>
    public Account? Authenticate(string key) => keys.Authenticate(key)?.Account;

    /// <summary>Whether a sign-in that was good is so still.</summary>
    /// <param name="account">The account.</param>
    /// <param name="stamp">The account's stamp at that time.</param>
    /// <param name="key">The key it was by; null when it was by a password.</param>
    public bool Holds(string account, string? stamp, string? key) =>
        accounts.Find(account) is { Disabled: false } found && found.Stamp == stamp && (key is null || keys.IsGood(key));

    // Whoever tries has no role yet.
    private static Actor Known(Account account, string? requestId) =>
        new(account.Id, account.Name, account.Organisation, new HashSet<string>(), requestId);
}
