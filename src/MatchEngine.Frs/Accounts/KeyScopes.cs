using MatchEngine.Frs.Errors;

namespace MatchEngine.Frs.Accounts;

/// <summary>Which of its account's roles a key or a signing credential has: never more than who makes it.</summary>
internal static class KeyScopes
{
    /// <param name="actor">Who makes it.</param>
    /// <param name="account">The account it acts for.</param>
    /// <param name="wanted">The roles that are asked for; null for all of them.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/> or <see cref="ErrorCodes.Forbidden"/>.</exception>
    public static IReadOnlyList<string>? Of(Actor actor, Account account, IReadOnlyList<string>? wanted)
    {
        if (wanted?.FirstOrDefault(scope => !account.Roles.Contains(scope)) is { } missing)
            throw new CodedException(
                ErrorCodes.BadValue,
                $"scopes are roles of the account, and '{missing}' is none; it has {string.Join(", ", account.Roles)}");
        // Who acts with some of the account's roles gives no more of them on.
        if (account.Id != actor.Account || actor.Key is null || account.Roles.All(actor.Is))
            return wanted;
        if (wanted?.FirstOrDefault(scope => !actor.Is(scope)) is { } more)
            throw new CodedException(ErrorCodes.Forbidden, $"the key that makes this one has no '{more}' itself");
        return wanted ?? [.. actor.Roles.Order(StringComparer.Ordinal)];
    }
}
