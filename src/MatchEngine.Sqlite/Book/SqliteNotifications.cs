using Dapper;
using MatchEngine.Frs;
using MatchEngine.Frs.Notifying;
using MatchEngine.Galleries;

namespace MatchEngine.Sqlite.Book;

/// <summary>Query notifications: when another user opens a search or a record, its owner is told (PIA-054, Principles).</summary>
internal sealed class SqliteNotifications(ServiceDatabase database) : INotifications
{
    public void Tell(string account, string kind, Actor actor, string? search = null, string? gallery = null, string? subject = null) =>
        Add(account, null, kind, actor.Account, search, gallery, subject);

    public void TellKeepers(
        string organisation, string kind, Actor actor, string? search = null, string? gallery = null, string? subject = null) =>
        Add(null, organisation, kind, actor.Account, search, gallery, subject);

    public IReadOnlyList<Notification> List(string account, string? keeperOf, bool unread, long? before, int count) =>
        database.Read(connection => connection.Query<Row>(
            """
            SELECT n.id AS Id, n.time AS Time, n.kind AS Kind, n.actor AS Actor, n.search AS Search, n.gallery AS Gallery,
              n.subject AS Subject,
              EXISTS (SELECT 1 FROM notification_read r WHERE r.notification = n.id AND r.account = @account) AS Read
            FROM notification n
            WHERE (n.account = @account OR n.organisation = @keeperOf) AND (@before IS NULL OR n.id < @before)
              AND (NOT @unread OR NOT EXISTS (SELECT 1 FROM notification_read r WHERE r.notification = n.id AND r.account = @account))
            ORDER BY n.id DESC LIMIT @count
            """,
            new { account, keeperOf, unread, before, count })
            .Select(row => new Notification(
                row.Id, StoredTime.Read(row.Time), row.Kind, row.Actor, row.Search, row.Gallery, row.Subject, row.Read)).ToList());

    public void MarkRead(string account, string? keeperOf, long upTo) => database.Execute(
        "INSERT INTO notification_read (notification, account) SELECT id, @account FROM notification WHERE id <= @upTo "
            + "AND (account = @account OR organisation = @keeperOf) ON CONFLICT DO NOTHING",
        new { account, keeperOf, upTo });

    private void Add(string? account, string? organisation, string kind, string actor, string? search, string? gallery, string? subject) =>
        database.Execute(
            "INSERT INTO notification (account, organisation, time, kind, actor, search, gallery, subject) "
                + "VALUES (@account, @organisation, @now, @kind, @actor, @search, @gallery, @subject)",
            new { account, organisation, now = database.Now(), kind, actor, search, gallery, subject });

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
