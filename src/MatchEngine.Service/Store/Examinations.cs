using System.Text.Json;
using Dapper;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Stores;
using MatchEngine.Service.Errors;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Service.Store;

/// <summary>How far an examination has come.</summary>
public enum ExaminationState
{
    /// <summary>It waits for an examiner.</summary>
    Open,

    /// <summary>An examiner works on it.</summary>
    Taken,

    /// <summary>There is a result.</summary>
    Finished,

    /// <summary>Who asked for it took it back.</summary>
    Withdrawn,

    /// <summary>Nobody finished it in time.</summary>
    Expired,
}

/// <summary>How far what both photos show speaks for one person. No level is an identification.</summary>
public enum ExaminationLevel
{
    /// <summary>The features seen support it.</summary>
    Support,

    /// <summary>They support it to a limited extent.</summary>
    LimitedSupport,

    /// <summary>They allow no conclusion.</summary>
    NoConclusion,
}

/// <summary>An examination, as it stands now.</summary>
internal sealed record Examination(
    string Id,
    string Search,
    string Requester,
    string Organisation,
    ExaminationState State,
    string? Note,
    DateTimeOffset Requested,
    DateTimeOffset Expires,
    string? Examiner,
    DateTimeOffset? Taken,
    DateTimeOffset? Closed,
    string? Comment,
    string ProbeDigest,
    string? ProbeBox,
    DateTimeOffset? ProbeDeleted)
{
    /// <summary>Whether it waits or is worked on; only then is there a probe.</summary>
    public bool IsLive => State is ExaminationState.Open or ExaminationState.Taken;
}

/// <summary>A candidate under examination, with what the examiner said of it.</summary>
internal sealed record ExaminedCandidate(
    int Rank, string Gallery, string Subject, string Encounter, double Score, bool? Kept, ExaminationLevel? Level, string? Comment,
    IReadOnlyDictionary<string, string> Features);

/// <summary>
/// The examinations: open → taken → finished, back from taken to open when the examiner gives it up, and from either to withdrawn or
/// expired. Each step is one statement that takes effect from the right state only, so that of two who try at once one is refused.
/// </summary>
internal sealed class Examinations(ServiceDatabase database)
{
    private const string Columns = """
        id AS Id, search AS Search, requester AS Requester, organisation AS Organisation, state AS State, note AS Note,
        requested AS Requested, expires AS Expires, examiner AS Examiner, taken AS Taken, closed AS Closed, comment AS Comment,
        probe_digest AS ProbeDigest, probe_box AS ProbeBox, probe_deleted AS ProbeDeleted
        """;

    /// <summary>Opens an examination; false when the search has one that is not closed.</summary>
    public bool Add(string id, UseOfSearch use, string? note, TimeSpan lifetime, IEnumerable<AuditedCandidate> candidates) =>
        database.Write((connection, transaction) =>
        {
            var now = database.Clock.GetUtcNow();
            if (Live(connection, transaction, use.Search))
                return false;
            connection.Execute(
                """
                INSERT INTO examination (id, search, requester, organisation, state, note, requested, expires, probe_digest, probe_box)
                VALUES (@id, @Search, @Account, @Organisation, 'open', @note, @now, @expires, @ProbeDigest, @ProbeBox)
                """,
                new { id, use.Search, use.Account, use.Organisation, note, now = StoredTime.Write(now), expires = StoredTime.Write(now
                    + lifetime), use.ProbeDigest, use.ProbeBox },
                transaction);
            connection.Execute(
                "INSERT INTO examined_candidate (examination, rank, gallery, subject, encounter, score) "
                    + "VALUES (@id, @Rank, @Gallery, @SubjectId, @EncounterId, @Score)",
                candidates.Select(candidate =>
                    new { id, candidate.Rank, candidate.Gallery, candidate.SubjectId, candidate.EncounterId, candidate.Score }),
                transaction);
            return true;
        });

    public Examination? Find(string id) => database.Read(connection =>
        connection.QuerySingleOrDefault<Row>($"SELECT {Columns} FROM examination WHERE id = @id", new { id })?.ToExamination());

