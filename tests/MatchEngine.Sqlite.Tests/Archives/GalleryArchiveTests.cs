using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Encryption;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Search;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Sqlite.Archives;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Tests.Archives;

public class GalleryArchiveTests
{
    private static readonly GalleryProperties Properties =
        new() { Owner = "owner", Profile = "ngi-ips", Approved = false, Retention = new RetentionRule(90) };

    [Fact]
    public async Task A_restored_gallery_is_the_one_that_was_exported()
    {
        using var source = await FilledAsync(null);
        using var target = new TemporaryFolder();
        using var archive = new MemoryStream();
        source.Catalog.Export("g", archive);

        using var restored = SqliteDataFolder.Open(target).Restore(archive, NoAudit.Record, permissions: true);

        Assert.Equal(GalleryDump.Of(source.Folder, "g"), GalleryDump.Of(target, "g"));
        Assert.Equal(Properties, restored.Properties);
        Assert.Equal([new("friend", true, BiographicFields.Only("sex"))], restored.Permissions);
        var candidate = restored.Search(source.Extractor, FakeImage.Picture("1", new FakeFace(1))).Candidates[0];
        Assert.Equal("S1", candidate.SubjectId);
        Assert.Equal(source.Gallery.ReadPhoto(candidate.Encounter.Id), restored.ReadPhoto(candidate.Encounter.Id));
        Assert.Equal(source.Gallery.ReadFace(candidate.Encounter.Id), restored.ReadFace(candidate.Encounter.Id));
        Assert.Equal([Path.Combine(target, "galleries", "g")], Directory.GetDirectories(target.Sub("galleries")));
        Assert.Equal([Path.Combine(source.Folder, "galleries", "g")], Directory.GetDirectories(source.Folder.Sub("galleries")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Permissions_are_restored_only_when_that_is_said_and_then_nobody_has_accepted_them(bool permissions)
    {
        using var source = await FilledAsync(null);
        Assert.True(source.Gallery.Answer("friend", accepted: true, NoAudit.Record));
        using var archive = new MemoryStream();
        source.Catalog.Export("g", archive);

        using var copy = source.Catalog.Restore(archive, NoAudit.Record, "copy", permissions: permissions);

        Assert.Equal(permissions ? [SharingState.Offered] : [], copy.Permissions.Select(permission => permission.State));
        Assert.False(copy.PermissionOf("friend").MaySearch);
        Assert.Equal(SharingState.Accepted, Assert.Single(source.Gallery.Permissions).State);
    }

    [Fact]
    public async Task A_copy_beside_the_gallery_has_an_identity_of_its_own_and_lives_on_by_itself()
    {
        using var source = await FilledAsync(null);
        using var archive = new MemoryStream();
        source.Catalog.Export("g", archive);
        using var copy = source.Catalog.Restore(archive, NoAudit.Record, "copy");

        copy.RemoveSubject("S1", NoAudit.Record);
        Assert.Equal(
            1,
            (await copy.EnrolAsync(
                source.Extractor, new ListSource([TestGallery.Item("new", FakeImage.Of(new FakeFace(77)))]), NoAudit.Next)).Enrolled);

        Assert.NotNull(source.Gallery.FindSubject("S1"));
        Assert.Null(source.Gallery.FindSubject("new"));
        Assert.NotEqual(Identity("g"), Identity("copy"));

        string Identity(string gallery)
        {
            using var connection = new SqliteConnection(
                $"Data Source={source.Folder.Sub("galleries", gallery, "gallery.db")};Pooling=False");
            return connection.ExecuteScalar<string>("SELECT identity FROM gallery")!;
        }
    }

    [Fact]
    public async Task What_is_encrypted_stays_encrypted_and_needs_its_key_after_the_restoration()
    {
        var keys = DataKeys.Parse(new string('a', 64), "test");
        using var source = await FilledAsync(keys);
        using var target = new TemporaryFolder();
        using var archive = new MemoryStream();
        // Without the key: neither export nor restoration opens anything.
        SqliteDataFolder.Open(source.Folder).Export("g", archive);
        using (var locked = SqliteDataFolder.Open(target).Restore(archive, NoAudit.Record))
            Assert.Equal(StoreFault.WrongKey, Assert.Throws<StoreException>(() => locked.FindSubject("S1")).Fault);

        using var restored = SqliteDataFolder.Open(target, keys: keys).Open("g");

        Assert.Equal("F", restored.FindSubject("S1")!.Biographics["sex"]);
        Assert.False(FolderBytes.Contain(target, "salt 1"u8));
        Assert.Contains(keys.CurrentId, Manifest(archive).ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_that_was_removed_is_in_the_archive()
    {
        using var source = await FilledAsync(null);
        source.Gallery.RemoveSubject("S1", NoAudit.Record);
        using var archive = new MemoryStream();
        source.Catalog.Export("g", archive);

        using var zip = new ZipArchive(archive);
        using var entry = zip.GetEntry("gallery.db")!.Open();
        using var database = new MemoryStream();
        entry.CopyTo(database);

        Assert.True(database.ToArray().AsSpan().IndexOf("salt 2"u8) >= 0);
        Assert.True(database.ToArray().AsSpan().IndexOf("salt 1"u8) < 0);
    }

    [Fact]
    public async Task The_manifest_names_every_entry_with_its_digest()
    {
        using var source = await FilledAsync(null);
        using var archive = new MemoryStream();
        source.Catalog.Export("g", archive);

        var manifest = Manifest(archive);

        Assert.Equal(("matchengine-gallery", 1, "g", "fake", 5), ((string?)manifest["format"], (int?)manifest["formatVersion"],
            (string?)manifest["gallery"], (string?)manifest["model"], (int?)manifest["subjects"]));
        using var zip = new ZipArchive(archive, ZipArchiveMode.Read, leaveOpen: true);
        Assert.Equal(["gallery.db", "manifest.json"], zip.Entries.Select(entry => entry.FullName));
        using var database = zip.GetEntry("gallery.db")!.Open();
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(database)), (string?)manifest["entries"]![0]!["sha256"]);
    }

    [Fact]
    public async Task An_archive_cut_short_anywhere_is_refused_and_leaves_nothing()
    {
        using var source = await FilledAsync(null);
        using var target = new TemporaryFolder();
        using var archive = new MemoryStream();
        source.Catalog.Export("g", archive);
        var whole = archive.ToArray();
        var catalog = SqliteDataFolder.Open(target);
        var random = new Random(1);

        foreach (var length in Enumerable.Range(0, 30).Select(_ => random.Next(whole.Length)).Append(0).Append(whole.Length - 1))
            Assert.Throws<ArchiveException>(() => catalog.Restore(new MemoryStream(whole, 0, length), NoAudit.Record));

        Assert.Empty(Directory.GetFileSystemEntries(target.Sub("galleries")));
    }

    [Fact]
    public async Task A_changed_byte_is_noticed_wherever_it_matters()
    {
        using var source = await FilledAsync(null);
        using var target = new TemporaryFolder();
        using var archive = new MemoryStream();
        source.Catalog.Export("g", archive);
        var whole = archive.ToArray();
        var expected = GalleryDump.Of(source.Folder, "g");
        var catalog = SqliteDataFolder.Open(target);
        var random = new Random(2);
        var refused = 0;

        // Every byte of the directory at the end, and some of the rest.
        for (var round = 0; round < 120; round++)
        {
            var changed = whole.ToArray();
            changed[round < 60 ? whole.Length - 1 - round * 2 : random.Next(whole.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                using (catalog.Restore(new MemoryStream(changed), NoAudit.Record, "g"))
                    Assert.Equal(expected, GalleryDump.Of(target, "g"));
                // A time stamp of the ZIP, say.
                catalog.Delete("g", NoAudit.Record);
            }
            catch (ArchiveException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 60, 120);
        Assert.Empty(Directory.GetFileSystemEntries(target.Sub("galleries")));
    }

    [Theory]
    [InlineData("manifest.json", "newer version", "formatVersion", "2")]
    [InlineData("manifest.json", "no manifest", "format", "\"other\"")]
    [InlineData("manifest.json", "damaged", "subjects", "\"many\"")]
    [InlineData("manifest.json", "damaged", "extra", "1")]
    [InlineData("gallery.db", "another gallery", "subjects", "6")]
    [InlineData("gallery.db", "damaged", "entries", """[{"name":"gallery.db","bytes":10,"sha256":"00"}]""")]
    [InlineData("manifest.json", "other entries", "entries", "[]")]
    public async Task What_a_manifest_must_not_say_is_named_by_the_entry(string entry, string message, string key, string value)
    {
        using var source = await FilledAsync(null);
        using var archive = new MemoryStream();
        source.Catalog.Export("g", archive);
        var manifest = Manifest(archive);
        manifest[key] = JsonNode.Parse(value);
        using var changed = Repack(archive, null, manifest, key == "entries" && value == "[]");

        var error = Assert.Throws<ArchiveException>(() => source.Catalog.Restore(changed, NoAudit.Record, "copy"));

        Assert.Equal(entry, error.Entry);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Null(source.Catalog.TryOpen("copy"));
    }

    [Theory]
    [InlineData("newer version", "PRAGMA user_version = 1000")]
    [InlineData("tables", "CREATE TRIGGER theirs AFTER INSERT ON subject BEGIN DELETE FROM permission; END")]
    [InlineData("tables", "DROP TABLE removal")]
    [InlineData("another program", "PRAGMA application_id = 5")]
    [InlineData("refer", "PRAGMA foreign_keys = OFF; DELETE FROM subject WHERE subject_id = 'S1'")]
    [InlineData("no model", "DELETE FROM gallery")]
    public async Task A_database_that_is_no_sound_gallery_is_refused_though_its_digest_is_right(string message, string sql)
    {
        using var source = await FilledAsync(null);
        using var archive = new MemoryStream();
        source.Catalog.Export("g", archive);
        var file = source.Folder.Sub("changed.db");
        using (var zip = new ZipArchive(archive, ZipArchiveMode.Read, leaveOpen: true))
            zip.GetEntry("gallery.db")!.ExtractToFile(file);
        using (var connection = new SqliteConnection($"Data Source={file};Pooling=False"))
        {
            connection.Open();
            connection.Execute(sql);
        }
        var database = File.ReadAllBytes(file);
        var manifest = Manifest(archive);
        manifest["entries"]![0]!["bytes"] = database.Length;
        manifest["entries"]![0]!["sha256"] = Convert.ToHexStringLower(SHA256.HashData(database));
        using var changed = Repack(archive, database, manifest);

        var error = Assert.Throws<ArchiveException>(() => source.Catalog.Restore(changed, NoAudit.Record, "copy"));

        Assert.Equal("gallery.db", error.Entry);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(["g"], source.Catalog.List().Select(entry => entry.Name));
    }

    [Fact]
    public async Task A_name_that_is_taken_is_refused()
    {
        using var source = await FilledAsync(null);
        using var archive = new MemoryStream();
        source.Catalog.Export("g", archive);

        Assert.Throws<GalleryExistsException>(() => source.Catalog.Restore(archive, NoAudit.Record));
        Assert.Throws<GalleryExistsException>(() => source.Catalog.Restore(archive, NoAudit.Record, "G"));
        Assert.Throws<ArgumentException>(() => source.Catalog.Restore(archive, NoAudit.Record, "../g"));
        Assert.Throws<GalleryNotFoundException>(() => source.Catalog.Export("none", Stream.Null));
        Assert.Throws<ArchiveException>(
            () => source.Catalog.Restore(new MemoryStream(Encoding.UTF8.GetBytes("no archive")), NoAudit.Record, "h"));
    }

    [Fact]
    public async Task What_a_dead_process_left_is_removed_and_what_a_living_one_holds_is_not()
    {
        using var source = await FilledAsync(null);
        var remains = Directory.CreateDirectory(source.Folder.Sub("galleries", ".work-dead"));
        File.WriteAllText(Path.Combine(remains.FullName, "gallery.db"), "half");
        using var living = WorkFolder.Create(source.Folder.Sub("galleries"));

        var names = SqliteDataFolder.Open(source.Folder).List().Select(entry => entry.Name);

        Assert.Equal(["g"], names);
        Assert.False(Directory.Exists(remains.FullName));
        Assert.True(Directory.Exists(living.Path));
    }

    [Fact]
    public async Task An_export_can_be_cancelled_and_leaves_nothing()
    {
        using var source = await FilledAsync(null);
        Assert.ThrowsAny<OperationCanceledException>(
            () => source.Catalog.Export("g", Stream.Null, null, new CancellationToken(canceled: true)));
        Assert.Single(Directory.GetDirectories(source.Folder.Sub("galleries")));
    }

    private static JsonNode Manifest(MemoryStream archive)
    {
        using var zip = new ZipArchive(archive, ZipArchiveMode.Read, leaveOpen: true);
        using var stream = zip.GetEntry("manifest.json")!.Open();
        return JsonNode.Parse(stream)!;
    }

    private static MemoryStream Repack(MemoryStream archive, byte[]? database, JsonNode manifest, bool withoutDatabase = false)
    {
        var repacked = new MemoryStream();
        using var source = new ZipArchive(archive, ZipArchiveMode.Read, leaveOpen: true);
        using var target = new ZipArchive(repacked, ZipArchiveMode.Create, leaveOpen: true);
        if (!withoutDatabase)
        {
            using var from = source.GetEntry("gallery.db")!.Open();
            using var to = target.CreateEntry("gallery.db").Open();
            if (database is null)
                from.CopyTo(to);
            else
                to.Write(database);
        }
        using var text = target.CreateEntry("manifest.json").Open();
        text.Write(Encoding.UTF8.GetBytes(manifest.ToJsonString()));
        return repacked;
    }

    private static async Task<Source> FilledAsync(DataKeys? keys)
    {
        var source = new Source(keys);
        await source.Gallery.EnrolAsync(
            source.Extractor,
            new ListSource(
                Enumerable.Range(1, 5).Select(i => TestGallery.Item($"S{i}", FakeImage.Picture($"{i}", new FakeFace(i)), ("sex", "F")))),
                    NoAudit.Next,
            new EnrolmentOptions { KeepImages = true });
        source.Gallery.Grant(new GalleryPermission("friend", true, BiographicFields.Only("sex")), NoAudit.Record);
        return source;
    }

    private sealed class Source : IDisposable
    {
        public Source(DataKeys? keys)
        {
            Catalog = SqliteDataFolder.Open(Folder, keys: keys);
            Gallery = Catalog.Create("g", Extractor.Model, NoAudit.Record, Properties);
        }

        public TemporaryFolder Folder { get; } = new();

        public FakeExtractor Extractor { get; } = new();

        public GalleryCatalog Catalog { get; }

        public Gallery Gallery { get; }

        public void Dispose()
        {
            Gallery.Dispose();
            Folder.Dispose();
        }
    }
}
