using Dapper;
using MatchEngine.Faces.Geometry;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Stores;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Sqlite.Stores;
using MatchEngine.Vectors;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Tests.Stores;

public sealed class SqliteGalleryStoreTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly GalleryModel Model = GalleryModel.Of(new FakeExtractor().Model);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_damaged_template_is_found_when_it_is_read()
    {
        using (var store = New())
            store.Enrolment.Add([Image("anna", 1)], NoAudit.Record);
        var body = Template.FromEmbedding(FakeExtractor.Embedding(1, 0), Model.Digest).ToBytes();
        body[60] ^= 1;
        Sql("UPDATE template SET body = $body", ("$body", body));

        using var damaged = Open();
        var error = Assert.Throws<StoreException>(() => Feed(damaged, 0));

        Assert.Equal(StoreFault.Damaged, error.Fault);
        Assert.Contains(Database, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_of_another_model_is_damage()
    {
        using (var store = New())
            store.Enrolment.Add([Image("anna", 1)], NoAudit.Record);
        Sql("UPDATE gallery SET model_digest = $digest", ("$digest", new string('a', 64)));

        using var damaged = Open();

        Assert.Equal(StoreFault.Damaged, Assert.Throws<StoreException>(() => Feed(damaged, 0)).Fault);
    }

    [Fact]
    public void Garbage_in_the_middle_of_the_file_is_damage()
    {
        using (var store = New())
            store.Enrolment.Add([.. Enumerable.Range(0, 300).Select(i => Image($"S{i}", i))], NoAudit.Record);
        using (var file = File.OpenWrite(Database))
        {
            file.Position = 8 * 4096;
            var garbage = new byte[40 * 4096];
            new Random(1).NextBytes(garbage);
            file.Write(garbage);
        }

        var error = Assert.Throws<StoreException>(() =>
        {
            using var damaged = Open();
            Feed(damaged, 0);
            damaged.Subjects.Page(null, 1000);
        });

        Assert.Equal(StoreFault.Damaged, error.Fault);
    }

    [Fact]
    public void A_journal_that_could_not_be_cleaned_because_somebody_was_reading_is_cleaned_at_the_next_opening()
    {
        using var store = New();
        store.Enrolment.Add([Image("anna", 1) with { Image = "a secret path" }], NoAudit.Record);
        using (var reader = new SqliteConnection($"Data Source={Database};Pooling=False"))
        {
            reader.Open();
            using var reading = reader.BeginTransaction(deferred: true);
            reader.ExecuteScalar<long>("SELECT count(*) FROM encounter", transaction: reading);

            Assert.True(store.Subjects.RemoveSubject("anna", NoAudit.Record));

            Assert.True(FolderBytes.Contain(_folder, "a secret path"u8));
        }

        using var next = Open();

        Assert.False(FolderBytes.Contain(_folder, "a secret path"u8));
    }

    [Fact]
    public void A_real_disk_that_is_full_is_told_apart_and_what_was_acknowledged_is_there_when_it_is_not_full_any_more()
    {
        var disk = _folder.Sub("disk");
        Directory.CreateDirectory(disk);
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", "size=900k", "tmpfs", disk),
            "needs the right to mount a small file system");
        try
        {
            var file = Path.Combine(disk, "gallery.db");
            SqliteGalleryStore.Create(file, Model, TimeProvider.System, Patience, new GalleryProperties(), NoAudit.Record);
            using var store = SqliteGalleryStore.Open("g", file, TimeProvider.System, Patience)!;
            var acknowledged = 0;

            var error = Assert.Throws<StoreException>(() =>
            {
                for (; acknowledged < 10_000; acknowledged++)
                    store.Enrolment.Add([Image($"S{acknowledged}", acknowledged)], NoAudit.Record);
            });

            Assert.Equal(StoreFault.DiskFull, error.Fault);
            Assert.InRange(acknowledged, 10, 9_999);
            Assert.True(Run("mount", "-o", "remount,size=8m", disk));
            Assert.Equal(acknowledged, store.Summarize().Encounters);
            Assert.Equal(1, store.Enrolment.Add([Image("next", 99_999)], NoAudit.Record)[0].Added);
        }
        finally
        {
            Assert.True(Run("umount", disk));
        }
    }

    private string Database => _folder.Sub("gallery.db");

    private SqliteGalleryStore New()
    {
        Assert.True(SqliteGalleryStore.Create(Database, Model, TimeProvider.System, Patience, new GalleryProperties(), NoAudit.Record));
        return Open();
    }

    private SqliteGalleryStore Open() => SqliteGalleryStore.Open("g", Database, TimeProvider.System, Patience)!;

    private void Sql(string sql, params (string Name, object Value)[] parameters)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        Assert.True(command.ExecuteNonQuery() > 0);
    }

    private static CapturedImage Image(string subject, int identity) => new(
        $"{subject}.jpg",
        System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{subject} {identity}")),
        640,
        480,
        1,
        null,
        new Dictionary<string, string>(),
        true,
        [new CapturedFace(
            subject, 1, new BoundingBox(1, 2, 3, 4), 0.5f,
            Template.FromEmbedding(FakeExtractor.Embedding(identity, 0), Model.Digest).ToBytes())]);

    private static (List<StoredTemplate> Added, List<long> Removed, long Change) Feed(SqliteGalleryStore store, long after)
    {
        var added = new List<StoredTemplate>();
        var removed = new List<long>();
        var change = store.Feed.ReadChanges(after, added.Add, removed.Add, CancellationToken.None);
        return (added, removed, change);
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = System.Diagnostics.Process.Start(
                new System.Diagnostics.ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
