using Dapper;
using MatchEngine.Frs;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Batches;
using MatchEngine.Frs.Operations;
using MatchEngine.Galleries;

namespace MatchEngine.Sqlite.Book;

/// <summary>The searches that are answered later.</summary>
internal sealed class SqliteSearchBatches(ServiceDatabase database) : ISearchBatches
{
    private const string Columns = """
        SELECT b.id AS Id, b.kind AS Kind, b.account AS Account, b.state AS State, b.created AS Created, b.finished AS Finished,
          b.expires AS Expires, count(*) AS Total, sum(p.state IN ('photo', 'ready')) AS Waiting, sum(p.state = 'done') AS Done,
          sum(p.state = 'failed') AS Failed, sum(p.state = 'resend') AS Resend
        FROM search_batch b JOIN batch_probe p ON p.batch = b.id
        """;

    // One search that gave nothing has failed; of many some are told of each.
    private const string Settled = """
        UPDATE search_batch SET finished = @now,
          state = CASE WHEN kind <> 'search-batch' AND NOT EXISTS (
            SELECT 1 FROM batch_probe WHERE batch = search_batch.id AND state = 'done') THEN 'failed' ELSE 'done' END
        WHERE (@id IS NULL OR id = @id) AND state IN ('queued', 'running')
          AND NOT EXISTS (SELECT 1 FROM batch_probe WHERE batch = search_batch.id AND state IN ('photo', 'ready'))
        """;

    public SearchBatch? Add(
        BookChange change, string kind, string account, ReadOnlyMemory<byte> request, IReadOnlyList<byte[]?> probes, DateTimeOffset expires,
        int most)
    {
        var id = TimeOrderedId.New();
        return database.Write((connection, transaction) =>
        {
            if (connection.Execute(
                "INSERT INTO search_batch (id, kind, account, request, state, created, expires) "
                    + "SELECT @id, @kind, @account, @request, 'queued', @now, @expires "
                    + "WHERE (SELECT count(*) FROM search_batch b WHERE b.account = @account AND b.expires > @now AND EXISTS ("
                    + "SELECT 1 FROM batch_probe p WHERE p.batch = b.id "
                    + "AND (p.answer IS NOT NULL OR p.state IN ('photo', 'ready')))) < @most",
                new
                {
                    id, kind, account, request = request.ToArray(), now = database.Now(), expires = StoredTime.Write(expires), most,
                },
                transaction) == 0)
                return false;
            connection.Execute(
                "INSERT INTO batch_probe (batch, number, state, probe) VALUES (@id, @number, @state, @probe)",
                probes.Select((probe, place) => new { id, number = place + 1, state = probe is null ? "photo" : "ready", probe }),
                transaction);
            return true;
        }) ? Find(id) : null;
    }

    public SearchBatch? Find(string id) => database.Read(connection => connection.QuerySingleOrDefault<Row>(
        $"{Columns} WHERE b.id = @id AND b.expires > @now GROUP BY b.id", new { id, now = database.Now() })?.ToBatch());

    public IReadOnlyList<SearchBatch> List(string account) => database.Read(connection => connection.Query<Row>(
        $"{Columns} WHERE b.account = @account AND b.expires > @now GROUP BY b.id ORDER BY b.id DESC LIMIT 1000",
        new { account, now = database.Now() }).Select(row => row.ToBatch()).ToList());

    public IReadOnlyList<string> Unfinished() => database.Read(connection => connection.Query<string>(
        "SELECT id FROM search_batch WHERE state IN ('queued', 'running') AND expires > @now ORDER BY id",
        new { now = database.Now() }).ToList());

    public byte[]? Request(string id) => database.Read(connection =>
        connection.QuerySingleOrDefault<byte[]>("SELECT request FROM search_batch WHERE id = @id", new { id }));

    public bool Begin(string id) => database.Execute(
        "UPDATE search_batch SET state = 'running' WHERE id = @id AND state IN ('queued', 'running') AND expires > @now",
        new { id, now = database.Now() }) == 1;

    public int LosePhotos(string? id = null) => database.Write((connection, transaction) =>
    {
        var values = new { id, now = database.Now() };
        var lost = connection.Execute(
            "UPDATE batch_probe SET state = 'resend' WHERE state = 'photo' AND (@id IS NULL OR batch = @id)", values, transaction);
        connection.Execute(Settled, values, transaction);
        return lost;
    });

    public bool Resend(BookChange change, string id, int number) => database.Write((connection, transaction) =>
    {
        var values = new { id, number };
        if (connection.Execute(
            "UPDATE batch_probe SET state = 'photo' WHERE batch = @id AND number = @number AND state = 'resend' "
                + "AND EXISTS (SELECT 1 FROM search_batch WHERE id = @id AND state <> 'cancelled')",
            values, transaction) == 0)
            return false;
        connection.Execute("UPDATE search_batch SET state = 'running', finished = NULL WHERE id = @id", values, transaction);
        return true;
    });

