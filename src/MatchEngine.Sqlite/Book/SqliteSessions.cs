using Dapper;
using MatchEngine.Frs;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Galleries;

namespace MatchEngine.Sqlite.Book;

/// <summary>The browsers that are signed in.</summary>
internal sealed class SqliteSessions(ServiceDatabase database) : ISessions
{
    private const string Columns = "id AS Id, account AS Account, key AS Key, began AS Began, last_seen AS LastSeen";

    public Session Begin(BookChange change, string account, string? key, DateTimeOffset forgetBefore)
    {
        var begun = new Session(
            TimeOrderedId.New(), account, key, StoredTime.Kept(database.Clock.GetUtcNow()), StoredTime.Kept(database.Clock.GetUtcNow()));
        database.Execute("DELETE FROM session WHERE began < @before", new { before = StoredTime.Write(forgetBefore) });
        database.Execute(
            "INSERT INTO session (id, account, key, began, last_seen) VALUES (@Id, @Account, @Key, @now, @now)",
            new { begun.Id, begun.Account, begun.Key, now = StoredTime.Write(begun.Began) });
        return begun;
    }

    public Session? Find(string id) => database.Read(connection =>
        connection.QuerySingleOrDefault<Row>($"SELECT {Columns} FROM session WHERE id = @id", new { id })?.ToSession());

    public IReadOnlyList<Session> List(string account) => database.Read(connection => connection
        .Query<Row>($"SELECT {Columns} FROM session WHERE account = @account ORDER BY began DESC, id DESC", new { account })
        .Select(row => row.ToSession()).ToList());

    public void Seen(string id, DateTimeOffset now) => database.Execute(
        "UPDATE session SET last_seen = @now WHERE id = @id AND last_seen < @now", new { id, now = StoredTime.Write(now) });

    public bool End(BookChange change, string account, string id) =>
        database.Execute("DELETE FROM session WHERE id = @id AND account = @account", new { id, account }) == 1;

    public int EndAll(BookChange change, string account) =>
        database.Execute("DELETE FROM session WHERE account = @account", new { account });

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Account { get; init; } = "";
        public string? Key { get; init; }
        public string Began { get; init; } = "";
        public string LastSeen { get; init; } = "";

        public Session ToSession() => new(Id, Account, Key, StoredTime.Read(Began), StoredTime.Read(LastSeen));
    }
}
