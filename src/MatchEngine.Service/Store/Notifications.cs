using Dapper;
using MatchEngine.Galleries.Stores;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.Store;

/// <summary>What somebody is told.</summary>
internal sealed record Notification(
    long Id, DateTimeOffset Time, string Kind, string Actor, string? Search, string? Gallery, string? Subject, bool Read);

/// <summary>Query notifications: when another user opens a search or a record, its owner is told (PIA-054, Principles).</summary>
internal sealed class Notifications(ServiceDatabase database)
{
    /// <summary>Another user opened a search of the reader's.</summary>
    public const string SearchOpened = "search-opened";

    /// <summary>A user of another organisation opened a record of a gallery that the reader keeps.</summary>
    public const string RecordOpened = "record-opened";

    /// <summary>A supervisor has said something on a request of the reader's.</summary>
    public const string ApprovalDecided = "approval-decided";

    /// <summary>Somebody asks for more of a record of a gallery that the reader keeps.</summary>
    public const string DetailsRequested = "details-requested";

    /// <summary>A gallery's owner has said something on a second request of the reader's.</summary>
    public const string DetailsDecided = "details-decided";

    /// <summary>An examiner has finished with a list of the reader's.</summary>
    public const string ExaminationFinished = "examination-finished";

    /// <summary>The time of an examination of a list of the reader's is over.</summary>
    public const string ExaminationExpired = "examination-expired";

    /// <summary>Tells one account what the service itself did.</summary>
    public void Tell(string account, string kind, string actor, string search) => Add(account, null, kind, actor, search, null, null);

    /// <summary>Tells one account.</summary>
    public void Tell(string account, string kind, Caller actor, string? search = null, string? gallery = null, string? subject = null) =>
        Add(account, null, kind, actor.Account, search, gallery, subject);

    /// <summary>Tells everybody who keeps galleries in an organisation.</summary>
    public void TellKeepers(
        string organisation, string kind, Caller actor, string? search = null, string? gallery = null, string? subject = null) =>
        Add(null, organisation, kind, actor.Account, search, gallery, subject);

    /// <summary>What an account is told, newest first.</summary>
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

    /// <summary>Marks what an account is told as read, up to and with this one.</summary>
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
