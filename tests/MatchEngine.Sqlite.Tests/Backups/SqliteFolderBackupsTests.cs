using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Dapper;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Encryption;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Sqlite.Book;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Tests.Backups;

public class SqliteFolderBackupsTests
{
    [Fact]
    public async Task A_restored_folder_is_the_one_that_was_backed_up()
    {
        using var source = await FilledAsync();
        using var target = new TemporaryFolder();
        using var archive = new MemoryStream();

        var made = SqliteDataFolder.Backups(source).Write(archive, null, CancellationToken.None);
        var finished = new List<string>();
        var restored = SqliteDataFolder.Backups(target.Sub("data")).Restore(archive, finished.Add, null, CancellationToken.None);

        Assert.Equal(["a", "b"], made.Galleries);
        Assert.Equal((made.Moment, made.Bytes), (restored.Moment, restored.Bytes));
        foreach (var name in made.Galleries)
        {
            Assert.Equal(GalleryDump.Of(source, name), GalleryDump.Of(target.Sub("data"), name));
            // The same gallery, and not a copy beside it: the audit goes on to speak of it.
            Assert.Equal(SqliteDataFolder.Open(source).IdentityOf(name), SqliteDataFolder.Open(target.Sub("data")).IdentityOf(name));
        }
        Assert.Equal(Book(source), Book(target.Sub("data")));
        using var log = SqliteDataFolder.OpenAudit(target.Sub("data"));
        Assert.Null(log.RolledBack);
        Assert.Equal((3, null), (log.Verify().Events, log.Verify().Broken));
        Assert.Equal("own card", File.ReadAllText(target.Sub("data", "models", "own.json")));
        Assert.Equal("<key/>", File.ReadAllText(target.Sub("data", "cookie-keys", "key-1.xml")));
        // Looked at before it took its place, in a folder beside it of which nothing is left.
        Assert.Equal(target.Path, Path.GetDirectoryName(Assert.Single(finished)));
        Assert.Equal([target.Sub("data")], Directory.GetFileSystemEntries(target));
    }

    [Fact]
    public async Task What_is_made_anew_or_may_be_secret_is_left_out_and_told()
    {
        using var source = await FilledAsync();
        source.Write("galleries/a/gallery.index", "index");
        source.Write("examinations/1.probe", "sealed probe");
        source.Write("data.key", new string('7', 64));
        source.Write("models/.hidden", "hidden");
        if (!OperatingSystem.IsWindows())
            File.CreateSymbolicLink(source.Sub("models", "link.onnx"), "/etc/hostname");
        using var archive = new MemoryStream();

        var made = SqliteDataFolder.Backups(source).Write(archive, null, CancellationToken.None);

        Assert.Equal(
            new[] { "data.key", "examinations", "models/.hidden" }
                .Concat(OperatingSystem.IsWindows() ? [] : ["models/link.onnx"]).Order(),
            made.LeftOut.Order());
        using var zip = new ZipArchive(archive);
        Assert.Equal(
            [
                "galleries/a/gallery.db", "galleries/b/gallery.db", "service.db", "audit/audit.db", "cookie-keys/key-1.xml",
                "models/own.json", "manifest.json",
            ],
            zip.Entries.Select(entry => entry.FullName));
        Assert.Empty(Directory.GetDirectories(source.Sub("galleries"), ".*"));
    }

    [Fact]
    public async Task The_manifest_stands_last_and_names_every_entry_with_its_length_and_digest()
    {
        using var source = await FilledAsync();
        using var archive = new MemoryStream();
        SqliteDataFolder.Backups(source).Write(archive, null, CancellationToken.None);

        using var zip = new ZipArchive(archive, ZipArchiveMode.Read, leaveOpen: true);
        var listed = Manifest(archive)["entries"]!.AsArray();

        Assert.Equal(zip.Entries.Select(entry => entry.FullName), listed.Select(entry => (string)entry!["name"]!).Append("manifest.json"));
        foreach (var entry in listed)
        {
            using var content = new MemoryStream();
            using (var packed = zip.GetEntry((string)entry!["name"]!)!.Open())
                packed.CopyTo(content);
            Assert.Equal(
                (content.Length, Convert.ToHexStringLower(SHA256.HashData(content.ToArray()))),
                ((long)entry["bytes"]!, (string)entry["sha256"]!));
        }
    }

