using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Galleries;

/// <summary>
/// Brings a gallery's database to the schema of this version. Migrations are SQL files numbered from 1; the number of the last one run is
/// the database's <c>user_version</c>.
/// </summary>
internal static class SqliteSchema
{
    /// <summary>Marks a SQLite file as a gallery ("MEga" in ASCII), so that some other database is not taken for one.</summary>
    public const int ApplicationId = 0x4D45_6761;

    /// <summary>The migrations of this version, the first one making the tables.</summary>
    public static IReadOnlyList<string> Migrations { get; } = ReadMigrations();

    /// <summary>Runs what the database has not seen yet, in one transaction: either all of it or nothing.</summary>
    /// <param name="connection">An open connection that may write.</param>
    /// <param name="file">The database's file, for messages.</param>
    /// <param name="migrations">The migrations from number 1.</param>
    /// <exception cref="StoreException">The database was written by a newer version, or is not a gallery.</exception>
    public static void Migrate(SqliteConnection connection, string file, IReadOnlyList<string> migrations)
    {
        using (var reading = connection.BeginTransaction(deferred: true))
        {
            if (Check(connection, file, migrations, reading) == migrations.Count)
                return;
        }
        using var transaction = connection.BeginTransaction(deferred: false);
        // Another process may have done the work while this one waited for the lock.
        for (var version = Check(connection, file, migrations, transaction); version < migrations.Count; version++)
            connection.Execute(migrations[version], transaction: transaction);
        connection.Execute($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {migrations.Count}", transaction: transaction);
        transaction.Commit();
    }

    // The transaction makes the three readings one view: another process may be making the tables at this moment.
    private static int Check(SqliteConnection connection, string file, IReadOnlyList<string> migrations, SqliteTransaction transaction)
    {
        var version = connection.ExecuteScalar<int>("PRAGMA user_version", transaction: transaction);
        var application = connection.ExecuteScalar<int>("PRAGMA application_id", transaction: transaction);
        var empty = version == 0 && connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_schema", transaction: transaction) == 0;
        if (application != ApplicationId && !empty)
            throw SqliteFault.Damaged(file, "another program's database");
        if (version > migrations.Count)
            throw new StoreException(
                StoreFault.NewerSchema, file, $"{file}: the gallery was written by a newer version of MatchEngine (schema {version}; this version knows up to {migrations.Count}). Use that version or a newer one");
        return version;
    }

    private static string[] ReadMigrations()
    {
        var assembly = typeof(SqliteSchema).Assembly;
        var found = new List<string>();
        while (assembly.GetManifestResourceStream(string.Create(CultureInfo.InvariantCulture, $"Migrations.{found.Count + 1:0000}.sql")) is { } stream)
        {
            using var reader = new StreamReader(stream);
            found.Add(reader.ReadToEnd());
        }
        return [.. found];
    }
}
