using Dapper;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Stores;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Stores;

/// <summary>
/// Pairs of subjects that are alike (table <c>duplicate_pair</c>), the search that found them, and who is kept apart.
/// </summary>
internal sealed class SqliteDuplicateStore(GalleryDatabase database) : IDuplicateStore
{
    private const string Columns =
        "SELECT p.id AS Row, p.score AS Score, a.subject_id AS Subject, e.encounter_id AS EncounterId, b.subject_id AS Other, "
            + "f.encounter_id AS OtherEncounterId FROM duplicate_pair p JOIN subject a ON a.id = p.subject "
            + "JOIN subject b ON b.id = p.other JOIN encounter e ON e.id = p.encounter JOIN encounter f ON f.id = p.other_encounter";

    public SoughtDuplicates? ReadSearch() => database.Read(
        connection => connection.QuerySingleOrDefault<SearchRow>(SearchRow.Select), row => row?.ToSearch());

    public void Begin(float floor, string askedBy, ChangeRecord record) => database.Write((_, connection, transaction) =>
    {
        connection.Execute("DELETE FROM duplicate_pair; DELETE FROM duplicate_search", transaction: transaction);
        connection.Execute(
            "INSERT INTO duplicate_search (id, floor, asked_by, asked, state) VALUES (1, @floor, @askedBy, @asked, 'running')",
            new { floor, askedBy, asked = StoredTime.Write(database.Clock.GetUtcNow()) }, transaction);
        ChangeMarks.Write(record, null, connection, transaction);
        return 0;
    });

    public bool Add(string through, int subjects, IReadOnlyList<AlikePair> pairs) => database.Write((_, connection, transaction) =>
    {
        if (connection.Execute(
            "UPDATE duplicate_search SET through = @through, subjects = subjects + @subjects WHERE state = 'running'",
            new { through, subjects }, transaction) == 0)
            return false;
        foreach (var pair in pairs)
            connection.Execute(
                """
                INSERT INTO duplicate_pair (subject, other, encounter, other_encounter, score)
                SELECT min(e.subject, f.subject), max(e.subject, f.subject),
                  iif(e.subject < f.subject, e.id, f.id), iif(e.subject < f.subject, f.id, e.id), @score
                FROM encounter e, encounter f
                WHERE e.encounter_id = @EncounterId AND f.encounter_id = @OtherId AND e.subject <> f.subject AND NOT EXISTS (
                  SELECT 1 FROM kept_apart WHERE subject = min(e.subject, f.subject) AND other = max(e.subject, f.subject))
                ON CONFLICT (subject, other) DO UPDATE
                SET encounter = excluded.encounter, other_encounter = excluded.other_encounter, score = excluded.score
                """,
                // Rounding may carry a cosine a little beyond its range.
                new { pair.EncounterId, pair.OtherId, score = Math.Clamp((double)pair.Score, -1, 1) }, transaction);
        return true;
    });

    public void Say(SeekingState state) => database.Write((_, connection, transaction) => connection.Execute(
        "UPDATE duplicate_search SET state = @state", new { state = SearchRow.Word(state) }, transaction));

    public IReadOnlyList<WaitingPair> Waiting(PairPlace? after, int count) => database.Read(connection => connection
        .Query<PairRow>(
            $"{Columns} WHERE (@row IS NULL OR (p.score, p.id) < (@score, @row)) ORDER BY p.score DESC, p.id DESC LIMIT @count",
            new { score = after?.Score, row = after?.Row, count })
        .Select(row => row.ToPair()).ToList());

    public long CountWaiting() => database.Read(connection => connection.ExecuteScalar<long>("SELECT count(*) FROM duplicate_pair"));

    public WaitingPair? FindWaiting(string subjectId, string otherId) => database.Read(connection => connection
        .QuerySingleOrDefault<PairRow>(
            $"{Columns} WHERE (a.subject_id, b.subject_id) IN (VALUES (@subjectId, @otherId), (@otherId, @subjectId))",
            new { subjectId, otherId })?.ToPair());

