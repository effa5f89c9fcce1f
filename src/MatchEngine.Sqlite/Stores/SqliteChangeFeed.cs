using Dapper;
using MatchEngine.Galleries.Encryption;
using MatchEngine.Galleries.Stores;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Stores;

/// <summary>What came and went in a gallery: the column <c>change</c> of its encounters, and the table <c>removal</c>.</summary>
internal sealed class SqliteChangeFeed(GalleryDatabase database) : IChangeFeed
{
    public string Identity => database.Identity;

    public string? SnapshotFile => Path.ChangeExtension(database.File, ".index");

    public long Version() => database.Version();

    public (long Change, long Templates) Extent() => database.Read(connection => connection.QuerySingle<(long, long)>(
        "SELECT (SELECT change FROM gallery), (SELECT count(*) FROM encounter)"));

    public long ReadChanges(long after, Action<StoredTemplate> added, Action<long> removed, CancellationToken cancellationToken) =>
        database.Follow(connection =>
        {
            using var transaction = connection.BeginTransaction(deferred: true);
            var change = database.RequireAlive(connection, transaction).Change;
            if (change == after)
                return change;
            ReadAdded(after, added, connection, transaction, cancellationToken);
            foreach (var row in connection.Query<long>(
                "SELECT encounter FROM removal WHERE change > @after", new { after }, transaction, buffered: false))
                removed(row);
            return change;
        });

    public long ReadSubjects(
        long after, Action<long, IReadOnlyDictionary<string, string>> present, Action<long> removed, CancellationToken cancellationToken) =>
        database.ReadLong(connection =>
        {
            using var transaction = connection.BeginTransaction(deferred: true);
            database.RequireAlive(connection, transaction);
            var change = connection.ExecuteScalar<long>("SELECT subject_change FROM gallery", transaction: transaction);
            if (change == after)
                return change;
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = after == 0
                ? "SELECT id, subject_id, biographics, key_id FROM subject ORDER BY id"
                : "SELECT id, subject_id, biographics, key_id FROM subject INDEXED BY subject_by_change WHERE change > @after";
            command.Parameters.AddWithValue("@after", after);
            using (var reader = command.ExecuteReader())
            {
                while (reader.Read())
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var text = database.Values.Open(
                        reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3),
                        SealedValues.BiographicsOf(reader.GetString(1)));
                    present(reader.GetInt64(0), KeyValueJson.Read(text));
                }
            }
            foreach (var row in connection.Query<long>(
                "SELECT subject FROM subject_removal WHERE change > @after", new { after }, transaction, buffered: false))
                removed(row);
            return change;
        });

    public IReadOnlyList<long> RemovedAfter(long change) => database.Read(connection => connection
        .Query<long>("SELECT encounter FROM removal WHERE change > @change", new { change }).AsList());

    public IReadOnlyDictionary<long, FoundEncounter> FindRows(IReadOnlyCollection<long> rows) => database.Read(
        connection => connection.Query<EncounterRow>($"SELECT {EncounterRow.Columns} WHERE e.id IN @rows", new { rows }).AsList(),
        found => found.ToDictionary(
            row => row.Row, row => new FoundEncounter(row.ToEncounter(database.Values), row.ToBiographics(database.Values))));

    private void ReadAdded(
        long after, Action<StoredTemplate> added, SqliteConnection connection, SqliteTransaction transaction,
        CancellationToken cancellationToken)
    {
        // From the start, the rows are wanted in the order in which they lie; an index would only make the disk jump.
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = after == 0
            ? "SELECT e.id, e.subject, t.body FROM encounter e CROSS JOIN template t ON t.encounter = e.id ORDER BY e.id"
            : "SELECT e.id, e.subject, t.body FROM encounter e INDEXED BY encounter_by_change CROSS JOIN template t "
                + "ON t.encounter = e.id WHERE e.change > @after ORDER BY e.id";
        command.Parameters.AddWithValue("@after", after);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            added(new StoredTemplate(
                reader.GetInt64(0), reader.GetInt64(1),
                database.ParseTemplate(reader.GetInt64(0), reader.GetFieldValue<byte[]>(2))));
        }
    }
}
