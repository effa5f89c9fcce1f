using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Errors;

namespace MatchEngine.Frs;

/// <summary>Who does something: an account by a request, or the service itself.</summary>
/// <param name="Account">The account's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Organisation">Its organisation's id; empty for the service itself where it acts for none.</param>
/// <param name="Roles">Its roles (see <see cref="Role"/>).</param>
/// <param name="RequestId">The request by which it acts, as it stands in log and audit; null for the service itself.</param>
public sealed record Actor(string Account, string Name, string Organisation, IReadOnlySet<string> Roles, string? RequestId = null)
{
    /// <summary>The API key by which it acts, or by which its browser was signed in; null for other means.</summary>
    public string? Key { get; init; }

    /// <summary>What stands in place of an account where the service itself acts.</summary>
    public const string ServiceAccount = "service";

    /// <summary>The service itself: what its clock makes it do.</summary>
    public static Actor Service { get; } = new(ServiceAccount, ServiceAccount, "", new HashSet<string>());

    /// <summary>An account, as the actor of a request.</summary>
    /// <param name="account">The account.</param>
    /// <param name="requestId">The request.</param>
    public static Actor Of(Account account, string? requestId = null)
    {
        ArgumentNullException.ThrowIfNull(account);
        return new Actor(account.Id, account.Name, account.Organisation, account.Roles.ToHashSet(), requestId);
    }

    /// <summary>The service itself on behalf of an organisation.</summary>
    public static Actor ServiceFor(string organisation) => Service with { Organisation = organisation };

    /// <summary>Whether the actor has a role.</summary>
    public bool Is(string role) => Roles.Contains(role);

    /// <summary>Whether the actor audits an organisation: one's own, or any as an auditor of the whole service.</summary>
    /// <param name="organisation">The organisation's id.</param>
    public bool MayAudit(string organisation) =>
        Is(Role.ServiceAuditor) || (Is(Role.Auditor) && organisation == Organisation);

    /// <summary>Whether the actor keeps an organisation's accounts and galleries: one's own, or any as an administrator of the whole
    /// service.</summary>
    /// <param name="organisation">The organisation's id.</param>
    public bool Administers(string organisation) =>
        Is(Role.ServiceAdministrator) || (Is(Role.Administrator) && organisation == Organisation);

    /// <summary>Whether the actor has a role that suffices for a policy.</summary>
    /// <param name="policy">One of <see cref="Policies"/>.</param>
    public bool May(string policy) => Policies.Roles[policy].Any(Roles.Contains);

    /// <summary>Refuses an actor none of whose roles suffices for a policy.</summary>
    /// <param name="policy">One of <see cref="Policies"/>.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.Forbidden"/>.</exception>
    public void Require(string policy)
    {
        if (!May(policy))
            throw new CodedException(ErrorCodes.Forbidden, "the account has none of the roles that may do this");
    }
}
