using MatchEngine.Galleries.Properties;
using MatchEngine.Service.Store;

namespace MatchEngine.Service.Access;

/// <summary>Lets the first person in: an organisation, an account and a key, printed once. Nothing of it is written to the log.</summary>
internal static class FirstAdministrator
{
    /// <summary>The owner of galleries that the <c>matchengine</c> command makes: the first account keeps them too.</summary>
    public const string Organisation = GalleryProperties.LocalOwner;
    public const string Account = "admin";

    /// <summary>Makes the account at the first start, and a further key when all were lost; null when there is nothing to do.</summary>
    /// <param name="database">The database.</param>
    /// <param name="accounts">The accounts.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="audit">Takes the event.</param>
    /// <param name="anew">Whether a key is wanted although there are accounts.</param>
    /// <param name="tell">Told the key before it is valid: a start that is killed in between prints another one next time.</param>
    public static void Admit(ServiceDatabase database, Accounts accounts, ApiKeys keys, AuditTrail audit, bool anew, Action<string> tell) =>
        audit.ChangeBySelf(
            "administrator.admitted", Organisation, () => Admit(database, accounts, keys, anew, tell),
            key => key is null ? null : new { key = key.Id, account = key.Account });

    private static ApiKey? Admit(ServiceDatabase database, Accounts accounts, ApiKeys keys, bool anew, Action<string> tell) =>
        database.Write((connection, transaction) =>
        {
            var known = Accounts.Administrator(connection, transaction);
            if (Accounts.Any(connection, transaction) && !anew)
                return null;
            if (known is null)
            {
                Organisations.Add(connection, transaction, Organisation, "Local", database.Now());
                // One person tries the service alone; who runs it for others gives these roles to several.
                known = accounts.Add(
                    connection, transaction, anew ? $"{Account}-{ServiceDatabase.NewId()[..8]}" : Account, Organisation,
                    [Role.Administrator, Role.GalleryOwner, Role.Agent], null)!;
            }
            var (key, text) = keys.Add(connection, transaction, known.Id, anew ? "recovery" : "first key", null);
            tell(text);
            return key;
        });
}
