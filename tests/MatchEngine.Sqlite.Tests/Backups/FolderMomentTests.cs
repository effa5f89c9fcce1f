using Dapper;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Sqlite.Backups;
using MatchEngine.Sqlite.Databases;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Tests.Backups;

public class FolderMomentTests
{
    [Fact]
    public async Task While_two_galleries_are_changed_each_copy_has_every_change_with_its_event_and_every_event_with_its_change()
    {
        using var folder = new TemporaryFolder();
        var catalog = SqliteDataFolder.Open(folder);
        using var log = SqliteDataFolder.OpenAudit(folder);
        var journal = new AuditedJournal(log, catalog, new ChangeAuthor("test"), mark: null, witnesses: []);
        var extractor = new FakeExtractor();
        using var until = new CancellationTokenSource();
        var writers = new[] { "a", "b" }.Select(name =>
        {
            var gallery = catalog.Create(name, extractor.Model, NoAudit.Record);
            return Task.Run(async () =>
            {
                using (gallery)
                    for (var i = 0; !until.IsCancellationRequested; i++)
                    {
                        var subject = TestGallery.Item($"{name}{i}", FakeImage.Of(new FakeFace(i)));
                        await journal.MakeAsync(
                            new ChangeAuthor("test"), AuditKinds.SubjectEnrolled, new { galleries = new[] { name } },
                            record => gallery.EnrolAsync(extractor, new ListSource([subject]), record));
                    }
            });
        }).ToList();

        var seen = new HashSet<long>();
        for (var round = 0; round < 12; round++)
        {
            var copies = new Dictionary<string, string>();
            using (var moment = FolderMoment.Take(folder, TimeProvider.System, TimeSpan.FromMinutes(1), CancellationToken.None))
            {
                // Long enough for the writers to go on: what they write now must not be in any copy.
                await Task.Delay(20);
                foreach (var database in moment.Databases)
                    moment.Copy(
                        database, copies[database.Gallery ?? "audit"] = folder.Sub($"{round}-{database.Gallery}.db"), _ => { },
                        CancellationToken.None);
            }
            var enrolled = new List<(long, string)>();
            foreach (var name in new[] { "a", "b" })
                enrolled.AddRange(Query(copies[name], "SELECT sequence, hash FROM change_made"));
            var events = Query(copies["audit"], $"SELECT sequence, hash FROM event WHERE kind = '{AuditKinds.SubjectEnrolled}'");
            Assert.Equal(events.Order(), enrolled.Order());
            seen.Add(events.Count);
        }
        await until.CancelAsync();
        await Task.WhenAll(writers);
        Assert.True(seen.Count > 6, "nobody wrote meanwhile");
    }

    [Fact]
    public async Task Whoever_holds_a_gallery_and_waits_for_the_audit_is_waited_for()
    {
        using var folder = new TemporaryFolder();
        SqliteDataFolder.Open(folder).Create("g", new FakeExtractor().Model, NoAudit.Record).Dispose();
        SqliteDataFolder.OpenAudit(folder).Dispose();
        using var gallery = Open(folder.Sub("galleries", "g", "gallery.db"));
        var held = gallery.BeginTransaction(deferred: false);

        var taking = Task.Run(() => FolderMoment.Take(folder, TimeProvider.System, TimeSpan.FromMinutes(1), CancellationToken.None));
        await Task.Delay(1500);
        using (var audit = Open(folder.Sub("audit", "audit.db")))
        using (var writing = audit.BeginTransaction(deferred: false))
            writing.Commit();
        Assert.False(taking.IsCompleted);
        held.Commit();

        using var moment = await taking;
        Assert.Equal(["g", null], moment.Databases.Select(database => database.Gallery));
    }

    [Fact]
    public void Whoever_writes_without_a_pause_ends_the_attempt_with_its_fault()
    {
        using var folder = new TemporaryFolder();
        SqliteDataFolder.Open(folder).Create("g", new FakeExtractor().Model, NoAudit.Record).Dispose();
        using var gallery = Open(folder.Sub("galleries", "g", "gallery.db"));
        using var held = gallery.BeginTransaction(deferred: false);

        Assert.Equal(
            StoreFault.Locked,
            Assert.Throws<StoreException>(
                () => FolderMoment.Take(folder, TimeProvider.System, TimeSpan.Zero, CancellationToken.None)).Fault);
    }

    [Fact]
    public void A_gallery_that_cannot_be_read_hides_no_other()
    {
        using var folder = new TemporaryFolder();
        SqliteDataFolder.Open(folder).Create("whole", new FakeExtractor().Model, NoAudit.Record).Dispose();
        folder.Write("galleries/broken/gallery.db", new string('x', 5000));

        using var moment = FolderMoment.Take(folder, TimeProvider.System, SqliteSession.DefaultPatience, CancellationToken.None);

        Assert.Equal(["broken"], moment.Unread);
        Assert.Equal(["whole"], moment.Databases.Select(database => database.Gallery));
    }

    private static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        return connection;
    }

    private static List<(long, string)> Query(string file, string sql)
    {
        using var connection = Open(file);
        return [.. connection.Query<(long, string)>(sql)];
    }
}
