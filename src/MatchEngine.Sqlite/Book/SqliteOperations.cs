using Dapper;
using MatchEngine.Frs;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Importing;
using MatchEngine.Frs.Operations;
using MatchEngine.Galleries;

namespace MatchEngine.Sqlite.Book;

/// <summary>The operations, kept so that they survive a restart.</summary>
internal sealed class SqliteOperations(ServiceDatabase database) : IOperations
{
    private const string Columns =
        "id AS Id, kind AS Kind, gallery AS Gallery, account AS Account, request AS Request, state AS State, created AS Created, "
            + "finished AS Finished, progress AS Progress, problem AS Problem";

    public Operation Add(BookChange change, string kind, string gallery, string account, ImportRequest request)
    {
        var id = TimeOrderedId.New();
        database.Execute(
            "INSERT INTO operation (id, kind, gallery, account, request, state, created) "
                + "VALUES (@id, @kind, @gallery, @account, @request, 'queued', @now)",
            new { id, kind, gallery, account, request = StoredJson.Write(request), now = database.Now() });
        return Find(id)!;
    }

    public Operation? Find(string id) => database.Read(connection =>
        connection.QuerySingleOrDefault<Row>($"SELECT {Columns} FROM operation WHERE id = @id", new { id })?.ToOperation());

    public IReadOnlyList<Operation> List(string? account) => database.Read(connection => connection.Query<Row>(
        $"SELECT {Columns} FROM operation WHERE @account IS NULL OR account = @account ORDER BY id DESC LIMIT 1000",
        new { account }).Select(row => row.ToOperation()).ToList());

    public IReadOnlyList<Operation> Unfinished() => database.Read(connection => connection.Query<Row>(
        $"SELECT {Columns} FROM operation WHERE state IN ('queued', 'running') ORDER BY id").Select(row => row.ToOperation()).ToList());

    public bool Begin(string id) =>
        database.Execute("UPDATE operation SET state = 'running' WHERE id = @id AND state IN ('queued', 'running')", new { id }) == 1;

    public void Report(string id, ImportProgress progress) =>
        database.Execute(
            "UPDATE operation SET progress = @progress WHERE id = @id AND state = 'running'",
            new { id, progress = StoredJson.Write(progress) });

    public bool End(string id, OperationState state, ImportProgress? progress, string? problem) => database.Execute(
        "UPDATE operation SET state = @state, finished = @now, progress = coalesce(@progress, progress), problem = @problem WHERE id = @id "
            + "AND state IN ('queued', 'running')",
        new
        {
            id,
            state = state.ToString().ToLowerInvariant(),
            now = database.Now(),
            progress = progress is null ? null : StoredJson.Write(progress),
            problem,
        }) == 1;

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
            StoredJson.Read<ImportRequest>(Request),
            Enum.Parse<OperationState>(State, ignoreCase: true),
            StoredTime.Read(Created),
            ServiceDatabase.ParseOptionalTime(Finished),
            Progress is null ? null : StoredJson.Read<ImportProgress>(Progress),
            Problem);
    }
}
