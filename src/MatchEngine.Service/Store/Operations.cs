using Dapper;
using MatchEngine.Galleries.Stores;

namespace MatchEngine.Service.Store;

/// <summary>How far an operation has come.</summary>
public enum OperationState
{
    /// <summary>It waits for its turn.</summary>
    Queued,

    /// <summary>It is under way; after a restart it goes on.</summary>
    Running,

    /// <summary>It has ended.</summary>
    Done,

    /// <summary>It could not go on.</summary>
    Failed,

    /// <summary>Somebody ended it.</summary>
    Cancelled,
}

/// <summary>Work that goes on after its request was answered.</summary>
internal sealed record Operation(
    string Id, string Kind, string Gallery, string Account, string Request, OperationState State, DateTimeOffset Created,
    DateTimeOffset? Finished, string? Progress, string? Problem);

/// <summary>The operations, kept so that they survive a restart.</summary>
internal sealed class Operations(ServiceDatabase database)
{
    private const string Columns =
        "id AS Id, kind AS Kind, gallery AS Gallery, account AS Account, request AS Request, state AS State, created AS Created, "
            + "finished AS Finished, progress AS Progress, problem AS Problem";

    public Operation Add(string kind, string gallery, string account, string request)
    {
        var id = ServiceDatabase.NewId();
        database.Execute(
            "INSERT INTO operation (id, kind, gallery, account, request, state, created) "
                + "VALUES (@id, @kind, @gallery, @account, @request, 'queued', @now)",
            new { id, kind, gallery, account, request, now = database.Now() });
        return Find(id)!;
    }

    public Operation? Find(string id) => database.Read(connection =>
        connection.QuerySingleOrDefault<Row>($"SELECT {Columns} FROM operation WHERE id = @id", new { id })?.ToOperation());

    /// <summary>Newest first; of one account, or of all.</summary>
    public IReadOnlyList<Operation> List(string? account) => database.Read(connection => connection.Query<Row>(
        $"SELECT {Columns} FROM operation WHERE @account IS NULL OR account = @account ORDER BY id DESC LIMIT 1000",
        new { account }).Select(row => row.ToOperation()).ToList());

    /// <summary>What has not ended, oldest first.</summary>
    public IReadOnlyList<Operation> Unfinished() => database.Read(connection => connection.Query<Row>(
        $"SELECT {Columns} FROM operation WHERE state IN ('queued', 'running') ORDER BY id").Select(row => row.ToOperation()).ToList());

    /// <summary>Begins, or goes on; false when it was ended meanwhile.</summary>
    public bool Begin(string id) =>
        database.Execute("UPDATE operation SET state = 'running' WHERE id = @id AND state IN ('queued', 'running')", new { id }) == 1;

    public void Report(string id, string progress) =>
        database.Execute("UPDATE operation SET progress = @progress WHERE id = @id AND state = 'running'", new { id, progress });

    /// <summary>Ends it; false when it had ended.</summary>
    public bool End(string id, OperationState state, string? progress, string? problem) => database.Execute(
        "UPDATE operation SET state = @state, finished = @now, progress = coalesce(@progress, progress), problem = @problem WHERE id = @id "
            + "AND state IN ('queued', 'running')",
        new { id, state = state.ToString().ToLowerInvariant(), now = database.Now(), progress, problem }) == 1;

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Kind { get; init; } = "";
        public string Gallery { get; init; } = "";
        public string Account { get; init; } = "";
        public string Request { get; init; } = "";
        public string State { get; init; } = "";
        public string Created { get; init; } = "";
        public string? Finished { get; init; }
        public string? Progress { get; init; }
        public string? Problem { get; init; }

        public Operation ToOperation() => new(
            Id,
            Kind,
            Gallery,
            Account,
            Request,
            Enum.Parse<OperationState>(State, ignoreCase: true),
            StoredTime.Read(Created),
            ServiceDatabase.ParseOptionalTime(Finished),
            Progress,
            Problem);
    }
}
