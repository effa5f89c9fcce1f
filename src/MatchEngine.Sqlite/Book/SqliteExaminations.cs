using System.Text.Json;
using Dapper;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Examining;
using MatchEngine.Frs.Searching;
using MatchEngine.Galleries;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Book;

/// <summary>
/// The examinations: open → taken → finished, back from taken to open when the examiner gives it up, and from either to withdrawn or
/// expired. Each step is one statement that takes effect from the right state only, so that of two who try at once one is refused.
/// </summary>
internal sealed class SqliteExaminations(ServiceDatabase database) : IExaminations
{
    private const string Columns = """
        id AS Id, search AS Search, requester AS Requester, organisation AS Organisation, state AS State, note AS Note,
        requested AS Requested, expires AS Expires, examiner AS Examiner, taken AS Taken, closed AS Closed, comment AS Comment,
        probe_digest AS ProbeDigest, probe_box AS ProbeBox, probe_deleted AS ProbeDeleted
        """;

    public bool Add(
        BookChange change, string id, RecordedSearch search, string? note, TimeSpan lifetime,
        IReadOnlyList<RecordedCandidate> candidates) =>
        database.Write((connection, transaction) =>
        {
            var now = database.Clock.GetUtcNow();
            if (Live(connection, transaction, search.Id))
                return false;
            connection.Execute(
                """
                INSERT INTO examination (id, search, requester, organisation, state, note, requested, expires, probe_digest, probe_box)
                VALUES (@id, @search, @Account, @Organisation, 'open', @note, @now, @expires, @ProbeDigest, @box)
                """,
                new
                {
                    id,
                    search = search.Id,
                    search.Account,
                    search.Organisation,
                    note,
                    now = StoredTime.Write(now),
                    expires = StoredTime.Write(now + lifetime),
                    search.ProbeDigest,
                    box = StoredBox.Write(search.ProbeBox),
                },
                transaction);
            connection.Execute(
                "INSERT INTO examined_candidate (examination, rank, gallery, subject, encounter, score) "
                    + "VALUES (@id, @Rank, @Gallery, @Subject, @Encounter, @score)",
                candidates.Select(candidate => new
                {
                    id,
                    candidate.Rank,
                    candidate.Gallery,
                    candidate.Subject,
                    candidate.Encounter,
                    // To four decimals, as everywhere: a float would get more of them on its way.
                    score = (double)Math.Round((decimal)candidate.Score, 4),
                }),
                transaction);
            return true;
        });

    public Examination? Find(string id) => database.Read(connection =>
        connection.QuerySingleOrDefault<Row>($"SELECT {Columns} FROM examination WHERE id = @id", new { id })?.ToExamination());

    public IReadOnlyList<Examination> List(string organisation, string? requester, ExaminationState? state) =>
        database.Read(connection => connection.Query<Row>(
            $"""
            SELECT {Columns} FROM examination
            WHERE organisation = @organisation AND (@requester IS NULL OR requester = @requester) AND (@state IS NULL OR state = @state)
            ORDER BY id DESC LIMIT 1000
            """,
            new { organisation, requester, state = state?.ToString().ToLowerInvariant() }).Select(row => row.ToExamination()).ToList());

    public IReadOnlyList<ExaminedCandidate> Candidates(string id) => database.Read(connection => connection.Query<CandidateRow>(
        """
        SELECT rank AS Rank, gallery AS Gallery, subject AS Subject, encounter AS Encounter, score AS Score, kept AS Kept,
          level AS Level, comment AS Comment, features AS Features
        FROM examined_candidate WHERE examination = @id ORDER BY rank
        """,
        new { id }).Select(row => row.ToCandidate()).ToList());

    public bool Take(BookChange change, string id, string examiner) => database.Execute(
        "UPDATE examination SET state = 'taken', examiner = @examiner, taken = @now WHERE id = @id AND state = 'open' AND expires > @now "
            + "AND requester <> @examiner",
        new { id, examiner, now = database.Now() }) == 1;

    public bool Release(BookChange change, string id, string examiner) => database.Write((connection, transaction) =>
    {
        if (connection.Execute(
            "UPDATE examination SET state = 'open', examiner = NULL, taken = NULL WHERE id = @id AND state = 'taken' "
                + "AND examiner = @examiner",
            new { id, examiner }, transaction) == 0)
            return false;
        connection.Execute(
            "UPDATE examined_candidate SET kept = NULL, level = NULL, comment = NULL, features = NULL WHERE examination = @id", new { id },
            transaction);
        return true;
    });

