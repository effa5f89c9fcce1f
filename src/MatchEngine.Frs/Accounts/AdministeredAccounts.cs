using MatchEngine.Frs.Errors;

namespace MatchEngine.Frs.Accounts;

/// <summary>Which accounts an administrator keeps: those of the own organisation; of the whole service by that name.</summary>
internal static class AdministeredAccounts
{
    /// <summary>The account, for those who keep it.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>: there is none in the organisation, or
    /// <see cref="ErrorCodes.Forbidden"/>: it has a role in the whole service, and the actor keeps an organisation's.</exception>
    public static Account Require(this IAccounts accounts, Actor actor, string id)
    {
        actor.Require(Policies.Administer);
        if (accounts.Find(id) is not { } found || !actor.Administers(found.Organisation))
            throw new CodedException(ErrorCodes.NotFound, "there is no such account");
        // Whoever sets somebody's password, or makes a key, can act as that one.
        if (id != actor.Account && found.Roles.Any(Role.OfService.Contains) && !actor.Is(Role.ServiceAdministrator))
            throw new CodedException(
                ErrorCodes.Forbidden,
                $"'{found.Name}' has a role in the whole service: an administrator of the service keeps this account");
        return found;
    }
}
