using System.Text.Json;
using Dapper;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Stores;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Store;

/// <summary>How far a request for approval has come.</summary>
public enum ApprovalState
{
    /// <summary>A supervisor has yet to say.</summary>
    Pending,

    /// <summary>The search may be made, once.</summary>
    Approved,

    /// <summary>It may not.</summary>
    Refused,

    /// <summary>It was made.</summary>
    Used,
}

/// <summary>A search that waits for, or has, a supervisor's say. It holds no probe.</summary>
internal sealed record Approval(
    string Id,
    string Requester,
    string Organisation,
    IReadOnlyList<string> Galleries,
    SearchPurpose Purpose,
    string Reason,
    ApprovalState State,
    DateTimeOffset Requested,
    DateTimeOffset? Expires,
    string? DecidedBy,
    DateTimeOffset? Decided,
    string? Decision,
    string? Search);

/// <summary>The requests for approval.</summary>
internal sealed class Approvals(ServiceDatabase database)
{
    /// <summary>How long an approval may be used.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private const string Columns = """
        id AS Id, requester AS Requester, organisation AS Organisation, galleries AS Galleries, purpose AS Purpose, reason AS Reason,
        state AS State, requested AS Requested, expires AS Expires, decided_by AS DecidedBy, decided AS Decided,
        decision AS Decision, search AS Search
        """;

    public Approval Add(Caller requester, IReadOnlyList<string> galleries, SearchPurpose purpose, string reason)
    {
        var id = ServiceDatabase.NewId();
        database.Execute(
            "INSERT INTO approval (id, requester, organisation, galleries, purpose, reason, state, requested) "
                + "VALUES (@id, @Account, @Organisation, @galleries, @purpose, @reason, 'pending', @now)",
            new
            {
                id,
                requester.Account,
                requester.Organisation,
                galleries = JsonSerializer.Serialize(galleries.Distinct().Order(StringComparer.Ordinal), WireJson.Options),
                purpose = JsonSerializer.Serialize(purpose, WireJson.Options),
                reason,
                now = database.Now(),
            });
        return Find(id)!;
    }

    public Approval? Find(string id) => database.Read(connection =>
        connection.QuerySingleOrDefault<Row>($"SELECT {Columns} FROM approval WHERE id = @id", new { id })?.ToApproval());

    /// <summary>Requests, newest first: of an organisation, or of one account.</summary>
    public IReadOnlyList<Approval> List(string organisation, string? requester, ApprovalState? state) =>
        database.Read(connection => connection.Query<Row>(
            $"""
            SELECT {Columns} FROM approval
            WHERE organisation = @organisation AND (@requester IS NULL OR requester = @requester) AND (@state IS NULL OR state = @state)
            ORDER BY id DESC LIMIT 1000
            """,
            new { organisation, requester, state = state?.ToString().ToLowerInvariant() }).Select(row => row.ToApproval()).ToList());

    /// <summary>A supervisor's say; false when somebody has said already.</summary>
    public bool Decide(string id, string supervisor, bool approved, string decision)
    {
        var now = database.Clock.GetUtcNow();
        return database.Execute(
            "UPDATE approval SET state = @state, decided_by = @supervisor, decided = @now, decision = @decision, expires = @expires "
                + "WHERE id = @id AND state = 'pending'",
            new { id, state = approved ? "approved" : "refused", supervisor, now = StoredTime.Write(now), decision, expires = approved
                ? StoredTime.Write(now + Lifetime)
                : null }) == 1;
    }

    /// <summary>Uses an approval up for a search; false when it is not there to be used (any more).</summary>
    public bool Use(string id, string requester, Guid search) => database.Execute(
        "UPDATE approval SET state = 'used', search = @search WHERE id = @id AND requester = @requester AND state = 'approved' "
            + "AND expires > @now",
        new { id, requester, search = search.ToString(), now = database.Now() }) == 1;

    /// <summary>Gives an approval back whose search came to nothing.</summary>
    public void GiveBack(string id, Guid search) => database.Execute(
        "UPDATE approval SET state = 'approved', search = NULL WHERE id = @id AND state = 'used' AND search = @search",
        new { id, search = search.ToString() });

    private sealed class Row
    {
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
            JsonSerializer.Deserialize<List<string>>(Galleries, WireJson.Options)!,
            JsonSerializer.Deserialize<SearchPurpose>(Purpose, WireJson.Options)!,
            Reason,
            Enum.Parse<ApprovalState>(State, ignoreCase: true),
            StoredTime.Read(Requested),
            ServiceDatabase.ParseOptionalTime(Expires),
            DecidedBy,
            ServiceDatabase.ParseOptionalTime(Decided),
            Decision,
            Search);
    }
}
