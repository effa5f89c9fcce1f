using MatchEngine.Frs.Auditing;

namespace MatchEngine.Frs.Accounts;

/// <summary>What an account has beside its password.</summary>
/// <param name="Sealed">The secret of its one-time codes, sealed (<see cref="IAccountSecrets"/>).</param>
/// <param name="Confirmed">Whether a code of it was given once; until then none is asked for.</param>
public sealed record SecondFactor(byte[] Sealed, bool Confirmed);

/// <summary>The store of second factors.</summary>
public interface ISecondFactors
{
    /// <summary>That of an account; null when it has none.</summary>
    SecondFactor? Find(string account);

    /// <summary>Begins one, in the place of one that was not confirmed; false when there is a confirmed one.</summary>
    bool Begin(BookChange change, string account, byte[] @sealed);

    /// <summary>Confirms the one that was begun; false when there is none, or it is confirmed already.</summary>
    /// <param name="change">The change with its author and event.</param>
    /// <param name="account">The account.</param>
    /// <param name="step">The step of the code that was given: no code of it or an earlier one is good again.</param>
    /// <param name="recovery">Hashes of the recovery codes.</param>
    bool Confirm(BookChange change, string account, long step, IReadOnlyList<byte[]> recovery);

    /// <summary>Uses a code up: false when one of its step or a later one was used before.</summary>
    bool Use(string account, long step);

    /// <summary>Uses a recovery code up; false when the account has none such.</summary>
    bool UseRecovery(BookChange change, string account, byte[] hash);

    /// <summary>Removes it; false when there is none.</summary>
    bool Remove(BookChange change, string account);
}
