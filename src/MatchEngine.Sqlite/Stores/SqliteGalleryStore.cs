using Dapper;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Encryption;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Stores;
using MatchEngine.Sqlite.Archives;
using MatchEngine.Sqlite.Databases;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Stores;

/// <summary>
/// A gallery in one SQLite database: made, opened, copied, adopted, counted. What is done with its rows is each a file of its own.
/// </summary>
internal sealed class SqliteGalleryStore : IGalleryStore
{
    private readonly GalleryDatabase _database;

    private SqliteGalleryStore(GalleryDatabase database)
    {
        _database = database;
        (Feed, Enrolment, Subjects, Duplicates, Properties, Providers, Images) = (
            new SqliteChangeFeed(database), new SqliteEnrolmentStore(database), new SqliteSubjectStore(database),
            new SqliteDuplicateStore(database), new SqlitePropertyStore(database), new SqliteProviderStore(database),
            new SqliteImageStore(database));
    }

    public string Name => _database.Name;

    public GalleryModel Model => _database.Model;

    public IChangeFeed Feed { get; }

    public IEnrolmentStore Enrolment { get; }

    public ISubjectStore Subjects { get; }

    public IDuplicateStore Duplicates { get; }

    public SqlitePropertyStore Properties { get; }

    IPropertyStore IGalleryStore.Properties => Properties;

    public IProviderStore Providers { get; }

    public IImageStore Images { get; }

    /// <summary>Makes the database, or what is missing of one whose making was interrupted; false when a finished one is there.</summary>
    public static bool Create(
        string file, GalleryModel model, TimeProvider clock, TimeSpan patience, GalleryProperties properties, ChangeRecord record)
    {
        using var session = new SqliteSession(file, patience, SqliteOpenMode.ReadWriteCreate);
        session.Use(connection =>
        {
            SqliteSchema.Migrate(connection, file, SqliteSchema.Migrations);
            return 0;
        });
        return session.Write((connection, transaction) =>
        {
            var created = connection.Execute(
                "INSERT INTO gallery (id, model, model_digest, dimension, created) VALUES (1, @Id, @digest, @Dimension, @created) "
                    + "ON CONFLICT DO NOTHING",
                new { model.Id, digest = model.Digest.ToString(), model.Dimension, created = StoredTime.Write(clock.GetUtcNow()) },
                transaction) == 1;
            if (!created)
                return false;
            PropertyTables.Write(properties, connection, transaction);
            ChangeMarks.Write(record, null, connection, transaction);
            return true;
        });
    }

    /// <summary>Opens a database; null when its making was interrupted or it is being deleted.</summary>
    public static SqliteGalleryStore? Open(string name, string file, TimeProvider clock, TimeSpan patience, DataKeys? keys = null)
    {
        GalleryRow? row;
        using (var session = new SqliteSession(file, patience))
            row = session.Use(connection =>
            {
                SqliteSchema.Migrate(connection, file, SqliteSchema.Migrations);
                return GalleryRow.Read(connection);
            });
        if (row is not { Deleting: false })
            return null;
        var database = new GalleryDatabase(name, file, clock, patience, row, keys);
        try
        {
            // A process that removed somebody and died before the journal was cleaned left this to the next one.
            if (row.Unscrubbed)
                database.Scrub();
            return new SqliteGalleryStore(database);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Copies the database as it stands at one moment into a new file: rows alone, nothing of what was removed.</summary>
    /// <returns>The key under which images and biographics are encrypted, or null.</returns>
    public string? CopyTo(string file)
    {
        // A connection of its own: the copy takes a while, and nobody is to wait for it.
        using var session = _database.Session();
        return session.Use(connection =>
        {
            using (var transaction = connection.BeginTransaction(deferred: true))
                _database.RequireAlive(connection, transaction);
            connection.Execute("VACUUM INTO @file", new { file });
            return GalleryRow.Read(connection)?.KeyId;
        });
    }

    /// <summary>
    /// Makes a copy that came from elsewhere a gallery of its own: checks it, brings it to the schema of this version,
    /// and gives it an identity of its own.
    /// </summary>
    /// <exception cref="StoreException">It is damaged, of a newer schema, or no gallery.</exception>
    public static void Adopt(string file, TimeSpan patience)
    {
        RequireOurs(file, patience);
        using var session = new SqliteSession(file, patience);
        session.Write((connection, transaction) =>
        {
            if (connection.Execute("UPDATE gallery SET deleting = 0, identity = lower(hex(randomblob(16)))", transaction: transaction) != 1)
                throw SqliteFault.Damaged(file, "it has no model");
            return connection.Execute("DELETE FROM change_made", transaction: transaction);
        });
    }

    /// <summary>
    /// Refuses a database that came from elsewhere and is no gallery's, and brings one that is to the schema of this version.
    /// </summary>
    /// <exception cref="StoreException">It is damaged, of a newer schema, or no gallery.</exception>
    public static void RequireOurs(string file, TimeSpan patience)
    {
        using var session = new SqliteSession(file, patience);
        session.Use(connection =>
        {
            ArrivedDatabase.Require(connection, file, SqliteSchema.Migrations, SqliteKind.Gallery);
            ArrivedRows.RequireLengths(connection);
            return 0;
        });
    }

    /// <summary>Refuses a gallery of which a row is no value of the domain: what was adopted is looked at before anybody uses it.</summary>
    /// <exception cref="StoreException">It holds one.</exception>
    public void RequireRows() => _database.ReadLong(connection =>
    {
        new ArrivedRows(connection, _database).Require();
        return 0;
    });

    /// <summary>Tells every process that has the gallery open that it is gone.</summary>
    public static void MarkDeleting(string file, TimeSpan patience)
    {
        using var session = new SqliteSession(file, patience);
        session.Write((connection, transaction) => connection.Execute("UPDATE gallery SET deleting = 1", transaction: transaction));
    }

    public GallerySummary Summarize()
    {
        // Every encounter has one template: they are added together and go together. Counting the templates themselves would read them.
        var (subjects, encounters) = _database.Read(connection => connection.QuerySingle<(long, long)>(
            "SELECT (SELECT count(*) FROM subject), (SELECT count(*) FROM encounter)"));
        try
        {
            var bytes = new DirectoryInfo(
                Path.GetDirectoryName(_database.File)!).EnumerateFiles("*", SearchOption.AllDirectories).Sum(LengthOf);
            return new GallerySummary(Name, Model, _database.Created, subjects, encounters, encounters, bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StoreException.Of(e, _database.File);
        }
    }

    public GalleryQuality SummarizeQuality() => _database.ReadLong(connection =>
    {
        var (assessed, lowest, mean) = connection.QuerySingle<(long, double?, double?)>(
            "SELECT count(quality), min(quality), avg(quality) FROM encounter");
        return new GalleryQuality(assessed, lowest, mean);
    });

    public bool HasMade(AuditEvent written) => _database.HasMade(written);

    public void Dispose() => _database.Dispose();

    // The temporary file of a snapshot that is being saved may be gone by now.
    private static long LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }
}
