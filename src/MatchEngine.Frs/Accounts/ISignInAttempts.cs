using MatchEngine.Frs.Auditing;

namespace MatchEngine.Frs.Accounts;

/// <summary>
/// Counts attempts to sign in, by name and address, whether or not there is such a name (see <see cref="SignInRules"/>). Names and
/// addresses are kept as keyed digests: a name that is no account's may be a password in the wrong field.
/// </summary>
public interface ISignInAttempts
{
    /// <summary>
    /// Counts an attempt before it is looked at, so that many at once are as few as many in turn.
    /// </summary>
    /// <param name="name">The name that was given.</param>
    /// <param name="address">Where it comes from.</param>
    /// <returns>Whether it may be looked at, and whether another one may after it.</returns>
    (bool Allowed, bool Last) Count(string name, string address);

    /// <summary>After a right password: the address may begin anew, and is known to the account from now on.</summary>
    void Succeeded(string name, string address);

    /// <summary>Lets everybody try a name anew.</summary>
    void Forget(BookChange change, string name);
}