    public bool KeepApart(string subjectId, string otherId, string decidedBy, DateTimeOffset decided, ChangeRecord record) =>
        database.Write((_, connection, transaction) =>
        {
            if (connection.Execute(
                """
                INSERT INTO kept_apart (subject, other, decided_by, decided)
                SELECT min(a.id, b.id), max(a.id, b.id), @decidedBy, @decided FROM subject a, subject b
                WHERE a.subject_id = @subjectId AND b.subject_id = @otherId AND a.id <> b.id
                ON CONFLICT (subject, other) DO NOTHING
                """,
                new { subjectId, otherId, decidedBy, decided = StoredTime.Write(decided) }, transaction) == 0)
                return false;
            connection.Execute(
                "DELETE FROM duplicate_pair WHERE EXISTS (SELECT 1 FROM kept_apart k WHERE k.subject = duplicate_pair.subject "
                    + "AND k.other = duplicate_pair.other)",
                transaction: transaction);
            ChangeMarks.Write(record, null, connection, transaction);
            return true;
        });

    public bool AskAgain(string subjectId, string otherId, ChangeRecord record) => database.Write((_, connection, transaction) =>
    {
        if (connection.Execute(
            """
            DELETE FROM kept_apart WHERE (subject, other) = (
              SELECT min(a.id, b.id), max(a.id, b.id) FROM subject a, subject b WHERE a.subject_id = @subjectId AND b.subject_id = @otherId)
            """,
            new { subjectId, otherId }, transaction) == 0)
            return false;
        ChangeMarks.Write(record, null, connection, transaction);
        return true;
    });

    public IReadOnlyList<KeptApart> Apart(int count) => database.Read(
        connection => connection.Query<ApartRow>(
            """
            SELECT a.subject_id AS Subject, b.subject_id AS Other, k.decided_by AS DecidedBy, k.decided AS Decided
            FROM kept_apart k JOIN subject a ON a.id = k.subject JOIN subject b ON b.id = k.other
            ORDER BY k.id DESC LIMIT @count
            """,
            new { count }).AsList(),
        rows => rows.ConvertAll(row => new KeptApart(row.Subject, row.Other, row.DecidedBy, StoredTime.Read(row.Decided))));

    /// <summary>The row of the last search.</summary>
    internal sealed class SearchRow
    {
        public const string Select = "SELECT floor AS Floor, asked_by AS AskedBy, asked AS Asked, through AS Through, "
            + "subjects AS Subjects, state AS State FROM duplicate_search";

        public double Floor { get; init; }
        public string AskedBy { get; init; } = "";
        public string Asked { get; init; } = "";
        public string? Through { get; init; }
        public long Subjects { get; init; }
        public string State { get; init; } = "";

        public static string Word(SeekingState state) => state switch
        {
            SeekingState.Running => "running",
            SeekingState.Done => "done",
            _ => "stopped",
        };

        public SoughtDuplicates ToSearch() => new(
            (float)Floor, AskedBy, StoredTime.Read(Asked), Through, Subjects,
            State == "running" ? SeekingState.Running : State == "done" ? SeekingState.Done : SeekingState.Stopped);
    }

    private sealed class PairRow
    {
        public long Row { get; init; }
        public double Score { get; init; }
        public string Subject { get; init; } = "";
        public string EncounterId { get; init; } = "";
        public string Other { get; init; } = "";
        public string OtherEncounterId { get; init; } = "";

        public WaitingPair ToPair() => new(new PairPlace(Score, Row), Subject, EncounterId, Other, OtherEncounterId);
    }

    private sealed class ApartRow
    {
        public string Subject { get; init; } = "";
        public string Other { get; init; } = "";
        public string DecidedBy { get; init; } = "";
        public string Decided { get; init; } = "";
    }
}