    public bool Assess(
        BookChange change, string id, string examiner, int rank, Assessment assessment) => database.Execute(
        """
        UPDATE examined_candidate SET kept = @kept, level = @level, comment = @comment, features = @features
        WHERE examination = @id AND rank = @rank
          AND EXISTS (SELECT 1 FROM examination WHERE id = @id AND state = 'taken' AND examiner = @examiner AND expires > @now)
        """,
        new
        {
            id,
            examiner,
            rank,
            kept = assessment.Kept,
            level = assessment.Level is { } value ? JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()) : null,
            comment = assessment.Comment,
            features = assessment.Features.Count > 0 ? StoredJson.Write(assessment.Features) : null,
            now = database.Now(),
        }) == 1;

    public IReadOnlyList<int>? Finish(BookChange change, string id, string examiner, string? comment, bool setAsideRest) =>
        database.Write((connection, transaction) =>
        {
            var now = database.Now();
            if (connection.ExecuteScalar<long>(
                "SELECT count(*) FROM examination WHERE id = @id AND state = 'taken' AND examiner = @examiner AND expires > @now",
                new { id, examiner, now }, transaction) == 0)
                return null;
            if (setAsideRest)
                connection.Execute(
                    "UPDATE examined_candidate SET kept = 0 WHERE examination = @id AND kept IS NULL", new { id }, transaction);
            var open = connection.Query<int>(
                "SELECT rank FROM examined_candidate WHERE examination = @id AND kept IS NULL ORDER BY rank", new { id },
                transaction).ToList();
            if (open.Count == 0)
                connection.Execute(
                    "UPDATE examination SET state = 'finished', closed = @now, comment = @comment WHERE id = @id",
                    new { id, now, comment }, transaction);
            return open;
        });

    public bool Withdraw(BookChange change, string id, string requester) => database.Execute(
        "UPDATE examination SET state = 'withdrawn', closed = @now WHERE id = @id AND requester = @requester "
            + "AND state IN ('open', 'taken')",
        new { id, requester, now = database.Now() }) == 1;

    public bool Expire(BookChange change, string id) => database.Execute(
        "UPDATE examination SET state = 'expired', closed = @now WHERE id = @id AND state IN ('open', 'taken') AND expires <= @now",
        new { id, now = database.Now() }) == 1;

    public IReadOnlyList<string> Overdue() => database.Read(connection =>
        connection.Query<string>(
            "SELECT id FROM examination WHERE state IN ('open', 'taken') AND expires <= @now", new { now = database.Now() }).ToList());

    public IReadOnlyList<string> Unerased() => database.Read(
        connection => connection.Query<string>("SELECT id FROM examination WHERE closed IS NOT NULL AND probe_deleted IS NULL").ToList());

    public bool Erased(BookChange change, string id) => database.Execute(
        "UPDATE examination SET probe_deleted = @now WHERE id = @id AND closed IS NOT NULL AND probe_deleted IS NULL",
        new { id, now = database.Now() }) == 1;

    private static bool Live(SqliteConnection connection, SqliteTransaction transaction, string search) =>
        connection.ExecuteScalar<long>(
            "SELECT count(*) FROM examination WHERE search = @search AND closed IS NULL", new { search }, transaction) > 0;

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Search { get; init; } = "";
        public string Requester { get; init; } = "";
        public string Organisation { get; init; } = "";
        public string State { get; init; } = "";
        public string? Note { get; init; }
        public string Requested { get; init; } = "";
        public string Expires { get; init; } = "";
        public string? Examiner { get; init; }
        public string? Taken { get; init; }
        public string? Closed { get; init; }
        public string? Comment { get; init; }
        public string ProbeDigest { get; init; } = "";
        public string? ProbeBox { get; init; }
        public string? ProbeDeleted { get; init; }

        public Examination ToExamination() => new(
            Id,
            Search,
            Requester,
            Organisation,
            Enum.Parse<ExaminationState>(State, ignoreCase: true),
            Note,
            StoredTime.Read(Requested),
            StoredTime.Read(Expires),
            Examiner,
            ServiceDatabase.ParseOptionalTime(Taken),
            ServiceDatabase.ParseOptionalTime(Closed),
            Comment,
            ProbeDigest,
            StoredBox.Read(ProbeBox),
            ServiceDatabase.ParseOptionalTime(ProbeDeleted));
    }

    private sealed class CandidateRow
    {
        public int Rank { get; init; }
        public string Gallery { get; init; } = "";
        public string Subject { get; init; } = "";
        public string Encounter { get; init; } = "";
        public double Score { get; init; }
        public long? Kept { get; init; }
        public string? Level { get; init; }
        public string? Comment { get; init; }
        public string? Features { get; init; }

        public ExaminedCandidate ToCandidate() => new(
            Rank,
            Gallery,
            Subject,
            Encounter,
            Score,
            Kept is { } kept ? kept == 1 : null,
            Level switch
            {
                null => null,
                "support" => ExaminationLevel.Support,
                "limited-support" => ExaminationLevel.LimitedSupport,
                _ => ExaminationLevel.NoConclusion,
            },
            Comment,
            Features is null
                ? new Dictionary<string, string>()
                : StoredJson.Read<Dictionary<string, string>>(Features));
    }
}
