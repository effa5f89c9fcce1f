using Dapper;
using MatchEngine.Frs;
using MatchEngine.Frs.Notifying;
using MatchEngine.Galleries;

namespace MatchEngine.Sqlite.Book;

/// <summary>Query notifications: when another user opens a search or a record, its owner is told (PIA-054, Principles).</summary>
internal sealed class SqliteNotifications(ServiceDatabase database) : INotifications
{
    // Nobody is told through a role of what he did himself.
    private const string IsFor = """
        (n.account = @account OR (n.organisation = @organisation AND n.actor <> @account
          AND EXISTS (SELECT 1 FROM json_each(@roles) held WHERE instr(' ' || n.roles || ' ', ' ' || held.value || ' ') > 0)))
        """;

    public void Tell(string account, string kind, Actor actor, string? search = null, string? gallery = null, string? subject = null) =>
        Add(account, null, null, kind, actor.Account, search, gallery, subject);

    public void TellHolders(
        string organisation, IEnumerable<string> roles, string kind, Actor actor, string? search = null, string? gallery = null,
        string? subject = null) =>
        Add(
            null, organisation, string.Join(' ', roles.Order(StringComparer.Ordinal)), kind, actor.Account, search, gallery, subject);

    public IReadOnlyList<Notification> List(Actor reader, bool unread, long? before, int count) =>
        database.Read(connection => connection.Query<Row>(
            $"""
            SELECT n.id AS Id, n.time AS Time, n.kind AS Kind, n.actor AS Actor, n.search AS Search, n.gallery AS Gallery,
              n.subject AS Subject,
              EXISTS (SELECT 1 FROM notification_read r WHERE r.notification = n.id AND r.account = @account) AS Read
            FROM notification n
            WHERE {IsFor} AND (@before IS NULL OR n.id < @before)
              AND (NOT @unread OR NOT EXISTS (SELECT 1 FROM notification_read r WHERE r.notification = n.id AND r.account = @account))
            ORDER BY n.id DESC LIMIT @count
            """,
            new { account = reader.Account, organisation = reader.Organisation, roles = Roles(reader), unread, before, count })
            .Select(row => new Notification(
                row.Id, StoredTime.Read(row.Time), row.Kind, row.Actor, row.Search, row.Gallery, row.Subject, row.Read)).ToList());

    public void MarkRead(Actor reader, long upTo) => database.Execute(
        $"INSERT INTO notification_read (notification, account) SELECT n.id, @account FROM notification n WHERE n.id <= @upTo "
            + $"AND {IsFor} ON CONFLICT DO NOTHING",
        new { account = reader.Account, organisation = reader.Organisation, roles = Roles(reader), upTo });

    private static string Roles(Actor reader) => StoredJson.Write(reader.Roles);

    private void Add(
        string? account, string? organisation, string? roles, string kind, string actor, string? search,
        string? gallery, string? subject) =>
        database.Execute(
            "INSERT INTO notification (account, organisation, roles, time, kind, actor, search, gallery, subject) "
                + "VALUES (@account, @organisation, @roles, @now, @kind, @actor, @search, @gallery, @subject)",
            new { account, organisation, roles, now = database.Now(), kind, actor, search, gallery, subject });

    private sealed class Row
    {
        public long Id { get; init; }
        public string Time { get; init; } = "";
        public string Kind { get; init; } = "";
        public string Actor { get; init; } = "";
        public string? Search { get; init; }
        public string? Gallery { get; init; }
        public string? Subject { get; init; }
        public bool Read { get; init; }
    }
}
