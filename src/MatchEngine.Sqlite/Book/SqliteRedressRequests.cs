using Dapper;
using MatchEngine.Frs;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Redress;
using MatchEngine.Galleries;

namespace MatchEngine.Sqlite.Book;

/// <summary>Persons' requests for access, correction or deletion.</summary>
internal sealed class SqliteRedressRequests(ServiceDatabase database) : IRedressRequests
{
    private const string Select = """
        SELECT id AS Id, gallery AS Gallery, owner AS Owner, subject AS Subject, kind AS Kind, reference AS Reference,
          statement AS Statement, recorded AS Recorded, recorded_by AS RecordedBy, due AS Due, granted AS Granted,
          decided_by AS DecidedBy, decided AS Decided, decision AS Decision, answered_by AS AnsweredBy, answered AS Answered,
          answer AS Answer, told AS Told
        FROM redress_request
        """;

    public RedressRequest Add(BookChange change, RedressRequest request)
    {
        var id = TimeOrderedId.New();
        database.Execute(
            "INSERT INTO redress_request (id, gallery, owner, subject, kind, reference, statement, recorded, recorded_by, due) "
                + "VALUES (@id, @Gallery, @Owner, @Subject, @kind, @Reference, @Statement, @now, @RecordedBy, @due)",
            new
            {
                id,
                request.Gallery,
                request.Owner,
                request.Subject,
                kind = request.Kind.ToString().ToLowerInvariant(),
                request.Reference,
                request.Statement,
                now = StoredTime.Write(request.Recorded),
                request.RecordedBy,
                due = StoredTime.Write(request.Due),
            });
        return Find(id)!;
    }

    public RedressRequest? Find(string id) => database.Read(connection =>
        connection.QuerySingleOrDefault<Row>($"{Select} WHERE id = @id", new { id })?.ToRequest());

    public IReadOnlyList<RedressRequest> List(string owner, RedressState? state) => database.Read(connection => connection.Query<Row>(
        $"""
        {Select}
        WHERE owner = @owner AND (@state IS NULL OR @state = CASE
          WHEN answered IS NOT NULL THEN 'answered' WHEN granted IS NULL THEN 'pending' WHEN granted = 1 THEN 'granted' ELSE 'refused' END)
        ORDER BY id DESC LIMIT 1000
        """,
        new { owner, state = state?.ToString().ToLowerInvariant() }).Select(row => row.ToRequest()).ToList());

    public bool Decide(BookChange change, string id, string account, bool granted, string decision) => database.Execute(
        "UPDATE redress_request SET granted = @granted, decided_by = @account, decided = @now, decision = @decision "
            + "WHERE id = @id AND decided IS NULL",
        new { id, granted, account, decision, now = database.Now() }) == 1;

    public bool Answer(BookChange change, string id, string account, string answer, int told) => database.Execute(
        "UPDATE redress_request SET answered_by = @account, answered = @now, answer = @answer, told = @told "
            + "WHERE id = @id AND decided IS NOT NULL AND answered IS NULL",
        new { id, account, answer, told, now = database.Now() }) == 1;

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Gallery { get; init; } = "";
        public string Owner { get; init; } = "";
        public string? Subject { get; init; }
        public string Kind { get; init; } = "";
        public string Reference { get; init; } = "";
        public string? Statement { get; init; }
        public string Recorded { get; init; } = "";
        public string RecordedBy { get; init; } = "";
        public string Due { get; init; } = "";
        public long? Granted { get; init; }
        public string? DecidedBy { get; init; }
        public string? Decided { get; init; }
        public string? Decision { get; init; }
        public string? AnsweredBy { get; init; }
        public string? Answered { get; init; }
        public string? Answer { get; init; }
        public int? Told { get; init; }

        public RedressRequest ToRequest() => new(
            Id, Gallery, Owner, Subject, Enum.Parse<RedressKind>(Kind, ignoreCase: true), Reference,
            (Answered, Granted) switch
            {
                (not null, _) => RedressState.Answered,
                (_, null) => RedressState.Pending,
                (_, 1) => RedressState.Granted,
                _ => RedressState.Refused,
            },
            StoredTime.Read(Recorded), RecordedBy, StoredTime.Read(Due))
        {
            Statement = Statement,
            Granted = Granted is { } granted ? granted == 1 : null,
            DecidedBy = DecidedBy,
            Decided = ServiceDatabase.ParseOptionalTime(Decided),
            Decision = Decision,
            AnsweredBy = AnsweredBy,
            Answered = ServiceDatabase.ParseOptionalTime(Answered),
            Answer = Answer,
            Told = Told,
        };
    }
}