    /// <summary>Examinations, newest first: of an organisation, or of one account.</summary>
    public IReadOnlyList<Examination> List(string organisation, string? requester, ExaminationState? state) =>
        database.Read(connection => connection.Query<Row>(
            $"""
            SELECT {Columns} FROM examination
            WHERE organisation = @organisation AND (@requester IS NULL OR requester = @requester) AND (@state IS NULL OR state = @state)
            ORDER BY id DESC LIMIT 1000
            """,
            new { organisation, requester, state = state?.ToString().ToLowerInvariant() }).Select(row => row.ToExamination()).ToList());

    /// <summary>The candidates of an examination, in rank order.</summary>
    public IReadOnlyList<ExaminedCandidate> Candidates(string id) => database.Read(connection => connection.Query<CandidateRow>(
        """
        SELECT rank AS Rank, gallery AS Gallery, subject AS Subject, encounter AS Encounter, score AS Score, kept AS Kept,
          level AS Level, comment AS Comment, features AS Features
        FROM examined_candidate WHERE examination = @id ORDER BY rank
        """,
        new { id }).Select(row => row.ToCandidate()).ToList());

    /// <summary>Gives it to an examiner; false when it is not open, or is the examiner's own request.</summary>
    public bool Take(string id, string examiner) => database.Execute(
        "UPDATE examination SET state = 'taken', examiner = @examiner, taken = @now WHERE id = @id AND state = 'open' AND expires > @now "
            + "AND requester <> @examiner",
        new { id, examiner, now = database.Now() }) == 1;

    /// <summary>Puts it back for another examiner; what was said of candidates goes, for it is to be another pair of eyes.</summary>
    public bool Release(string id, string examiner) => database.Write((connection, transaction) =>
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

    /// <summary>
    /// What the examiner says of a candidate, in place of what was said before;
    /// false when the examination is not the examiner's (any more).
    /// </summary>
    public bool Assess(
        string id, string examiner, int rank, bool kept, ExaminationLevel? level, string? comment,
        IReadOnlyDictionary<string, string> features) => database.Execute(
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
            kept,
            level = level is { } value ? JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()) : null,
            comment,
            features = features.Count > 0 ? JsonSerializer.Serialize(features, WireJson.Options) : null,
            now = database.Now(),
        }) == 1;

    /// <summary>Ends it with a result.</summary>
    /// <param name="id">The examination.</param>
    /// <param name="examiner">Who has it.</param>
    /// <param name="comment">The examiner's words on the whole, or null.</param>
    /// <param name="setAsideRest">Whether candidates of which nothing was said are set aside.</param>
    /// <returns>The ranks of which nothing was said: nothing was done then.
    /// Null when the examination is not the examiner's (any more).</returns>
    public IReadOnlyList<int>? Finish(string id, string examiner, string? comment, bool setAsideRest) =>
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

    /// <summary>Takes it back; false when it is closed, or another account's.</summary>
    public bool Withdraw(string id, string requester) => database.Execute(
        "UPDATE examination SET state = 'withdrawn', closed = @now WHERE id = @id AND requester = @requester "
            + "AND state IN ('open', 'taken')",
        new { id, requester, now = database.Now() }) == 1;

    /// <summary>Ends it when its time is over; false when it is not, or it is closed.</summary>
    public bool Expire(string id) => database.Execute(
        "UPDATE examination SET state = 'expired', closed = @now WHERE id = @id AND state IN ('open', 'taken') AND expires <= @now",
        new { id, now = database.Now() }) == 1;

    /// <summary>Those whose time is over and that are not closed yet.</summary>
    public IReadOnlyList<string> Overdue() => database.Read(connection =>
        connection.Query<string>(
            "SELECT id FROM examination WHERE state IN ('open', 'taken') AND expires <= @now", new { now = database.Now() }).ToList());

    /// <summary>Those that are closed and whose probe is not known to be gone.</summary>
    public IReadOnlyList<string> Unerased() => database.Read(
        connection => connection.Query<string>("SELECT id FROM examination WHERE closed IS NOT NULL AND probe_deleted IS NULL").ToList());

    /// <summary>Notes that the probe is gone; false when that was known.</summary>
    public bool Erased(string id) => database.Execute(
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
            ProbeBox,
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
                : JsonSerializer.Deserialize<Dictionary<string, string>>(Features, WireJson.Options)!);
    }
}
