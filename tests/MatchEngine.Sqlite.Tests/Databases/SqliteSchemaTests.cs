using Dapper;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Search;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Sqlite.Databases;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Tests.Databases;

public class SqliteSchemaTests
{
    [Fact]
    public async Task A_gallery_of_the_first_schema_gets_the_defaults_and_keeps_its_rows()
    {
        using var folder = new TemporaryFolder();
        var extractor = new FakeExtractor();
        Directory.CreateDirectory(folder.Sub("galleries", "old"));
        using (var connection = new SqliteConnection($"Data Source={folder.Sub("galleries", "old", "gallery.db")};Pooling=False"))
        {
            connection.Open();
            SqliteSchema.Migrate(connection, "old", [SqliteSchema.Migrations[0]]);
            connection.Execute(
                "INSERT INTO gallery (id, model, model_digest, dimension, created) "
                    + "VALUES (1, 'fake', @Digest, 64, '2025-01-01T00:00:00.000Z')", new { extractor.Model.Digest });
        }

        using var gallery = SqliteDataFolder.Open(folder).Open("old");
        await gallery.EnrolAsync(extractor, new ListSource([TestGallery.Item("anna", FakeImage.Of(new FakeFace(1)))]), NoAudit.Next);

        Assert.Equal(new GalleryProperties(), gallery.Properties);
        Assert.Equal("anna", gallery.Search(extractor, FakeImage.Of(new FakeFace(1))).Candidates.Single().SubjectId);
    }

    [Fact]
    public void A_new_database_gets_the_schema_of_this_version_and_a_second_run_changes_nothing()
    {
        using var database = new Database();

        SqliteSchema.Migrate(database.Connection, database.File, SqliteSchema.Migrations);
        var first = database.Schema();
        SqliteSchema.Migrate(database.Connection, database.File, SqliteSchema.Migrations);

        Assert.Equal(SqliteSchema.Migrations.Count, database.Scalar("PRAGMA user_version"));
        Assert.Equal(SqliteSchema.ApplicationId, database.Scalar("PRAGMA application_id"));
        Assert.Contains("CREATE TABLE template", first, StringComparison.Ordinal);
        Assert.Equal(first, database.Schema());
    }

    [Fact]
    public void Every_table_is_strict() => UsingMigrated(database => Assert.Equal(
        0, database.Scalar(
            "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' "
                + "AND strict = 0")));

    [Fact]
    public void The_next_version_migrates_this_one_and_keeps_its_rows() => UsingMigrated(database =>
    {
        database.Connection.Execute("INSERT INTO subject (subject_id) VALUES ('anna')");
        string[] next = [.. SqliteSchema.Migrations, "ALTER TABLE subject ADD COLUMN note TEXT NOT NULL DEFAULT 'none'"];

        SqliteSchema.Migrate(database.Connection, database.File, next);

        Assert.Equal(next.Length, database.Scalar("PRAGMA user_version"));
        Assert.Equal("anna|none", database.Connection.ExecuteScalar<string>("SELECT subject_id || '|' || note FROM subject"));
    });

    [Fact]
    public void Encounters_of_version_1_get_an_unknown_quality()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("matchengine-schema-").FullName, "gallery.db");
        try
        {
            using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
            connection.Open();
            SqliteSchema.Migrate(connection, file, [SqliteSchema.Migrations[0]]);
            connection.Execute("INSERT INTO subject (subject_id) VALUES ('anna')");
            connection.Execute(
                "INSERT INTO encounter (encounter_id, subject, image, image_sha256, face, faces_found, box_x, box_y, box_width, "
                    + "box_height, confidence, image_width, image_height, enrolled, change) "
                + "VALUES ('e', 1, 'a.jpg', zeroblob(32), 1, 1, 0, 0, 1, 1, 1, 9, 9, '2020-01-01T00:00:00.000Z', 1)");
            SqliteSchema.Migrate(connection, file, SqliteSchema.Migrations);
            Assert.Equal("e|", connection.ExecuteScalar<string>("SELECT encounter_id || '|' || coalesce(quality, '') FROM encounter"));
            Assert.Throws<SqliteException>(() => connection.Execute("UPDATE encounter SET quality = 101"));
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }
    }

    [Fact]
    public void A_migration_that_fails_leaves_the_version_before_it() => UsingMigrated(database =>
    {
        var before = database.Schema();
        string[] broken = [SqliteSchema.Migrations[0], "CREATE TABLE extra (id INTEGER PRIMARY KEY)", "NONSENSE STATEMENT"];

        Assert.Throws<SqliteException>(() => SqliteSchema.Migrate(database.Connection, database.File, broken));

        Assert.Equal(1, database.Scalar("PRAGMA user_version"));
        Assert.Equal(before, database.Schema());
    });

    [Fact]
    public void A_newer_schema_is_refused_and_left_alone() => UsingMigrated(database =>
    {
        database.Connection.Execute($"PRAGMA user_version = {SqliteSchema.Migrations.Count + 1}");

        var error = Assert.Throws<StoreException>(() => SqliteSchema.Migrate(database.Connection, database.File, SqliteSchema.Migrations));

        Assert.Equal(StoreFault.NewerSchema, error.Fault);
        Assert.Contains(database.File, error.Message, StringComparison.Ordinal);
        Assert.Equal(SqliteSchema.Migrations.Count + 1, database.Scalar("PRAGMA user_version"));
    });

    [Fact]
    public void Another_programs_database_is_not_taken_for_a_gallery()
    {
        using var database = new Database();
        database.Connection.Execute("CREATE TABLE theirs (id INTEGER)");

        var error = Assert.Throws<StoreException>(() => SqliteSchema.Migrate(database.Connection, database.File, SqliteSchema.Migrations));

        Assert.Equal(StoreFault.Damaged, error.Fault);
        Assert.Contains("another program's database", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_whose_tables_are_being_made_is_never_taken_for_another_programs()
    {
        for (var round = 0; round < 20; round++)
        {
            using var database = new Database();
            database.Connection.Execute("PRAGMA journal_mode = WAL");
            using var started = new ManualResetEventSlim();
            // A version that knows no migration at all looks again and again: nothing there, then something newer.
            var looking = Task.Run(() =>
            {
                using var connection = new SqliteConnection($"Data Source={database.File};Pooling=False");
                connection.Open();
                while (true)
                {
                    SqliteSchema.Migrate(connection, database.File, []);
                    started.Set();
                }
            });
            started.Wait(TestContext.Current.CancellationToken);

            SqliteSchema.Migrate(database.Connection, database.File, SqliteSchema.Migrations);

            Assert.Equal(StoreFault.NewerSchema, (await Assert.ThrowsAsync<StoreException>(() => looking)).Fault);
        }
    }

    private static void UsingMigrated(Action<Database> test)
    {
        using var database = new Database();
        SqliteSchema.Migrate(database.Connection, database.File, [SqliteSchema.Migrations[0]]);
        test(database);
    }

    private sealed class Database : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public Database()
        {
            File = _folder.Sub("gallery.db");
            Connection = new SqliteConnection($"Data Source={File};Pooling=False");
            Connection.Open();
        }

        public string File { get; }

        public SqliteConnection Connection { get; }

        public long Scalar(string sql) => Connection.ExecuteScalar<long>(sql);

        public string Schema() =>
            string.Join('\n', Connection.Query<string>("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name"));

        public void Dispose()
        {
            Connection.Dispose();
            _folder.Dispose();
        }
    }
}
