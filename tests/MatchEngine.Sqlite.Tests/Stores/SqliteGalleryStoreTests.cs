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
    public void A_batch_is_stored_as_a_whole_or_not_at_all()
    {
        using var store = New();
        var good = Image("anna", 1);
        var bad = good with { Sha256 = [1, 2, 3] };

        Assert.ThrowsAny<Exception>(() => store.Enrolment.Add([good, bad], NoAudit.Record));

        Assert.Equal((0, 0), (store.Summarize().Subjects, store.Summarize().Encounters));
        Assert.Equal(1, store.Enrolment.Add([good], NoAudit.Record)[0].Added);
    }

    [Fact]
    public void Row_ids_are_never_given_twice_so_that_an_index_cannot_take_a_new_row_for_an_old_one()
    {
        using var store = New();
        store.Enrolment.Add([Image("anna", 1)], NoAudit.Record);
        var first = Feed(store, 0).Added.Single();
        store.Subjects.RemoveSubject("anna", NoAudit.Record);
        store.Enrolment.Add([Image("anna", 1)], NoAudit.Record);

        var second = Feed(store, 0).Added.Single();

        Assert.NotEqual(first.Encounter, second.Encounter);
        Assert.NotEqual(first.Subject, second.Subject);
    }

    [Fact]
    public void The_feed_gives_what_came_and_went_after_a_change_and_nothing_else()
    {
        using var store = New();
        store.Enrolment.Add([Image("anna", 1), Image("bert", 2)], NoAudit.Record);
        var (all, _, seen) = Feed(store, 0);
        Assert.Equal(2, all.Count);
        Assert.Equal((0, 0, seen), (Feed(store, seen).Added.Count, Feed(store, seen).Removed.Count, Feed(store, seen).Change));

        store.Enrolment.Add([Image("cleo", 3)], NoAudit.Record);
        store.Subjects.RemoveSubject("anna", NoAudit.Record);
        var (added, removed, now) = Feed(store, seen);

        Assert.Equal(FakeExtractor.Embedding(3, 0).Length, added.Single().Template.Dimension);
        Assert.Equal([all[0].Encounter], removed);
        Assert.True(now > seen);
        // A duplicate is no change.
        store.Enrolment.Add([Image("cleo", 3)], NoAudit.Record);
        Assert.Equal(now, Feed(store, now).Change);
    }

    [Fact]
    public void The_version_changes_with_a_commit_of_anybody_and_with_nothing_else()
    {
        using var store = New();
        using var other = Open();
        var first = store.Feed.Version();
        Assert.Equal(first, store.Feed.Version());

        other.Enrolment.Add([Image("anna", 1)], NoAudit.Record);
        var second = store.Feed.Version();
        store.Enrolment.Add([Image("bert", 2)], NoAudit.Record);

        Assert.NotEqual(first, second);
        Assert.NotEqual(second, store.Feed.Version());
    }

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
    public void Two_writers_at_once_lose_and_double_nothing()
    {
        using var first = New();
        using var second = Open();

        var added = new long[2];
        Parallel.Invoke(() => added[0] = Write(first, 0), () => added[1] = Write(second, 20));

        Assert.Equal(60, added.Sum());
        Assert.Equal(60, first.Summarize().Encounters);
        Assert.Equal(60, Feed(first, 0).Added.Select(template => template.Encounter).Distinct().Count());

        // 40 photos each, 20 of them the same.
        static long Write(SqliteGalleryStore store, int from) =>
            Enumerable.Range(from, 40).Sum(i => store.Enrolment.Add([Image($"S{i}", i)], NoAudit.Record)[0].Added);
    }

    [Fact]
    public void A_real_disk_that_is_full_is_told_apart_and_what_was_acknowledged_is_there_when_it_is_not_full_any_more()
    {
        var disk = _folder.Sub("disk");
        Directory.CreateDirectory(disk);
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", disk),
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
