using Dapper;
using MatchEngine.Frs;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Details;
using MatchEngine.Galleries;

namespace MatchEngine.Sqlite.Book;

/// <summary>The second requests.</summary>
internal sealed class SqliteDetailsRequests(ServiceDatabase database) : IDetailsRequests
{
    private const string Columns = """
        id AS Id, search AS Search, requester AS Requester, gallery AS Gallery, subject AS Subject, owner AS Owner, reason AS Reason,
        state AS State, requested AS Requested, decided_by AS DecidedBy, decided AS Decided, decision AS Decision
        """;

    public DetailsRequest Add(
        BookChange change, string search, string requester, string gallery, string subject, string owner, string reason)
    {
        var id = TimeOrderedId.New();
        database.Execute(
            "INSERT INTO details_request (id, search, requester, gallery, subject, owner, reason, state, requested) "
                + "VALUES (@id, @search, @requester, @gallery, @subject, @owner, @reason, 'pending', @now)",
            new { id, search, requester, gallery, subject, owner, reason, now = database.Now() });
        return Find(id)!;
    }

    public DetailsRequest? Find(string id) => database.Read(connection =>
        connection.QuerySingleOrDefault<Row>($"SELECT {Columns} FROM details_request WHERE id = @id", new { id })?.ToRequest());

    public IReadOnlyList<DetailsRequest> List(string requester, string? owner) => database.Read(connection => connection.Query<Row>(
        $"SELECT {Columns} FROM details_request WHERE requester = @requester OR owner = @owner ORDER BY id DESC LIMIT 1000",
        new { requester, owner }).Select(row => row.ToRequest()).ToList());

    public bool Decide(BookChange change, string id, string account, bool granted, string decision) => database.Execute(
        "UPDATE details_request SET state = @state, decided_by = @account, decided = @now, decision = @decision WHERE id = @id "
            + "AND state = 'pending'",
        new { id, state = granted ? "granted" : "refused", account, now = database.Now(), decision }) == 1;

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Search { get; init; } = "";
        public string Requester { get; init; } = "";
        public string Gallery { get; init; } = "";
        public string Subject { get; init; } = "";
        public string Owner { get; init; } = "";
        public string Reason { get; init; } = "";
        public string State { get; init; } = "";
        public string Requested { get; init; } = "";
        public string? DecidedBy { get; init; }
        public string? Decided { get; init; }
        public string? Decision { get; init; }

        public DetailsRequest ToRequest() => new(
            Id,
            Search,
            Requester,
            Gallery,
            Subject,
            Owner,
            Reason,
            Enum.Parse<DetailsState>(State, ignoreCase: true),
            StoredTime.Read(Requested),
            DecidedBy,
            ServiceDatabase.ParseOptionalTime(Decided),
            Decision);
    }
}
