using Dapper;
using MatchEngine.Galleries.Stores;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Service.Store;

/// <summary>An organisation whose people use the service.</summary>
/// <param name="Id">Its id: lower-case letters, digits and dashes.</param>
/// <param name="Name">Its name.</param>
/// <param name="Created">When it was added (UTC).</param>
internal sealed record Organisation(string Id, string Name, DateTimeOffset Created);

/// <summary>The organisations.</summary>
internal sealed class Organisations(ServiceDatabase database)
{
    private const string Columns = "id AS Id, name AS Name, created AS Created";

    public IReadOnlyList<Organisation> List() => database.Read(connection =>
        connection.Query<Row>($"SELECT {Columns} FROM organisation ORDER BY id").Select(row => row.ToOrganisation()).ToList());

    public Organisation? Find(string id) => database.Read(connection =>
        connection.QuerySingleOrDefault<Row>($"SELECT {Columns} FROM organisation WHERE id = @id", new { id })?.ToOrganisation());

    /// <summary>Adds one; false when the id is taken.</summary>
    public bool Add(string id, string name) =>
        database.Write((connection, transaction) => Add(connection, transaction, id, name, database.Now()));

    /// <summary>The same within a transaction.</summary>
    public static bool Add(SqliteConnection connection, SqliteTransaction transaction, string id, string name, string now) =>
        connection.Execute(
            "INSERT INTO organisation (id, name, created) VALUES (@id, @name, @now) ON CONFLICT DO NOTHING",
            new { id, name, now }, transaction) == 1;

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Name { get; init; } = "";
        public string Created { get; init; } = "";

        public Organisation ToOrganisation() => new(Id, Name, StoredTime.Read(Created));
    }
}
