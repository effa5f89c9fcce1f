using System.Text.Json;
using Dapper;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Search;
using MatchEngine.Galleries.Tests.Fakes;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Tests;

/// <summary>
/// A data folder as the version wrote it that knew no ports: five synthetic templates of four subjects, and four audit events without a
/// schema. The files in <c>Fixtures</c> are dumps of what that version's own workers made.
/// </summary>
public sealed class EarlierFolderTests : IDisposable
{
    private const string Head = "8ab0cf66dcf95a081a5439a9c83274ab2185ac1ac1337cad5df6e72f43c1ce55";

    private readonly TemporaryFolder _folder = new();
    private readonly FakeExtractor _extractor = new();

    public EarlierFolderTests()
    {
        Restore("gallery.sql", _folder.Sub("galleries", "old", "gallery.db"));
        Restore("audit.sql", SqliteDataFolder.AuditFile(_folder));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Its_gallery_opens_searches_and_takes_more()
    {
        var catalog = SqliteDataFolder.Open(_folder);
        var listed = Assert.Single(catalog.List());
        Assert.Equal(("old", 4L, 5L), (listed.Name, listed.Summary!.Subjects, listed.Summary.Encounters));
        using var gallery = catalog.Open("old");
        Assert.Equal(new GalleryProperties(), gallery.Properties);
        Assert.Equal(["S1", "S2", "S3", "S4"], gallery.Subjects().Select(subject => subject.Id));
        Assert.Equal("F", gallery.FindSubject("S4")!.Biographics["sex"]);
        foreach (var (identity, subject) in new[] { (1, "S1"), (2, "S2"), (4, "S4"), (5, "S4") })
            Assert.Equal((subject, 1f), First(gallery, identity));

        await gallery.EnrolAsync(_extractor, new ListSource([TestGallery.Item("S5", FakeImage.Of(new FakeFace(6)))]), NoAudit.Next);
        Assert.True(gallery.RemoveSubject("S2", NoAudit.Record));

        Assert.Equal(("S5", 1f), First(gallery, 6));
        Assert.NotEqual("S2", First(gallery, 2).Subject);
    }

    [Fact]
    public void Permissions_that_it_gave_stay_in_effect()
    {
        using (var connection = new SqliteConnection($"Data Source={_folder.Sub("galleries", "old", "gallery.db")};Pooling=False"))
            connection.Execute("INSERT INTO permission (organisation, may_search, fields) VALUES ('friend', 1, '[\"sex\"]')");

        using var gallery = SqliteDataFolder.Open(_folder).Open("old");

        Assert.Equal(
            [new GalleryPermission("friend", true, BiographicFields.Only("sex")) { State = SharingState.Accepted }], gallery.Permissions);
        Assert.True(gallery.PermissionOf("friend").MaySearch);
    }

    [Fact]
    public void Its_audit_verifies_and_goes_on_with_payloads_that_say_their_schema()
    {
        using var log = SqliteDataFolder.OpenAudit(_folder);
        Assert.Equal(new AuditVerification(4, Head, null), log.Verify());

        var written = log.Append(new AuditEntry { Kind = "test", Actor = "somebody", Payload = AuditEntry.Object(new { number = 4 }) });

        Assert.Equal((5L, Head), (written.Sequence, written.PreviousHash));
        Assert.Equal(new AuditVerification(5, written.Hash, null), log.Verify(Head));
        Assert.Equal(
            [null, null, null, null, 1],
            log.Read().Select(read => JsonElement.Parse(read.Payload).TryGetProperty(AuditLog.SchemaMember, out var schema)
                ? schema.GetInt32()
                : (int?)null));
    }

    [Fact]
    public void A_change_in_its_gallery_is_noted_and_settled()
    {
        var catalog = SqliteDataFolder.Open(_folder);
        using var gallery = catalog.Open("old");
        using var log = SqliteDataFolder.OpenAudit(_folder);
        var mark = new Mark();
        var journal = new AuditedJournal(log, catalog, new ChangeAuthor("service"), mark, []);

        journal.Make(new ChangeAuthor("anna"), "subject.removed", new { galleries = new[] { "old" } }, record =>
            gallery.RemoveSubject("S1", record()));
        journal.Settle();

        var written = log.Read(after: 4).Single();
        Assert.True(gallery.HasMade(written));
        Assert.Equal(written.Sequence, mark.Settled);
    }

    private (string Subject, float Score) First(Gallery gallery, int identity)
    {
        var list = gallery.Search(_extractor, FakeImage.Of(new FakeFace(identity)));
        return (list.Candidates[0].SubjectId, MathF.Round(list.Candidates[0].Score, 3));
    }

    private static void Restore(string fixture, string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        // A dump's tables stand in the order of their names, before those that they refer to.
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False;Foreign Keys=False");
        connection.Open();
        connection.Execute(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", fixture)));
    }

    private sealed class Mark : ISettledMark
    {
        public long Settled { get; set; }
    }
}
