using Dapper;
using MatchEngine.Frs;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Webhooks;
using MatchEngine.Galleries;

namespace MatchEngine.Sqlite.Book;

/// <summary>The webhooks, and what is told by them.</summary>
internal sealed class SqliteWebhooks(ServiceDatabase database) : IWebhooks
{
    private const string Columns =
        "id AS Id, organisation AS Organisation, url AS Url, added_by AS AddedBy, created AS Created";

    private const string DeliveryColumns =
        "id AS Id, webhook AS Webhook, kind AS Kind, about AS About, what AS What, search AS Search, created AS Created, state AS State, "
            + "attempts AS Attempts, due AS Due, status AS Status, fault AS Fault";

    public Webhook? Add(
        BookChange change, string id, string organisation, string url, ReadOnlyMemory<byte> secret, string account, int most) =>
        database.Execute(
            "INSERT INTO webhook (id, organisation, url, secret, added_by, created, notified) "
                + "SELECT @id, @organisation, @url, @secret, @account, @now, (SELECT coalesce(max(id), 0) FROM notification) "
                + "WHERE (SELECT count(*) FROM webhook WHERE organisation = @organisation) < @most",
            new { id, organisation, url, secret = secret.ToArray(), account, now = database.Now(), most }) == 1 ? Find(id) : null;

    public Webhook? Find(string id) => database.Read(connection =>
        connection.QuerySingleOrDefault<Row>($"SELECT {Columns} FROM webhook WHERE id = @id", new { id })?.ToWebhook());

    public byte[]? Secret(string id) => database.Read(connection =>
        connection.QuerySingleOrDefault<byte[]>("SELECT secret FROM webhook WHERE id = @id", new { id }));

    public IReadOnlyList<Webhook> List(string organisation) => database.Read(connection => connection.Query<Row>(
        $"SELECT {Columns} FROM webhook WHERE organisation = @organisation ORDER BY id", new { organisation })
        .Select(row => row.ToWebhook()).ToList());

    public bool Remove(BookChange change, string id) => database.Write((connection, transaction) =>
    {
        connection.Execute("DELETE FROM webhook_delivery WHERE webhook = @id", new { id }, transaction);
        return connection.Execute("DELETE FROM webhook WHERE id = @id", new { id }, transaction) == 1;
    });

    public int Gather()
    {
        var news = database.Read(connection => connection.Query<News>(
            """
            SELECT w.id AS Webhook, 'notification' AS Kind, CAST(n.id AS TEXT) AS About, n.kind AS What, n.search AS Search
            FROM webhook w JOIN notification n ON n.id > w.notified
            WHERE coalesce(n.organisation, (SELECT a.organisation FROM account a WHERE a.id = n.account)) = w.organisation
            UNION ALL
            SELECT w.id, 'operation', o.id, o.state, NULL
            FROM webhook w JOIN (
              SELECT id, account, state, finished FROM search_batch UNION ALL SELECT id, account, state, finished FROM operation) o
              ON o.finished >= w.created AND o.state IN ('done', 'failed')
            WHERE (SELECT a.organisation FROM account a WHERE a.id = o.account) = w.organisation
              AND NOT EXISTS (
                SELECT 1 FROM webhook_delivery d WHERE d.webhook = w.id AND d.kind = 'operation' AND d.about = o.id)
            """).ToList());
        return news.Count == 0 ? 0 : database.Write((connection, transaction) =>
        {
            var now = database.Now();
            var noted = news.Sum(one => connection.Execute(
                "INSERT INTO webhook_delivery (id, webhook, kind, about, what, search, created, state, due) "
                    + "SELECT @id, @Webhook, @Kind, @About, @What, @Search, @now, 'waiting', @now "
                    + "WHERE EXISTS (SELECT 1 FROM webhook WHERE id = @Webhook) ON CONFLICT DO NOTHING",
                new { id = TimeOrderedId.New(), one.Webhook, one.Kind, one.About, one.What, one.Search, now }, transaction));
            foreach (var own in news.Where(one => one.Kind == "notification").GroupBy(one => one.Webhook))
                connection.Execute(
                    "UPDATE webhook SET notified = max(notified, @last) WHERE id = @webhook",
                    new { webhook = own.Key, last = own.Max(one => long.Parse(one.About)) }, transaction);
            return noted;
        });
    }

    public IReadOnlyList<WebhookDelivery> Due(DateTimeOffset now, int count) => database.Read(connection => connection.Query<DeliveryRow>(
        $"""
        SELECT {DeliveryColumns} FROM (
          SELECT *, row_number() OVER (PARTITION BY webhook ORDER BY due, id) AS place FROM webhook_delivery
          WHERE state = 'waiting' AND due <= @now)
        WHERE place <= @count ORDER BY due, id
        """,
        new { now = StoredTime.Write(now), count }).Select(row => row.ToDelivery()).ToList());

    public void Attempted(string id, DeliveryState state, DateTimeOffset due, int? status, string? fault) => database.Execute(
        "UPDATE webhook_delivery SET state = @state, attempts = attempts + 1, due = @due, status = @status, fault = @fault WHERE id = @id",
        new { id, state = state == DeliveryState.GivenUp ? "given-up" : state.ToString().ToLowerInvariant(), due = StoredTime.Write(due),
            status, fault });

    public IReadOnlyList<WebhookDelivery> Deliveries(string webhook, int count) => database.Read(connection =>
        connection.Query<DeliveryRow>(
            $"SELECT {DeliveryColumns} FROM webhook_delivery WHERE webhook = @webhook ORDER BY id DESC LIMIT @count",
            new { webhook, count }).Select(row => row.ToDelivery()).ToList());

    // An operation is noted anew while it is there and its delivery is not.
    public int Purge(DateTimeOffset before) => database.Execute(
        "DELETE FROM webhook_delivery WHERE state <> 'waiting' AND created < @before AND NOT (kind = 'operation' AND EXISTS ("
            + "SELECT 1 FROM search_batch b WHERE b.id = about UNION ALL SELECT 1 FROM operation o WHERE o.id = about))",
        new { before = StoredTime.Write(before) });

    private sealed class News
    {
        public string Webhook { get; init; } = "";
        public string Kind { get; init; } = "";
        public string About { get; init; } = "";
        public string What { get; init; } = "";
        public string? Search { get; init; }
    }

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Organisation { get; init; } = "";
        public string Url { get; init; } = "";
        public string AddedBy { get; init; } = "";
        public string Created { get; init; } = "";

        public Webhook ToWebhook() => new(Id, Organisation, Url, AddedBy, StoredTime.Read(Created));
    }

    private sealed class DeliveryRow
    {
        public string Id { get; init; } = "";
        public string Webhook { get; init; } = "";
        public string Kind { get; init; } = "";
        public string About { get; init; } = "";
        public string What { get; init; } = "";
        public string? Search { get; init; }
        public string Created { get; init; } = "";
        public string State { get; init; } = "";
        public long Attempts { get; init; }
        public string Due { get; init; } = "";
        public long? Status { get; init; }
        public string? Fault { get; init; }

        public WebhookDelivery ToDelivery() => new(
            Id, Webhook, Kind, About, What, Search, StoredTime.Read(Created),
            Enum.Parse<DeliveryState>(State.Replace("-", "", StringComparison.Ordinal), ignoreCase: true), (int)Attempts,
            StoredTime.Read(Due), (int?)Status, Fault);
    }
}