    [Fact]
    public async Task The_data_key_is_named_and_not_in_it_and_restoring_needs_none()
    {
        var keys = DataKeys.Parse(new string('a', 64), "test");
        using var source = await FilledAsync(keys);
        using var target = new TemporaryFolder();
        using var archive = new MemoryStream();

        var made = SqliteDataFolder.Backups(source).Write(archive, null, CancellationToken.None);
        SqliteDataFolder.Backups(target.Sub("data")).Restore(archive, _ => { }, null, CancellationToken.None);

        Assert.Equal([keys.CurrentId], made.KeyIds);
        Assert.False(FolderBytes.Contain(target, "salt 1"u8));
        using (var locked = SqliteDataFolder.Open(target.Sub("data")).Open("a"))
            Assert.Equal(StoreFault.WrongKey, Assert.Throws<StoreException>(() => locked.FindSubject("S1")).Fault);
        using var opened = SqliteDataFolder.Open(target.Sub("data"), keys: keys).Open("a");
        Assert.Equal("F", opened.FindSubject("S1")!.Biographics["sex"]);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.6)]
    public async Task A_cancelled_backup_leaves_nothing_in_the_folder(double share)
    {
        using var source = await FilledAsync();
        using var cancelled = new CancellationTokenSource();

        Assert.Throws<OperationCanceledException>(() => SqliteDataFolder.Backups(source).Write(
            new MemoryStream(), new Until(cancelled, share), cancelled.Token));

        Assert.Equal(["a", "b"], Directory.GetFileSystemEntries(source.Sub("galleries")).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.6)]
    public async Task A_cancelled_restoration_leaves_nothing(double share)
    {
        using var source = await FilledAsync();
        using var target = new TemporaryFolder();
        using var archive = new MemoryStream();
        SqliteDataFolder.Backups(source).Write(archive, null, CancellationToken.None);
        using var cancelled = new CancellationTokenSource();

        Assert.Throws<OperationCanceledException>(() => SqliteDataFolder.Backups(target.Sub("data")).Restore(
            archive, _ => { }, new Until(cancelled, share), cancelled.Token));

        Assert.Empty(Directory.GetFileSystemEntries(target));
    }

    [Fact]
    public async Task A_folder_that_is_not_empty_is_refused_and_stays_as_it_is()
    {
        using var source = await FilledAsync();
        using var archive = new MemoryStream();
        SqliteDataFolder.Backups(source).Write(archive, null, CancellationToken.None);
        var before = GalleryDump.Of(source, "a");

        var refused = Assert.Throws<StoreException>(
            () => SqliteDataFolder.Backups(source).Restore(archive, _ => { }, null, CancellationToken.None));

        Assert.Contains("not empty", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, GalleryDump.Of(source, "a"));
    }

    [Fact]
    public void Where_nothing_is_kept_there_is_nothing_to_back_up()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<StoreException>(() => SqliteDataFolder.Backups(folder).Write(new MemoryStream(), null, CancellationToken.None));
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public async Task An_archive_cut_short_or_changed_anywhere_is_refused_before_anything_is_written()
    {
        using var source = await FilledAsync();
        using var target = new TemporaryFolder();
        using var archive = new MemoryStream();
        SqliteDataFolder.Backups(source).Write(archive, null, CancellationToken.None);
        var whole = archive.ToArray();
        var random = new Random(1);

        foreach (var length in Enumerable.Range(0, 20).Select(_ => random.Next(whole.Length)).Append(0).Append(whole.Length - 1))
            Refused<ArchiveException>(new MemoryStream(whole, 0, length));
        // In the packed bytes of an entry, which the manifest knows.
        for (var round = 0; round < 20; round++)
        {
            var changed = whole.ToArray();
            changed[random.Next(200, whole.Length / 2)] ^= (byte)(1 << random.Next(8));
            Refused<ArchiveException>(new MemoryStream(changed));
        }
        Assert.Empty(Directory.GetFileSystemEntries(target));

        void Refused<T>(Stream changed)
            where T : Exception => Assert.Throws<T>(() => SqliteDataFolder.Backups(target.Sub("data")).Restore(
                changed, _ => Assert.Fail("it was unpacked"), null, CancellationToken.None));
    }

    [Theory]
    [InlineData("../outside", "names a file that no data folder has")]
    [InlineData("/etc/cron.d/x", "names a file that no data folder has")]
    [InlineData("models/../../x", "names a file that no data folder has")]
    [InlineData("tls/development.pem", "names a file that no data folder has")]
    [InlineData("SERVICE.DB", "holds a file twice")]
    public async Task A_hostile_name_is_refused(string name, string why)
    {
        using var source = await FilledAsync();
        var refused = Hostile(source, (zip, manifest) =>
        {
            Put(zip, name, "x"u8);
            manifest["entries"]!.AsArray().Add(Entry(name, "x"u8));
        });
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_is_refused()
    {
        using var source = await FilledAsync();
        var refused = Hostile(source, (zip, manifest) =>
        {
            Put(zip, "models/x.onnx", "/etc/passwd"u8).ExternalAttributes = unchecked((int)(0xA1FFu << 16));
            manifest["entries"]!.AsArray().Add(Entry("models/x.onnx", "/etc/passwd"u8));
        });
        Assert.Contains("link", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_manifest_does_not_name_is_refused_and_so_is_what_it_names_in_vain()
    {
        using var source = await FilledAsync();
        Assert.Contains(
            "not in its manifest", Hostile(source, (zip, _) => Put(zip, "models/more.json", "{}"u8)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "is missing",
            Hostile(source, (_, manifest) => manifest["entries"]!.AsArray().Add(Entry("models/gone.json", "{}"u8))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_length_that_no_disk_holds_is_refused_before_anything_is_unpacked()
    {
        using var source = await FilledAsync();
        Hostile(source, (_, manifest) =>
        {
            foreach (var entry in manifest["entries"]!.AsArray())
                entry!["bytes"] = long.MaxValue;
        });
        Hostile(source, (_, manifest) => manifest["entries"]![0]!["bytes"] = -1);
    }

    [Theory]
    [InlineData("CREATE TRIGGER evil AFTER INSERT ON subject BEGIN DELETE FROM encounter; END", "tables")]
    [InlineData("UPDATE template SET body = x'00'", "damaged")]
    [InlineData("PRAGMA user_version = 9999", "newer version")]
    [InlineData("PRAGMA application_id = 7", "another program")]
    public async Task A_database_that_is_none_of_ours_is_refused_although_the_manifest_knows_it(string sql, string why)
    {
        using var source = await FilledAsync();
        var refused = Hostile(source, (zip, manifest) =>
        {
            var name = "galleries/a/gallery.db";
            var file = source.Sub("poisoned.db");
            zip.GetEntry(name)!.ExtractToFile(file, overwrite: true);
            using (var connection = new SqliteConnection($"Data Source={file};Pooling=False"))
                connection.Execute(sql);
            var content = File.ReadAllBytes(file);
            zip.GetEntry(name)!.Delete();
            Put(zip, name, content);
            var entries = manifest["entries"]!.AsArray();
            entries.Remove(entries.Single(entry => (string)entry!["name"]! == name));
            entries.Add(Entry(name, content));
        });
        Assert.Equal("galleries/a/gallery.db", refused.Entry);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("formatVersion", "2", "newer version")]
    [InlineData("format", "\"matchengine-gallery\"", "no manifest of a backup")]
    [InlineData("extra", "1", "damaged")]
    [InlineData("entries", "null", "damaged")]
    public async Task What_a_manifest_must_not_say_is_refused(string key, string value, string why)
    {
        using var source = await FilledAsync();
        var refused = Hostile(source, (_, manifest) => manifest[key] = JsonNode.Parse(value));
        Assert.Equal("manifest.json", refused.Entry);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_look_at_the_restored_folder_fails_nothing_is_left()
    {
        using var source = await FilledAsync();
        using var target = new TemporaryFolder();
        using var archive = new MemoryStream();
        SqliteDataFolder.Backups(source).Write(archive, null, CancellationToken.None);

        Assert.Throws<InvalidOperationException>(() => SqliteDataFolder.Backups(target.Sub("data")).Restore(
            archive, _ => throw new InvalidOperationException(), null, CancellationToken.None));

        Assert.Empty(Directory.GetFileSystemEntries(target));
    }

    /// <summary>Changes a backup, and gives the refusal of it, which left nothing behind.</summary>
    private static ArchiveException Hostile(TemporaryFolder source, Action<ZipArchive, JsonNode> change)
    {
        using var target = new TemporaryFolder();
        using var archive = new MemoryStream();
        SqliteDataFolder.Backups(source).Write(archive, null, CancellationToken.None);
        using (var zip = new ZipArchive(archive, ZipArchiveMode.Update, leaveOpen: true))
        {
            JsonNode manifest;
            using (var said = zip.GetEntry("manifest.json")!.Open())
                manifest = JsonNode.Parse(said)!;
            change(zip, manifest);
            zip.GetEntry("manifest.json")!.Delete();
            Put(zip, "manifest.json", System.Text.Encoding.UTF8.GetBytes(manifest.ToJsonString()));
        }
        archive.Position = 0;
        var refused = Assert.Throws<ArchiveException>(() => SqliteDataFolder.Backups(target.Sub("data")).Restore(
            archive, _ => Assert.Fail("it was taken"), null, CancellationToken.None));
        Assert.Empty(Directory.GetFileSystemEntries(target));
        return refused;
    }

    private static ZipArchiveEntry Put(ZipArchive zip, string name, ReadOnlySpan<byte> content)
    {
        var entry = zip.CreateEntry(name);
        using var stream = entry.Open();
        stream.Write(content);
        return entry;
    }

    private static JsonObject Entry(string name, ReadOnlySpan<byte> content) =>
        new() { ["name"] = name, ["bytes"] = content.Length, ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(content)) };

    private static JsonNode Manifest(MemoryStream archive)
    {
        using var zip = new ZipArchive(archive, ZipArchiveMode.Read, leaveOpen: true);
        using var entry = zip.GetEntry("manifest.json")!.Open();
        return JsonNode.Parse(entry)!;
    }

    private static (string, string) Book(string folder)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "service.db")};Pooling=False");
        return connection.QuerySingle<(string, string)>("SELECT installation, hex(receipt_secret) FROM installation");
    }

    /// <summary>A folder with two galleries, an audit of three events, a book, a card and a key.</summary>
    private static async Task<TemporaryFolder> FilledAsync(DataKeys? keys = null)
    {
        var folder = new TemporaryFolder();
        var catalog = SqliteDataFolder.Open(folder, keys: keys);
        var extractor = new FakeExtractor();
        foreach (var name in new[] { "a", "b" })
            using (var gallery = catalog.Create(name, extractor.Model, NoAudit.Record))
                await gallery.EnrolAsync(
                    extractor,
                    new ListSource(Enumerable.Range(1, 5).Select(
                        i => TestGallery.Item($"S{i}", FakeImage.Picture($"{i}", new FakeFace(i)), ("sex", "F")))),
                    NoAudit.Next, new EnrolmentOptions { KeepImages = true });
        ServiceDatabase.Open(folder, TimeProvider.System).Dispose();
        using (var log = SqliteDataFolder.OpenAudit(folder))
            for (var i = 0; i < 3; i++)
                log.Append(new AuditEntry { Kind = "test", Actor = "test", Payload = AuditEntry.Object(new { i }), RetentionYears = 1 });
        folder.Write("models/own.json", "own card");
        folder.Write("cookie-keys/key-1.xml", "<key/>");
        return folder;
    }

    /// <summary>Cancels when this share is done.</summary>
    private sealed class Until(CancellationTokenSource cancelled, double share) : IProgress<double>
    {
        public void Report(double value)
        {
            if (value >= share)
                cancelled.Cancel();
        }
    }
}