    public bool Prepare(string id, int number, ReadOnlyMemory<byte> probe) => database.Execute(
        "UPDATE batch_probe SET state = 'ready', probe = @probe WHERE batch = @id AND number = @number AND state = 'photo' "
            + "AND EXISTS (SELECT 1 FROM search_batch WHERE id = @id AND state = 'running')",
        new { id, number, probe = probe.ToArray() }) == 1;

    public IReadOnlyList<(int Number, byte[] Sealed)> Ready(string id, int count) => database.Read(connection =>
        connection.Query<ProbeRow>(
            "SELECT number AS Number, state AS State, probe AS Sealed FROM batch_probe WHERE batch = @id AND state = 'ready' "
                + "AND EXISTS (SELECT 1 FROM search_batch WHERE id = @id AND state = 'running') ORDER BY number LIMIT @count",
            new { id, count }).Select(row => ((int)row.Number, row.Sealed)).ToList());

    public void Answer(string id, int number, ProbeState state, ReadOnlyMemory<byte>? answer, DateTimeOffset expires) =>
        database.Write((connection, transaction) =>
        {
            if (connection.Execute(
                "UPDATE batch_probe SET state = @state, probe = NULL, answer = @answer, size = @size WHERE batch = @id "
                    + "AND number = @number "
                    + "AND state IN ('photo', 'ready') AND EXISTS (SELECT 1 FROM search_batch WHERE id = @id AND state = 'running')",
                new
                {
                    id, number, state = state.ToString().ToLowerInvariant(), answer = answer?.ToArray(), size = (long)(answer?.Length ?? 0),
                },
                transaction) == 1)
                connection.Execute(
                    "UPDATE search_batch SET expires = min(expires, @expires) WHERE id = @id",
                    new { id, expires = StoredTime.Write(expires) }, transaction);
            return 0;
        });

    public bool Settle(string id) => database.Execute(Settled, new { id, now = database.Now() }) == 1;

    public bool End(BookChange change, string id, OperationState state) => database.Write((connection, transaction) =>
    {
        var values = new { id, state = state.ToString().ToLowerInvariant(), now = database.Now() };
        if (connection.Execute(
            "UPDATE search_batch SET state = @state, finished = coalesce(finished, @now), request = x'' WHERE id = @id AND state <> @state",
            values, transaction) == 0)
            return false;
        connection.Execute("UPDATE batch_probe SET probe = NULL, answer = NULL, size = 0 WHERE batch = @id", values, transaction);
        return true;
    });

    public IReadOnlyList<BatchAnswer> Answers(string id, int after, int count) => database.Read(connection => connection.Query<ProbeRow>(
        "SELECT number AS Number, state AS State, answer AS Sealed FROM batch_probe WHERE batch = @id AND number > @after "
            + "AND answer IS NOT NULL ORDER BY number LIMIT @count",
        new { id, after, count })
        .Select(row => new BatchAnswer((int)row.Number, Enum.Parse<ProbeState>(row.State, ignoreCase: true), row.Sealed)).ToList());

    public void Forget(string id, int upTo) => database.Execute(
        "UPDATE batch_probe SET answer = NULL, size = 0 WHERE batch = @id AND number <= @upTo AND answer IS NOT NULL", new { id, upTo });

    public long AnswerBytes(string account) => database.Read(connection => connection.ExecuteScalar<long>(
        "SELECT coalesce(sum(p.size), 0) FROM batch_probe p JOIN search_batch b ON b.id = p.batch WHERE b.account = @account",
        new { account }));

    public int Purge(DateTimeOffset now) => database.Write((connection, transaction) =>
    {
        var values = new { now = StoredTime.Write(now) };
        connection.Execute(
            "DELETE FROM batch_probe WHERE batch IN (SELECT id FROM search_batch WHERE expires <= @now)", values, transaction);
        return connection.Execute("DELETE FROM search_batch WHERE expires <= @now", values, transaction);
    });

    private sealed class ProbeRow
    {
        public long Number { get; init; }
        public string State { get; init; } = "";
        public byte[] Sealed { get; init; } = [];
    }

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Kind { get; init; } = "";
        public string Account { get; init; } = "";
        public string State { get; init; } = "";
        public string Created { get; init; } = "";
        public string? Finished { get; init; }
        public string Expires { get; init; } = "";
        public long Total { get; init; }
        public long Waiting { get; init; }
        public long Done { get; init; }
        public long Failed { get; init; }
        public long Resend { get; init; }

        public SearchBatch ToBatch() => new(
            Id, Kind, Account, Enum.Parse<OperationState>(State, ignoreCase: true), StoredTime.Read(Created),
            ServiceDatabase.ParseOptionalTime(Finished), StoredTime.Read(Expires),
            new BatchProgress((int)Total, (int)Waiting, (int)Done, (int)Failed, (int)Resend));
    }
}
