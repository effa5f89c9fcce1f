using System.Security.Cryptography;
using MatchEngine.Frs.Auditing;

namespace MatchEngine.Frs.Accounts;

/// <summary>Whether a one-time code is good: once.</summary>
/// <param name="factors">The second factors.</param>
/// <param name="secrets">Open their secrets.</param>
/// <param name="clock">Gives the time.</param>
/// <param name="trail">Takes the events.</param>
public sealed class CheckingSecondFactors(ISecondFactors factors, IAccountSecrets secrets, TimeProvider clock, AuditTrail trail)
{
    /// <summary>Whether an account may pass with this code: it asks for none, or the code is good and was not used before.</summary>
    /// <param name="account">Whose password was right.</param>
    /// <param name="code">A code of the app, or a recovery code; null when none was given.</param>
    /// <param name="requestId">The request, for the audit.</param>
    public bool Passes(Account account, string? code, string? requestId)
    {
        ArgumentNullException.ThrowIfNull(account);
        if (factors.Find(account.Id) is not { Confirmed: true } factor)
            return true;
        if (string.IsNullOrWhiteSpace(code))
            return false;
        if (StepOf(account.Id, factor, code) is { } step)
            return factors.Use(account.Id, step);
        return trail.ChangeBook(
            Actor.Of(account, requestId) with { Roles = new HashSet<string>() }, "second-factor.recovery-code-used",
            change => factors.UseRecovery(change, account.Id, OneTimeCodes.RecoveryHash(code)),
            used => used ? new { account = account.Id } : null);
    }

    /// <summary>The step of which a code is; null when it is of none, or the secret cannot be opened.</summary>
    internal long? StepOf(string account, SecondFactor factor, string code)
    {
        if (secrets.Open(account, factor.Sealed) is not { } secret)
            return null;
        try
        {
            return OneTimeCodes.StepOf(secret, code, clock.GetUtcNow());
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }
}
