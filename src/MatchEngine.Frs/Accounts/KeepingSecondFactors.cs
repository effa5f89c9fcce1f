using System.Security.Cryptography;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;

namespace MatchEngine.Frs.Accounts;

/// <summary>A second factor that was begun: what the app needs, told once.</summary>
/// <param name="Secret">The secret in base32, to be typed.</param>
/// <param name="Address">The same as an address (<c>otpauth:</c>), for a picture.</param>
public sealed record BegunFactor(string Secret, string Address);

/// <summary>One-time codes beside the password: begun, confirmed by a first code, removed.</summary>
/// <param name="factors">The second factors.</param>
/// <param name="secrets">Seal their secrets.</param>
/// <param name="accounts">The accounts.</param>
/// <param name="signing">Checks passwords.</param>
/// <param name="checking">Checks codes.</param>
/// <param name="trail">Takes the events.</param>
public sealed class KeepingSecondFactors(
    ISecondFactors factors, IAccountSecrets secrets, IAccounts accounts, SigningIn signing, CheckingSecondFactors checking,
    AuditTrail trail)
{
    private const string Issuer = "MatchEngine";

    /// <summary>Begins one's second factor; it is asked for once it is confirmed.</summary>
    /// <param name="actor">Whose it is.</param>
    /// <param name="password">The password: who found a key or an open browser begins none.</param>
    /// <param name="address">Where the request comes from.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.SignInRefused"/>, <see cref="ErrorCodes.AccountLocked"/>, or
    /// <see cref="ErrorCodes.Conflict"/>: there is one.</exception>
    public async Task<BegunFactor> BeginAsync(Actor actor, string password, string address)
    {
        ArgumentNullException.ThrowIfNull(actor);
        actor.Require(Policies.SignedIn);
        if (factors.Find(actor.Account) is { Confirmed: true })
            throw new CodedException(ErrorCodes.Conflict, "the account has a second factor; remove it first");
        var account = await signing.CheckAsync(new Credentials(actor.Name, password, address), actor.RequestId);
        var secret = RandomNumberGenerator.GetBytes(OneTimeCodes.SecretBytes);
        try
        {
            if (!trail.ChangeBook(
                actor, "second-factor.begun", change => factors.Begin(change, account.Id, secrets.Seal(account.Id, secret)),
                begun => begun ? new { account = account.Id } : null))
                throw new CodedException(ErrorCodes.Conflict, "the account has a second factor; remove it first");
            return new BegunFactor(OneTimeCodes.Text(secret), OneTimeCodes.Address(secret, Issuer, account.Name));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Confirms what was begun by a code of it; gives the recovery codes, once.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>: the code is wrong, or <see cref="ErrorCodes.Conflict"/>: nothing
    /// was begun.</exception>
    public IReadOnlyList<string> Confirm(Actor actor, string code)
    {
        ArgumentNullException.ThrowIfNull(actor);
        actor.Require(Policies.SignedIn);
        if (factors.Find(actor.Account) is not { Confirmed: false } factor)
            throw new CodedException(ErrorCodes.Conflict, "no second factor waits for its first code");
        if (checking.StepOf(actor.Account, factor, code) is not { } step)
            throw new CodedException(
                ErrorCodes.BadValue, "the code is wrong; is the clock of the device right? Type the one that the app shows now");
        var codes = Enumerable.Range(0, OneTimeCodes.RecoveryCodes).Select(_ => OneTimeCodes.NewRecoveryCode()).ToList();
        if (!trail.ChangeBook(
            actor, "second-factor.confirmed",
            change => factors.Confirm(change, actor.Account, step, [.. codes.Select(OneTimeCodes.RecoveryHash)]),
            confirmed => confirmed ? new { account = actor.Account } : null))
            throw new CodedException(ErrorCodes.Conflict, "no second factor waits for its first code");
        return codes;
    }

    /// <summary>Removes one's second factor, by password and a code.</summary>
    /// <param name="actor">Whose it is.</param>
    /// <param name="password">The password.</param>
    /// <param name="code">A code of the app, or a recovery code.</param>
    /// <param name="address">Where the request comes from.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.SignInRefused"/>, <see cref="ErrorCodes.AccountLocked"/>, or
    /// <see cref="ErrorCodes.NotFound"/>.</exception>
    public async Task RemoveAsync(Actor actor, string password, string? code, string address)
    {
        ArgumentNullException.ThrowIfNull(actor);
        actor.Require(Policies.SignedIn);
        await signing.CheckAsync(new Credentials(actor.Name, password, address, code), actor.RequestId);
        Remove(actor, actor.Account);
    }

    /// <summary>Removes that of an account whose owner lost app and recovery codes; for administrators.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>.</exception>
    public void RemoveOf(Actor actor, string account)
    {
        ArgumentNullException.ThrowIfNull(actor);
        accounts.Require(actor, account);
        Remove(actor, account);
    }

    private void Remove(Actor actor, string account)
    {
        if (!trail.ChangeBook(
            actor, "second-factor.removed", change => factors.Remove(change, account), removed => removed ? new { account } : null))
            throw new CodedException(ErrorCodes.NotFound, "the account has no second factor");
    }
}
