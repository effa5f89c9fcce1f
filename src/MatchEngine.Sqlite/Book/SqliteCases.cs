using Dapper;
using MatchEngine.Frs;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Cases;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Searching;
using MatchEngine.Galleries;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Book;

/// <summary>The cases.</summary>
internal sealed class SqliteCases(ServiceDatabase database) : ICases
{
    private const string Select = """
        SELECT c.id AS Id, c.organisation AS Organisation, c.number AS Number, c.opened AS Opened, c.opened_by AS OpenedBy,
          c.closed AS Closed, c.closed_by AS ClosedBy, c.expires AS Expires, c.held_by AS HeldBy, c.held AS Held,
          c.hold_reason AS HoldReason,
          (SELECT count(*) FROM search s WHERE s.case_file = c.id) AS Searches
        FROM case_file c
        """;

    public CaseFile? Find(string id) => database.Read(connection =>
        connection.QuerySingleOrDefault<Row>($"{Select} WHERE c.id = @id", new { id })?.ToCase());

    public CaseFile? Find(string organisation, string number) => database.Read(connection => connection.QuerySingleOrDefault<Row>(
        $"{Select} WHERE c.organisation = @organisation AND c.number = @number", new { organisation, number })?.ToCase());

    public IReadOnlyList<CaseFile> List(CaseFilter filter, int count) => database.Read(connection => connection.Query<Row>(
        $"""
        {Select}
        WHERE c.organisation = @Organisation AND (@Number IS NULL OR c.number = @Number)
          AND (@closed IS NULL OR (c.closed IS NOT NULL) = @closed) AND (NOT @OnHold OR c.held IS NOT NULL)
          AND (@Account IS NULL OR EXISTS (SELECT 1 FROM search s WHERE s.case_file = c.id AND s.account = @Account))
          AND (@After IS NULL OR c.id < @After)
        ORDER BY c.id DESC LIMIT @count
        """,
        new
        {
            filter.Organisation,
            filter.Number,
            filter.OnHold,
            filter.Account,
            filter.After,
            closed = filter.State is { } state ? state == CaseState.Closed : (bool?)null,
            count,
        }).Select(row => row.ToCase()).ToList());

    public bool HasSearched(string id, string account) => database.Read(connection => connection.ExecuteScalar<bool>(
        "SELECT EXISTS (SELECT 1 FROM search WHERE case_file = @id AND account = @account)", new { id, account }));

    public IReadOnlyList<string> Galleries(string id) => database.Read(connection => connection.Query<string>(
        "SELECT DISTINCT g.value FROM search s, json_each(s.galleries) g WHERE s.case_file = @id ORDER BY 1", new { id }).ToList());

    public IReadOnlyList<CaseFile> Overdue(DateTimeOffset upTo) => database.Read(connection => connection.Query<Row>(
        $"{Select} WHERE c.expires <= @limit AND c.held IS NULL ORDER BY c.id", new { limit = StoredTime.Write(upTo) })
        .Select(row => row.ToCase()).ToList());

    public IReadOnlyList<CaseNote> Notes(string id, string? account) => database.Read(connection => connection.Query<NoteRow>(
        "SELECT account AS Account, written AS Written, text AS Text FROM case_note "
            + "WHERE case_file = @id AND (@account IS NULL OR account = @account) ORDER BY written, id",
        new { id, account }).Select(row => new CaseNote(row.Account, StoredTime.Read(row.Written), row.Text)).ToList());

    public bool Note(BookChange change, string id, string account, string text) => database.Execute(
        "INSERT INTO case_note (id, case_file, account, written, text) "
            + "SELECT @note, id, @account, @now, @text FROM case_file WHERE id = @id AND closed IS NULL",
        new { note = TimeOrderedId.New(), id, account, text, now = database.Now() }) == 1;

