using Dapper;
using MatchEngine.Frs;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Galleries;

namespace MatchEngine.Sqlite.Book;

/// <summary>Who accounts are at an identity provider.</summary>
internal sealed class SqliteLinkedIdentities(ServiceDatabase database) : ILinkedIdentities
{
    private const string Columns = "id AS Id, account AS Account, issuer AS Issuer, subject AS Subject, linked AS Linked";

    public IReadOnlyList<LinkedIdentity> List(string? account) => database.Read(connection => connection
        .Query<Row>(
            $"SELECT {Columns} FROM linked_identity WHERE @account IS NULL OR account = @account ORDER BY linked, id", new { account })
        .Select(row => row.ToIdentity()).ToList());

    public LinkedIdentity? Find(string issuer, string subject) => database.Read(connection => connection.QuerySingleOrDefault<Row>(
        $"SELECT {Columns} FROM linked_identity WHERE issuer = @issuer AND subject = @subject", new { issuer, subject })?.ToIdentity());

    public LinkedIdentity? Link(BookChange change, string account, string issuer, string subject) => database.Execute(
        "INSERT INTO linked_identity (id, account, issuer, subject, linked) VALUES (@id, @account, @issuer, @subject, @now) "
            + "ON CONFLICT DO NOTHING",
        new { id = TimeOrderedId.New(), account, issuer, subject, now = database.Now() }) == 1 ? Find(issuer, subject) : null;

    public bool Unlink(BookChange change, string account, string id) => database.Write((connection, transaction) =>
    {
        if (connection.Execute("DELETE FROM linked_identity WHERE id = @id AND account = @account", new { id, account }, transaction) == 0)
            return false;
        connection.Execute("DELETE FROM session WHERE account = @account", new { account }, transaction);
        return true;
    });

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Account { get; init; } = "";
        public string Issuer { get; init; } = "";
        public string Subject { get; init; } = "";
        public string Linked { get; init; } = "";

        public LinkedIdentity ToIdentity() => new(Id, Account, Issuer, Subject, StoredTime.Read(Linked));
    }
}
