using Dapper;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Galleries;

namespace MatchEngine.Sqlite.Book;

/// <summary>The organisations.</summary>
internal sealed class SqliteOrganisations(ServiceDatabase database) : IOrganisations
{
    private const string Columns = "id AS Id, name AS Name, created AS Created";

    public IReadOnlyList<Organisation> List() => database.Read(connection =>
        connection.Query<Row>($"SELECT {Columns} FROM organisation ORDER BY id").Select(row => row.ToOrganisation()).ToList());

    public Organisation? Find(string id) => database.Read(connection =>
        connection.QuerySingleOrDefault<Row>($"SELECT {Columns} FROM organisation WHERE id = @id", new { id })?.ToOrganisation());

    public bool Add(BookChange change, string id, string name) => database.Execute(
        "INSERT INTO organisation (id, name, created) VALUES (@id, @name, @now) ON CONFLICT DO NOTHING",
        new { id, name, now = database.Now() }) == 1;

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Name { get; init; } = "";
        public string Created { get; init; } = "";

        public Organisation ToOrganisation() => new(Id, Name, StoredTime.Read(Created));
    }
}
