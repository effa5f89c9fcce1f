using Dapper;
using MatchEngine.Frs;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Supervising;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;

namespace MatchEngine.Sqlite.Book;

/// <summary>The requests for approval.</summary>
internal sealed class SqliteApprovals(ServiceDatabase database) : IApprovals
{
    private const string Columns = """
        id AS Id, use AS Use, exigent AS Exigent, decide_by AS DecideBy, requester AS Requester, organisation AS Organisation,
        galleries AS Galleries, purpose AS Purpose,
        reason AS Reason,
        state AS State, requested AS Requested, expires AS Expires, decided_by AS DecidedBy, decided AS Decided,
        decision AS Decision, search AS Search
        """;

    public Approval Add(BookChange change, Actor requester, AskedApproval asked)
    {
        var id = TimeOrderedId.New();
        database.Execute(
            "INSERT INTO approval (id, use, exigent, decide_by, requester, organisation, galleries, purpose, reason, state, requested) "
                + "VALUES (@id, @use, @Exigent, @decideBy, @Account, @Organisation, @galleries, @purpose, @Reason, 'pending', @now)",
            new
            {
                id,
                use = asked.Use.ToString().ToLowerInvariant(),
                asked.Exigent,
                decideBy = asked.DecideBy is { } time ? StoredTime.Write(time) : null,
                requester.Account,
                requester.Organisation,
                galleries = StoredJson.Write(asked.Galleries.Distinct().Order(StringComparer.Ordinal)),
                purpose = StoredJson.Write(asked.Purpose),
                asked.Reason,
                now = database.Now(),
            });
        return Find(id)!;
    }

    public Approval? Find(string id) => database.Read(connection =>
        connection.QuerySingleOrDefault<Row>($"SELECT {Columns} FROM approval WHERE id = @id", new { id })?.ToApproval());

    public IReadOnlyList<Approval> List(string organisation, string? requester, ApprovalState? state) =>
        database.Read(connection => connection.Query<Row>(
            $"""
            SELECT {Columns} FROM approval
            WHERE organisation = @organisation AND (@requester IS NULL OR requester = @requester) AND (@state IS NULL OR state = @state)
            ORDER BY id DESC LIMIT 1000
            """,
            new { organisation, requester, state = state?.ToString().ToLowerInvariant() }).Select(row => row.ToApproval()).ToList());

    public bool Decide(BookChange change, string id, string supervisor, bool approved, string decision)
    {
        var now = database.Clock.GetUtcNow();
        return database.Execute(
            "UPDATE approval SET state = @state, decided_by = @supervisor, decided = @now, decision = @decision, expires = @expires "
                + "WHERE id = @id AND state = 'pending' AND (decide_by IS NULL OR decide_by > @now)",
            new { id, state = approved ? "approved" : "refused", supervisor, now = StoredTime.Write(now), decision, expires = approved
                ? StoredTime.Write(now + Approval.Lifetime)
                : null }) == 1;
    }

    public bool Use(BookChange change, string id) => database.Execute(
        "UPDATE approval SET state = 'used' WHERE id = @id AND use = 'comparison' AND state = 'approved'", new { id }) == 1;

    private sealed class Row
    {
        public string Use { get; init; } = "";
        public bool Exigent { get; init; }
        public string? DecideBy { get; init; }
        public string Id { get; init; } = "";
        public string Requester { get; init; } = "";
        public string Organisation { get; init; } = "";
        public string Galleries { get; init; } = "";
        public string Purpose { get; init; } = "";
        public string Reason { get; init; } = "";
        public string State { get; init; } = "";
        public string Requested { get; init; } = "";
        public string? Expires { get; init; }
        public string? DecidedBy { get; init; }
        public string? Decided { get; init; }
        public string? Decision { get; init; }
        public string? Search { get; init; }

        public Approval ToApproval() => new(
            Id,
            Requester,
            Organisation,
            StoredJson.Read<List<string>>(Galleries),
            StoredJson.Read<SearchPurpose>(Purpose),
            Reason,
            Enum.Parse<ApprovalState>(State, ignoreCase: true),
            StoredTime.Read(Requested),
            ServiceDatabase.ParseOptionalTime(Expires),
            DecidedBy,
            ServiceDatabase.ParseOptionalTime(Decided),
            Decision,
            Search)
        {
            Use = Enum.Parse<ApprovedUse>(Use, ignoreCase: true),
            Exigent = Exigent,
            DecideBy = ServiceDatabase.ParseOptionalTime(DecideBy),
        };
    }
}
