using MatchEngine.Frs.Auditing;
using MatchEngine.Galleries.Properties;

namespace MatchEngine.Frs.Accounts;

/// <summary>Lets the first person in: an organisation, an account and a key, told once. Nothing of it is written to the log.</summary>
/// <param name="organisations">The organisations.</param>
/// <param name="accounts">The accounts.</param>
/// <param name="keys">The keys.</param>
/// <param name="trail">Takes the event.</param>
public sealed class FirstAdministrator(IOrganisations organisations, IAccounts accounts, IApiKeys keys, AuditTrail trail)
{
    /// <summary>The owner of galleries that the <c>matchengine</c> command makes: the first account keeps them too.</summary>
    public const string Organisation = GalleryProperties.LocalOwner;

    private const string Name = "admin";

    /// <summary>Makes the account at the first start, and a further key when all were lost; does nothing where nothing is to be
    /// done.</summary>
    /// <param name="anew">Whether a key is wanted although there are accounts.</param>
    /// <param name="tell">Told the key before it is valid: a start that is killed in between prints another one next time.</param>
    public void Admit(bool anew, Action<string> tell)
    {
        ArgumentNullException.ThrowIfNull(tell);
        trail.ChangeBook(
            Actor.ServiceFor(Organisation), "administrator.admitted", change => Key(change, anew, tell),
            key => key is null ? null : new { key = key.Id, account = key.Account });
    }

    private ApiKey? Key(BookChange change, bool anew, Action<string> tell)
    {
        var known = accounts.Administrator();
        if (accounts.Any() && !anew)
            return null;
        if (known is null)
        {
            organisations.Add(change, Organisation, "Local");
            // One person tries the service alone; who runs it for others gives these roles to several.
            known = accounts.Add(
                change, anew ? $"{Name}-{TimeOrderedId.New()[..8]}" : Name, Organisation,
                [Role.ServiceAdministrator, Role.Administrator, Role.GalleryOwner, Role.Agent], null)!;
        }
        var (key, text) = keys.Add(change, known.Id, anew ? "recovery" : "first key", null);
        tell(text);
        return key;
    }
}
