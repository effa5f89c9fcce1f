using System.Text.Json;
using Dapper;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Examining;
using MatchEngine.Frs.Searching;
using MatchEngine.Galleries;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Book;

/// <summary>
/// The examinations: open → taken → finished, back from taken to open when the examiner gives it up or a second one is wanted, from taken
/// to disputed when two differ, and from each of these to withdrawn or expired. Each step is one statement that takes effect from the right
/// state only, so that of two who try at once one is refused.
/// </summary>
internal sealed class SqliteExaminations(ServiceDatabase database) : IExaminations
{
    private const string Columns = """
        id AS Id, search AS Search, requester AS Requester, organisation AS Organisation, state AS State, note AS Note,
        requested AS Requested, expires AS Expires, examiner AS Examiner, taken AS Taken, closed AS Closed, comment AS Comment,
        probe_digest AS ProbeDigest, probe_box AS ProbeBox, probe_deleted AS ProbeDeleted, examiners AS Examiners, second AS Second,
        first_examiner AS FirstExaminer, first_comment AS FirstComment, resolved_by AS ResolvedBy, resolution AS Resolution
        """;

    public bool Add(
        BookChange change, string id, RecordedSearch search, string? note, TimeSpan lifetime,
        IReadOnlyList<RecordedCandidate> candidates, string? examiners = null, bool second = false) =>
        database.Write((connection, transaction) =>
        {
            var now = database.Clock.GetUtcNow();
            var by = examiners ?? search.Organisation;
            if (connection.ExecuteScalar<long>(
                "SELECT count(*) FROM examination WHERE search = @Id AND examiners = @by AND closed IS NULL", new { search.Id, by },
                transaction) > 0)
                return false;
            connection.Execute(
                """
                INSERT INTO examination (id, search, requester, organisation, examiners, state, note, requested, expires, probe_digest,
                  probe_box, second)
                VALUES (@id, @search, @Account, @Organisation, @by, 'open', @note, @now, @expires, @ProbeDigest, @box, @second)
                """,
                new
                {
                    id,
                    search = search.Id,
                    search.Account,
                    search.Organisation,
                    by,
                    second,
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

    public IReadOnlyList<Examination> Live(string search) => database.Read(connection => connection.Query<Row>(
        $"SELECT {Columns} FROM examination WHERE search = @search AND closed IS NULL ORDER BY id", new { search })
        .Select(row => row.ToExamination()).ToList());

    public IReadOnlySet<int> Kept(string search) => database.Read(connection => connection.Query<int>(
        "SELECT c.rank FROM examination e JOIN examined_candidate c ON c.examination = e.id "
            + "WHERE e.search = @search AND e.state = 'finished' AND c.kept = 1", new { search }).ToHashSet());

    public IReadOnlyList<ExaminedCandidate> FirstJudgement(string id) => database.Read(connection => connection.Query<CandidateRow>(
        """
        SELECT c.rank AS Rank, c.gallery AS Gallery, c.subject AS Subject, c.encounter AS Encounter, c.score AS Score, f.kept AS Kept,
          f.level AS Level, f.comment AS Comment, f.features AS Features, f.processing AS Processing
        FROM first_judgement f JOIN examined_candidate c ON c.examination = f.examination AND c.rank = f.rank
        WHERE f.examination = @id ORDER BY c.rank
        """,
        new { id }).Select(row => row.ToCandidate()).ToList());

    public IReadOnlyList<Examination> List(string organisation, string? requester, ExaminationState? state) =>
        database.Read(connection => connection.Query<Row>(
            $"""
            SELECT {Columns} FROM examination
            WHERE (organisation = @organisation OR examiners = @organisation) AND (@requester IS NULL OR requester = @requester)
              AND (@state IS NULL OR state = @state)
            ORDER BY id DESC LIMIT 1000
            """,
            new { organisation, requester, state = state?.ToString().ToLowerInvariant() }).Select(row => row.ToExamination()).ToList());

    public IReadOnlyList<ExaminedCandidate> Candidates(string id) => database.Read(connection => connection.Query<CandidateRow>(
        """
        SELECT rank AS Rank, gallery AS Gallery, subject AS Subject, encounter AS Encounter, score AS Score, kept AS Kept,
          level AS Level, comment AS Comment, features AS Features, processing AS Processing
        FROM examined_candidate WHERE examination = @id ORDER BY rank
        """,
        new { id }).Select(row => row.ToCandidate()).ToList());

    public bool Take(BookChange change, string id, string examiner) => database.Execute(
        "UPDATE examination SET state = 'taken', examiner = @examiner, taken = @now WHERE id = @id AND state = 'open' AND expires > @now "
            + "AND requester <> @examiner AND first_examiner IS NOT @examiner",
        new { id, examiner, now = database.Now() }) == 1;

    public bool Release(BookChange change, string id, string examiner) => database.Write((connection, transaction) =>
    {
        if (connection.Execute(
            "UPDATE examination SET state = 'open', examiner = NULL, taken = NULL WHERE id = @id AND state = 'taken' "
                + "AND examiner = @examiner",
            new { id, examiner }, transaction) == 0)
            return false;
        connection.Execute(
            "UPDATE examined_candidate SET kept = NULL, level = NULL, comment = NULL, features = NULL, processing = NULL "
                + "WHERE examination = @id",
            new { id }, transaction);
        return true;
    });

    public bool Assess(
        BookChange change, string id, string examiner, int rank, Assessment assessment) => database.Execute(
        """
        UPDATE examined_candidate SET kept = @kept, level = @level, comment = @comment, features = @features,
          processing = @processing
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
            processing = assessment.Processing.Count > 0 ? StoredJson.Write(assessment.Processing) : null,
            now = database.Now(),
        }) == 1;

    public IReadOnlyList<int>? Finish(
        BookChange change, string id, string examiner, string? comment, bool setAsideRest, IReadOnlyCollection<int>? removed = null) =>
        database.Write((connection, transaction) =>
        {
            var now = database.Now();
            var found = connection.QuerySingleOrDefault<Row>(
                $"SELECT {Columns} FROM examination WHERE id = @id AND state = 'taken' AND examiner = @examiner AND expires > @now",
                new { id, examiner, now }, transaction);
            if (found is null)
                return null;
            connection.Execute(
                "UPDATE examined_candidate SET kept = 0 WHERE examination = @id AND kept IS NULL AND (@setAsideRest OR rank IN @removed)",
                new { id, setAsideRest, removed = removed ?? [] }, transaction);
            var open = connection.Query<int>(
                "SELECT rank FROM examined_candidate WHERE examination = @id AND kept IS NULL ORDER BY rank", new { id },
                transaction).ToList();
            if (open.Count > 0)
                return open;
            if (found is { Second: true, FirstExaminer: null })
                OpenForSecond(id, comment, connection, transaction);
            else if (found.Second && Disputed(id, connection, transaction).Count > 0)
                connection.Execute(
                    "UPDATE examination SET state = 'disputed', comment = @comment WHERE id = @id", new { id, comment }, transaction);
            else
                Finish(id, now, comment, connection, transaction);
            return open;
        });

    public bool Resolve(BookChange change, string id, string supervisor, IReadOnlyCollection<int> kept, string reason) =>
        database.Write((connection, transaction) =>
        {
            var disputed = Disputed(id, connection, transaction);
            if (kept.Except(disputed).Any() || connection.Execute(
                "UPDATE examination SET resolved_by = @supervisor, resolution = @reason WHERE id = @id AND state = 'disputed' "
                    + "AND expires > @now",
                new { id, supervisor, reason, now = database.Now() }, transaction) == 0)
                return false;
            // Of each the words of the one whose side was taken.
            connection.Execute(
                """
                UPDATE examined_candidate SET (kept, level, comment, features, processing) = (
                  SELECT f.kept, f.level, f.comment, f.features, f.processing FROM first_judgement f
                  WHERE f.examination = @id AND f.rank = @rank)
                WHERE examination = @id AND rank = @rank AND kept <> @keep
                """,
                disputed.Select(rank => new { id, rank, keep = kept.Contains(rank) }), transaction);
            Finish(
                id, database.Now(),
                connection.ExecuteScalar<string?>("SELECT comment FROM examination WHERE id = @id", new { id }, transaction),
                connection, transaction);
            return true;
        });

    public bool Withdraw(BookChange change, string id, string requester) => database.Execute(
        "UPDATE examination SET state = 'withdrawn', closed = @now WHERE id = @id AND requester = @requester "
            + "AND closed IS NULL",
        new { id, requester, now = database.Now() }) == 1;

    public bool Expire(BookChange change, string id) => database.Execute(
        "UPDATE examination SET state = 'expired', closed = @now WHERE id = @id AND closed IS NULL AND expires <= @now",
        new { id, now = database.Now() }) == 1;

    public IReadOnlyList<string> Overdue() => database.Read(connection =>
        connection.Query<string>(
            "SELECT id FROM examination WHERE closed IS NULL AND expires <= @now", new { now = database.Now() }).ToList());

    public IReadOnlyList<string> Unerased() => database.Read(
        connection => connection.Query<string>("SELECT id FROM examination WHERE closed IS NOT NULL AND probe_deleted IS NULL").ToList());

    public bool Erased(BookChange change, string id) => database.Execute(
        "UPDATE examination SET probe_deleted = @now WHERE id = @id AND closed IS NOT NULL AND probe_deleted IS NULL",
        new { id, now = database.Now() }) == 1;

    private static void OpenForSecond(string id, string? comment, SqliteConnection connection, SqliteTransaction transaction) =>
        connection.Execute(
            """
            INSERT INTO first_judgement (examination, rank, kept, level, comment, features, processing)
              SELECT examination, rank, kept, level, comment, features, processing FROM examined_candidate WHERE examination = @id;
            UPDATE examined_candidate SET kept = NULL, level = NULL, comment = NULL, features = NULL, processing = NULL
              WHERE examination = @id;
            UPDATE examination SET state = 'open', first_examiner = examiner, first_comment = @comment, examiner = NULL, taken = NULL
              WHERE id = @id
            """,
            new { id, comment }, transaction);

    /// <summary>The ranks that one of two examiners keeps and the other one does not.</summary>
    private static List<int> Disputed(string id, SqliteConnection connection, SqliteTransaction transaction) => connection.Query<int>(
        "SELECT c.rank FROM examined_candidate c JOIN first_judgement f ON f.examination = c.examination AND f.rank = c.rank "
            + "WHERE c.examination = @id AND c.kept <> f.kept ORDER BY c.rank",
        new { id }, transaction).ToList();

    /// <summary>Ends it with a result: of two levels for one candidate the weaker one counts.</summary>
    private static void Finish(string id, string now, string? comment, SqliteConnection connection, SqliteTransaction transaction) =>
        connection.Execute(
            """
            UPDATE examined_candidate SET level = (
              SELECT CASE
                WHEN f.kept = 1 THEN CASE WHEN 'no-conclusion' IN (f.level, examined_candidate.level) THEN 'no-conclusion'
                  WHEN 'limited-support' IN (f.level, examined_candidate.level) THEN 'limited-support' ELSE 'support' END
                WHEN f.level IS NULL OR examined_candidate.level IS NULL THEN NULL
                WHEN 'limited-support-different' IN (f.level, examined_candidate.level) THEN 'limited-support-different'
                ELSE 'support-different' END
              FROM first_judgement f WHERE f.examination = @id AND f.rank = examined_candidate.rank)
            WHERE examination = @id AND EXISTS (
              SELECT 1 FROM first_judgement f WHERE f.examination = @id AND f.rank = examined_candidate.rank
                AND f.kept = examined_candidate.kept);
            UPDATE examination SET state = 'finished', closed = @now, comment = @comment WHERE id = @id
            """,
            new { id, now, comment }, transaction);

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
        public string Examiners { get; init; } = "";
        public bool Second { get; init; }
        public string? FirstExaminer { get; init; }
        public string? FirstComment { get; init; }
        public string? ResolvedBy { get; init; }
        public string? Resolution { get; init; }

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
            ServiceDatabase.ParseOptionalTime(ProbeDeleted))
        {
            Examiners = Examiners,
            Second = Second,
            FirstExaminer = FirstExaminer,
            FirstComment = FirstComment,
            ResolvedBy = ResolvedBy,
            Resolution = Resolution,
        };
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
        public string? Processing { get; init; }

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
                "limited-support-different" => ExaminationLevel.LimitedSupportDifferent,
                "support-different" => ExaminationLevel.SupportDifferent,
                _ => ExaminationLevel.NoConclusion,
            },
            Comment,
            Features is null
                ? new Dictionary<string, string>()
                : StoredJson.Read<Dictionary<string, string>>(Features))
        {
            Processing = Processing is null ? [] : StoredJson.Read<List<string>>(Processing),
        };
    }
}