    public bool Close(BookChange change, string id, string account, DateTimeOffset expires) => database.Execute(
        "UPDATE case_file SET closed = @now, closed_by = @account, expires = @end WHERE id = @id AND closed IS NULL",
        new { id, account, now = database.Now(), end = StoredTime.Write(expires) }) == 1;

    public bool Reopen(BookChange change, string id) => database.Execute(
        "UPDATE case_file SET closed = NULL, closed_by = NULL, expires = NULL WHERE id = @id AND closed IS NOT NULL", new { id }) == 1;

    public bool Hold(BookChange change, string id, string account, string reason) => database.Execute(
        "UPDATE case_file SET held = @now, held_by = @account, hold_reason = @reason WHERE id = @id",
        new { id, account, reason, now = database.Now() }) == 1;

    public bool Release(BookChange change, string id) => database.Execute(
        "UPDATE case_file SET held = NULL, held_by = NULL, hold_reason = NULL WHERE id = @id AND held IS NOT NULL", new { id }) == 1;

    public DeletedCase? Delete(BookChange change, string id) => database.Write((connection, transaction) =>
    {
        if (connection.ExecuteScalar<long>(
            "SELECT count(*) FROM case_file WHERE id = @id AND closed IS NOT NULL AND held IS NULL", new { id }, transaction) == 0)
            return null;
        var searches = connection.Query<string>(
            "SELECT id FROM search WHERE case_file = @id", new { id }, transaction).ToList();
        var examinations = SearchRows.Remove("SELECT id FROM search WHERE case_file = @id", new { id }, connection, transaction);
        connection.Execute("DELETE FROM case_note WHERE case_file = @id; DELETE FROM case_file WHERE id = @id", new { id }, transaction);
        return new DeletedCase(searches.Count, examinations);
    });

    /// <summary>Puts a search into the case of its number, which it opens when there is none.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.Conflict"/>: the case was closed meanwhile.</exception>
    public static void Open(
        RecordedSearch search, string number, bool isNew, SqliteConnection connection, SqliteTransaction transaction)
    {
        connection.Execute(
            "INSERT INTO case_file (id, organisation, number, opened, opened_by) "
                + "VALUES (@id, @Organisation, @number, @opened, @Account) ON CONFLICT (organisation, number) DO NOTHING",
            new
            {
                id = TimeOrderedId.New(),
                search.Organisation,
                number,
                opened = StoredTime.Write(search.Searched),
                search.Account,
            },
            transaction);
        var (file, closed) = connection.QuerySingle<(string, string?)>(
            "SELECT id, closed FROM case_file WHERE organisation = @Organisation AND number = @number",
            new { search.Organisation, number }, transaction);
        if (isNew && closed is not null)
            throw new CodedException(ErrorCodes.Conflict, "the case of this number was closed meanwhile");
        connection.Execute("UPDATE search SET case_file = @file WHERE id = @Id", new { search.Id, file }, transaction);
    }

    private sealed class NoteRow
    {
        public string Account { get; init; } = "";
        public string Written { get; init; } = "";
        public string Text { get; init; } = "";
    }

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Organisation { get; init; } = "";
        public string Number { get; init; } = "";
        public string Opened { get; init; } = "";
        public string OpenedBy { get; init; } = "";
        public string? Closed { get; init; }
        public string? ClosedBy { get; init; }
        public string? Expires { get; init; }
        public string? HeldBy { get; init; }
        public string? Held { get; init; }
        public string? HoldReason { get; init; }
        public int Searches { get; init; }

        public CaseFile ToCase() => new(Id, Organisation, Number, StoredTime.Read(Opened), OpenedBy)
        {
            Closed = ServiceDatabase.ParseOptionalTime(Closed),
            ClosedBy = ClosedBy,
            Expires = ServiceDatabase.ParseOptionalTime(Expires),
            Hold = HeldBy is null ? null : new LegalHold(HeldBy, StoredTime.Read(Held!), HoldReason!),
            Searches = Searches,
        };
    }
}
