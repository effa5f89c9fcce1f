using MatchEngine.Frs.Supervising;
using MatchEngine.Frs.Sharing;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Probes;
using MatchEngine.Frs.Operations;
using MatchEngine.Frs.Notifying;
using MatchEngine.Frs.Importing;
using MatchEngine.Frs.Examining;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Details;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs;
using Dapper;

namespace MatchEngine.Service.Store;

/// <summary>Who accepted which terms, and when.</summary>
internal sealed class SqliteTermsAcceptances(ServiceDatabase database) : ITermsAcceptances
{
    public DateTimeOffset? Find(string account, string terms, string version) =>
        ServiceDatabase.ParseOptionalTime(database.Read(connection => connection.ExecuteScalar<string?>(
            "SELECT accepted FROM terms_acceptance WHERE account = @account AND terms = @terms AND version = @version",
            new { account, terms, version })));

    public bool Accept(string account, string terms, string version) => database.Execute(
        "INSERT INTO terms_acceptance (account, terms, version, accepted) VALUES (@account, @terms, @version, @now) ON CONFLICT DO NOTHING",
        new { account, terms, version, now = database.Now() }) == 1;
}
