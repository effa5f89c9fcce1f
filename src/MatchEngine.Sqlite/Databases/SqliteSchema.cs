using System.Globalization;
using System.Reflection;
using Dapper;
using MatchEngine.Galleries.Errors;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Databases;

/// <summary>
/// Brings a database of ours to the schema of this version. Migrations are SQL files numbered from 1; the number of the last one run is
/// the database's <c>user_version</c>.
/// </summary>
internal static class SqliteSchema
{
    /// <summary>Marks a SQLite file as a gallery ("MEga" in ASCII), so that some other database is not taken for one.</summary>
    public const int ApplicationId = 0x4D45_6761;

    /// <summary>The migrations of this version, the first one making the tables.</summary>
    public static IReadOnlyList<string> Migrations { get; } = ReadMigrations("Migrations");

    /// <summary>The migrations of the audit log's database.</summary>
    public static IReadOnlyList<string> AuditMigrations { get; } = ReadMigrations("AuditMigrations");

    /// <summary>Runs what the database has not seen yet, in one transaction: either all of it or nothing.</summary>
    /// <param name="connection">An open connection that may write.</param>
    /// <param name="file">The database's file, for messages.</param>
    /// <param name="migrations">The migrations from number 1.</param>
    /// <param name="kind">What the database holds; null for a gallery.</param>
    /// <exception cref="StoreException">The database was written by a newer version, or is of another kind.</exception>
    public static void Migrate(SqliteConnection connection, string file, IReadOnlyList<string> migrations, SqliteKind? kind = null)
    {
        kind ??= SqliteKind.Gallery;
        using (var reading = connection.BeginTransaction(deferred: true))
        {
            if (Check(connection, file, migrations, kind, reading) == migrations.Count)
                return;
        }
        using var transaction = connection.BeginTransaction(deferred: false);
        // Another process may have done the work while this one waited for the lock.
        for (var version = Check(connection, file, migrations, kind, transaction); version < migrations.Count; version++)
        {
            if (migrations[version].Length > 0)
                connection.Execute(migrations[version], transaction: transaction);
        }
        connection.Execute(
            $"PRAGMA application_id = {kind.ApplicationId}; PRAGMA user_version = {migrations.Count}", transaction: transaction);
        transaction.Commit();
    }

    /// <summary>
    /// Whether a database has the tables, indexes and triggers that the migrations of this version make, and nothing else.
    /// </summary>
    /// <param name="connection">The database, migrated.</param>
    /// <param name="migrations">Its migrations.</param>
    /// <param name="kind">What it holds.</param>
    public static bool IsOurs(SqliteConnection connection, IReadOnlyList<string> migrations, SqliteKind kind)
    {
        const string Everything = "SELECT type || char(10) || name || char(10) || ifnull(sql, '') FROM sqlite_schema ORDER BY 1";
        using var ours = new SqliteConnection("Data Source=:memory:");
        ours.Open();
        Migrate(ours, ":memory:", migrations, kind);
        return ours.Query<string>(Everything).SequenceEqual(connection.Query<string>(Everything));
    }

    // The transaction makes the three readings one view: another process may be making the tables at this moment.
    private static int Check(
        SqliteConnection connection, string file, IReadOnlyList<string> migrations, SqliteKind kind, SqliteTransaction transaction)
    {
        var version = connection.ExecuteScalar<int>("PRAGMA user_version", transaction: transaction);
        var application = connection.ExecuteScalar<int>("PRAGMA application_id", transaction: transaction);
        var empty = version == 0 && connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_schema", transaction: transaction) == 0;
        if (application != kind.ApplicationId && !empty)
            throw SqliteFault.Damaged(file, "another program's database", kind: kind);
        if (version > migrations.Count)
            throw new StoreException(
                StoreFault.NewerSchema, file,
                $"{file}: the {kind.Name} was written by a newer version of MatchEngine (schema {version}; "
                    + $"this version knows up to {migrations.Count}). Use that version or a newer one");
        return version;
    }

    /// <summary>The migrations among an assembly's resources (<c>FOLDER.0001.sql</c> …), by their numbers.</summary>
    /// <param name="folder">What their names begin with.</param>
    /// <param name="assembly">The assembly; null for this one.</param>
    public static string[] ReadMigrations(string folder, Assembly? assembly = null)
    {
        assembly ??= typeof(SqliteSchema).Assembly;
        var files = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(folder + ".", StringComparison.Ordinal))
            .ToDictionary(name => int.Parse(name.Split('.')[1], CultureInfo.InvariantCulture));
        // A number that was never given out is a migration that does nothing.
        return [.. Enumerable.Range(1, files.Keys.Max()).Select(number => files.TryGetValue(number, out var name) ? Read(name) : "")];

        string Read(string name)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return reader.ReadToEnd();
        }
    }
}
