using Dapper;

namespace MatchEngine.Service.Store;

/// <summary>Who accepted which terms, and when.</summary>
internal sealed class TermsAcceptances(ServiceDatabase database)
{
    /// <summary>When the account accepted this version; null: not yet.</summary>
    public DateTimeOffset? Find(string account, string terms, string version) =>
        ServiceDatabase.ParseOptionalTime(database.Read(connection => connection.ExecuteScalar<string?>(
            "SELECT accepted FROM terms_acceptance WHERE account = @account AND terms = @terms AND version = @version",
            new { account, terms, version })));

    /// <summary>Notes the acceptance; a second one changes nothing and gives false.</summary>
    public bool Accept(string account, string terms, string version) => database.Execute(
        "INSERT INTO terms_acceptance (account, terms, version, accepted) VALUES (@account, @terms, @version, @now) ON CONFLICT DO NOTHING",
        new { account, terms, version, now = database.Now() }) == 1;
}
