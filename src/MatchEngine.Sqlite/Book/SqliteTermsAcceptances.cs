using Dapper;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries;

namespace MatchEngine.Sqlite.Book;

/// <summary>Who accepted which terms, and when.</summary>
internal sealed class SqliteTermsAcceptances(ServiceDatabase database) : ITermsAcceptances
{
    public DateTimeOffset? Find(string account, string terms, string version) =>
        ServiceDatabase.ParseOptionalTime(database.Read(connection => connection.ExecuteScalar<string?>(
            "SELECT accepted FROM terms_acceptance WHERE account = @account AND terms = @terms AND version = @version",
            new { account, terms, version })));

    public bool Accept(BookChange change, string account, string terms, string version, int? renewDays = null) => database.Execute(
        """
        INSERT INTO terms_acceptance (account, terms, version, accepted) VALUES (@account, @terms, @version, @now)
        ON CONFLICT DO UPDATE SET accepted = excluded.accepted WHERE accepted <= @lapsed
        """,
        new
        {
            account,
            terms,
            version,
            now = database.Now(),
            lapsed = renewDays is { } days ? StoredTime.Write(database.Clock.GetUtcNow().AddDays(-days)) : null,
        }) == 1;
}
