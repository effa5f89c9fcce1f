using Dapper;
using MatchEngine.Frs;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Vetting;
using MatchEngine.Galleries;

namespace MatchEngine.Sqlite.Book;

/// <summary>What organisations approve for their people.</summary>
internal sealed class SqliteVettedUses(ServiceDatabase database) : IVettedUses
{
    private const string Columns = """
        id AS Id, organisation AS Organisation, gallery AS Gallery, identity AS Identity, case_number AS CaseNumber, reason AS Reason,
        approved_by AS By, approved AS Approved, until AS Until, withdrawn_by AS WithdrawnBy, withdrawn AS Withdrawn
        """;

    public VettedUse Add(BookChange change, Actor by, NewVettedUse use, string? identity)
    {
        var id = TimeOrderedId.New();
        database.Execute(
            "INSERT INTO vetted_use (id, organisation, gallery, identity, case_number, reason, approved_by, approved, until) "
                + "VALUES (@id, @Organisation, @Gallery, @identity, @CaseNumber, @Reason, @Account, @now, @until)",
            new
            {
                id,
                by.Organisation,
                use.Gallery,
                identity,
                use.CaseNumber,
                use.Reason,
                by.Account,
                now = database.Now(),
                until = use.Until is { } time ? StoredTime.Write(time) : null,
            });
        return Find(id)!;
    }

    public VettedUse? Find(string id) => database.Read(connection =>
        connection.QuerySingleOrDefault<Row>($"SELECT {Columns} FROM vetted_use WHERE id = @id", new { id })?.ToUse());

    public IReadOnlyList<VettedUse> List(string organisation) => database.Read(connection => connection
        .Query<Row>($"SELECT {Columns} FROM vetted_use WHERE organisation = @organisation ORDER BY id DESC", new { organisation })
        .Select(row => row.ToUse()).ToList());

    public bool Withdraw(BookChange change, string id, string by) => database.Execute(
        "UPDATE vetted_use SET withdrawn = @now, withdrawn_by = @by WHERE id = @id AND withdrawn IS NULL",
        new { id, by, now = database.Now() }) == 1;

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Organisation { get; init; } = "";
        public string? Gallery { get; init; }
        public string? Identity { get; init; }
        public string? CaseNumber { get; init; }
        public string Reason { get; init; } = "";
        public string By { get; init; } = "";
        public string Approved { get; init; } = "";
        public string? Until { get; init; }
        public string? WithdrawnBy { get; init; }
        public string? Withdrawn { get; init; }

        public VettedUse ToUse() => new(
            Id, Organisation, Gallery, Identity, CaseNumber, Reason, By, StoredTime.Read(Approved),
            ServiceDatabase.ParseOptionalTime(Until), WithdrawnBy, ServiceDatabase.ParseOptionalTime(Withdrawn));
    }
}
