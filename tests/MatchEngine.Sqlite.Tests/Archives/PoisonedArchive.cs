using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Duplicates;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Tests.Fakes;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Tests.Archives;

/// <summary>
/// Archives whose database is ours in every respect that a manifest, a digest, or SQLite itself looks at, but for one value of one row.
/// Which columns there are is asked of the database, so that a new one is poisoned by somebody or fails.
/// </summary>
internal static class PoisonedArchive
{
    /// <summary>What every column must not hold: its name, and an expression of SQL for the value.</summary>
    public static IEnumerable<(string Column, string Value)> Poisons { get; } =
    [
        ("gallery.id", "2"),
        ("gallery.model", "''"), ("gallery.model", "'../fake'"), ("gallery.model", "'fa' || char(27) || 'ke'"),
        ("gallery.model_digest", "'abc'"), ("gallery.model_digest", "printf('%064s', 'z')"),
        ("gallery.dimension", "1000000000"), ("gallery.dimension", "0"), ("gallery.dimension", "9223372036854775807"),
        ("gallery.dimension", "4294967360"), ("gallery.dimension", "128"),
        ("gallery.created", "'yesterday'"), ("gallery.created", "'2026-13-40T00:00:00.000Z'"), ("gallery.created", "''"),
        ("gallery.change", "9223372036854775807"), ("gallery.change", "-1"), ("gallery.change", "0"),
        ("gallery.subject_change", "9223372036854775807"), ("gallery.subject_change", "-1"), ("gallery.subject_change", "0"),
        ("gallery.deleting", "2"),
        ("gallery.unscrubbed", "2"),
        ("gallery.owner", "''"), ("gallery.owner", "'a' || char(10) || 'b'"), ("gallery.owner", "printf('%.300c', 'a')"),
        ("gallery.profile", "'  '"), ("gallery.profile", "'a' || char(0)"), ("gallery.profile", "printf('%.300c', 'a')"),
        ("gallery.approved", "7"),
        ("gallery.retention_days", "0"), ("gallery.retention_days", "9223372036854775807"), ("gallery.retention_days", "4294967297"),
        ("gallery.retention_basis", "'never'"),
        ("gallery.key_id", "'../../keys'"), ("gallery.key_id", "''"),
        ("subject.id", "-5"), ("subject.id", "9223372036854775807"),
        ("subject.subject_id", "'..'"), ("subject.subject_id", "''"), ("subject.subject_id", "'a' || char(27) || '[2J'"),
        ("subject.subject_id", "printf('%.2000c', 'a')"),
        ("subject.biographics", "'[]'"), ("subject.biographics", """'{"a":{"b":1}}'"""), ("subject.biographics", """'{"a":1}'"""),
        ("subject.biographics", """'{"a":"\ud800"}'"""), ("subject.biographics", "'no JSON'"),
        ("subject.biographics", """'{"a":' || printf('%.900c', '[') || printf('%.900c', ']') || '}'"""),
        ("subject.biographics", """'{"a":"' || printf('%.5000000c', 'a') || '"}'"""),
        ("subject.key_id", "'k'"), ("subject.key_id", "'0123456789abcdef'"),
        ("encounter.id", "-1"), ("encounter.id", "9223372036854775807"),
        ("encounter.encounter_id", "''"), ("encounter.encounter_id", "'../../etc/passwd'"),
        ("encounter.encounter_id", "printf('%032d', 0)"),
        ("encounter.subject", "999"), ("encounter.subject", "2"),
        ("encounter.image", "printf('%.5000000c', 'a')"),
        ("encounter.image_sha256", "x'00'"), ("encounter.image_sha256", "zeroblob(32)"),
        ("encounter.face", "0"), ("encounter.face", "4294967297"),
        ("encounter.faces_found", "0"), ("encounter.faces_found", "9223372036854775807"),
        ("encounter.box_x", "9e999"), ("encounter.box_x", "-1e30"), ("encounter.box_x", "1e300"),
        ("encounter.box_y", "-9e999"), ("encounter.box_y", "1e30"),
        ("encounter.box_width", "9e999"), ("encounter.box_width", "0"), ("encounter.box_width", "-3"), ("encounter.box_width", "1e30"),
        ("encounter.box_height", "9e999"), ("encounter.box_height", "0"), ("encounter.box_height", "-3"),
        ("encounter.confidence", "9e999"), ("encounter.confidence", "-0.1"), ("encounter.confidence", "1.1"),
        ("encounter.image_width", "0"), ("encounter.image_width", "-640"), ("encounter.image_width", "9223372036854775807"),
        ("encounter.image_height", "0"), ("encounter.image_height", "4294967297"),
        ("encounter.source_url", "printf('%.5000000c', 'a')"),
        ("encounter.metadata", "'[]'"), ("encounter.metadata", """'{"a":[1]}'"""), ("encounter.metadata", """'{"a":"\udc00"}'"""),
        ("encounter.enrolled", "'tomorrow'"), ("encounter.enrolled", "'10000-01-01T00:00:00.000Z'"), ("encounter.enrolled", "'1/1/2026'"),
        ("encounter.change", "0"), ("encounter.change", "9223372036854775807"),
        ("encounter.quality", "101"), ("encounter.quality", "-9e999"),
        ("encounter.key_id", "'0123456789ABCDEF'"), ("encounter.key_id", "'0123456789abcdef'"),
        ("template.encounter", "999"),
        ("template.body", "x''"), ("template.body", "x'4D455450'"), ("template.body", "zeroblob(116)"),
        ("template.body", "zeroblob(70000)"),
        ("subject.change", "0"), ("subject.change", "9223372036854775807"),
        ("subject_removal.subject", "1"), ("subject_removal.subject", "9000"), ("subject_removal.subject", "-1"),
        ("subject_removal.change", "0"), ("subject_removal.change", "9223372036854775807"),
        ("removal.encounter", "1"), ("removal.encounter", "9000"), ("removal.encounter", "-1"),
        ("removal.change", "0"), ("removal.change", "9223372036854775807"),
        ("permission.organisation", "''"), ("permission.organisation", "'a' || char(9)"),
        ("permission.organisation", "printf('%.300c', 'a')"),
        ("permission.may_search", "2"), ("permission.may_enrol", "2"),
        ("subject.provider", "''"), ("subject.provider", "'a' || char(9)"), ("subject.provider", "printf('%.300c', 'a')"),
        ("provider_sharing.provider", "''"), ("provider_sharing.provider", "'a' || char(9)"),
        ("provider_sharing.organisation", "''"), ("provider_sharing.organisation", "printf('%.300c', 'a')"),
        ("permission.state", "'shared'"), ("permission.state", "'1'"),
        ("permission.fields", "'{}'"), ("permission.fields", "'[1]'"), ("permission.fields", "'[null]'"),
        ("permission.fields", "'[[\"sex\"]]'"),
        ("photo.id", "-1"),
        ("photo.image_sha256", "x'00'"), ("photo.image_sha256", "zeroblob(32)"),
        ("photo.key_id", "'k'"),
        ("photo.bytes", "x''"), ("photo.bytes", "x'3C68746D6C3E'"),
        ("face_crop.encounter", "999"),
        ("face_crop.key_id", "'k'"),
        ("face_crop.jpeg", "x''"), ("face_crop.jpeg", "CAST('<html>' AS BLOB)"),
        ("subject_link.id", "-1"),
        ("subject_link.subject", "999"), ("subject_link.subject", "2"),
        ("subject_link.other", "999"),
        ("subject_link.note", "printf('%.5000000c', 'a')"),
        ("subject_link.key_id", "'k'"),
        ("subject_link.entered_by", "''"), ("subject_link.entered_by", "'a' || char(27)"),
        ("subject_link.entered", "'then'"),
        ("duplicate_search.id", "2"),
        ("duplicate_search.floor", "7"),
        ("duplicate_search.asked_by", "''"), ("duplicate_search.asked_by", "'a' || char(27)"),
        ("duplicate_search.asked", "'then'"),
        ("duplicate_search.through", "printf('%.2000c', 'a')"),
        ("duplicate_search.subjects", "-1"), ("duplicate_search.subjects", "9223372036854775807"),
        ("duplicate_search.state", "'perhaps'"),
        ("duplicate_pair.id", "-1"),
        ("duplicate_pair.subject", "999"),
        ("duplicate_pair.other", "999"),
        ("duplicate_pair.encounter", "999"), ("duplicate_pair.encounter", "2"),
        ("duplicate_pair.other_encounter", "999"), ("duplicate_pair.other_encounter", "1"),
        ("duplicate_pair.score", "2"),
        ("kept_apart.id", "-1"),
        ("kept_apart.subject", "999"),
        ("kept_apart.other", "999"),
        ("kept_apart.decided_by", "''"),
        ("kept_apart.decided", "'then'"),
        ("sqlite_sequence.name", "'photo'"),
        ("sqlite_sequence.seq", "9223372036854775807"), ("sqlite_sequence.seq", "-1"), ("sqlite_sequence.seq", "'many'"),
    ];

    /// <summary>Columns of which nothing is taken over: an adopted gallery has an identity and a list of changes of its own.</summary>
    public static IReadOnlyList<string> Replaced { get; } = ["gallery.identity", "change_made.sequence", "change_made.hash"];

    /// <summary>An archive of a gallery that has a row in every table.</summary>
    public static byte[] Sound()
    {
        using var folder = new TemporaryFolder();
        var extractor = new FakeExtractor();
        var catalog = SqliteDataFolder.Open(folder);
        var kept = new GalleryProperties { Retention = new RetentionRule(9) };
        using var gallery = catalog.Create("g", extractor.Model, NoAudit.Record, kept);
        gallery.EnrolAsync(
            extractor,
            new ListSource(
                Enumerable.Range(1, 4).Select(i => TestGallery.Item($"S{i}", FakeImage.Picture($"{i}", new FakeFace(i)), ("sex", "F")))),
            NoAudit.Next,
            new EnrolmentOptions { KeepImages = true }).GetAwaiter().GetResult();
        gallery.Grant(new GalleryPermission("friend", true, BiographicFields.Only("sex")), NoAudit.Record);
        gallery.ShareProvided("provider", "friend", shared: true, NoAudit.Record);
        gallery.Link("S1", new SubjectLink("S2", "brothers", "somebody", DateTimeOffset.UnixEpoch), NoAudit.Record);
        gallery.RemoveSubject("S4", NoAudit.Record);
        var duplicates = new FoundDuplicates(gallery);
        duplicates.Begin(-1, "somebody", NoAudit.Record);
        duplicates.Run();
        // Of the three pairs one is left to wait: that of the first two.
        foreach (var one in new[] { "S1", "S2" })
            duplicates.KeepApart(one, "S3", "somebody", DateTimeOffset.UnixEpoch, NoAudit.Record);
        using var archive = new MemoryStream();
        catalog.Export("g", archive);
        return archive.ToArray();
    }

    /// <summary>Every column of every table of an archive's database: <c>table.column</c>.</summary>
    public static IReadOnlyList<string> Columns(byte[] archive)
    {
        using var folder = new TemporaryFolder();
        using var connection = Database(archive, folder);
        return
        [
            .. connection.Query<string>(
                "SELECT m.name || '.' || c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c "
                    + "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_stat%' ORDER BY 1"),
        ];
    }

    /// <summary>The archive with one value out of its domain in the first row of a table; the manifest fits what is there.</summary>
    public static byte[] Of(byte[] archive, string column, string value) => column.Split('.') is [var table, var name]
        ? Of(archive, $"UPDATE {table} SET {name} = {value} WHERE rowid = (SELECT min(rowid) FROM {table})")
        : throw new ArgumentException(column);

    /// <summary>The archive after a statement that no constraint holds up.</summary>
    public static byte[] Of(byte[] archive, string sql)
    {
        using var folder = new TemporaryFolder();
        long subjects, encounters;
        using (var connection = Database(archive, folder))
        {
            connection.Execute($"PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; {sql}");
            (subjects, encounters) = connection.QuerySingle<(long, long)>(
                "SELECT (SELECT count(*) FROM subject), (SELECT count(*) FROM encounter)");
        }
        var manifest = Manifest(archive);
        var database = File.ReadAllBytes(folder.Sub("gallery.db"));
        (manifest["subjects"], manifest["encounters"]) = (subjects, encounters);
        using (var connection = new SqliteConnection($"Data Source={folder.Sub("gallery.db")};Pooling=False"))
        {
            connection.Open();
            // What the manifest says of the model has to fit too, or the archive is refused for the wrong reason.
            (manifest["model"], manifest["modelDigest"]) = connection.QuerySingle<(string, string)>(
                "SELECT model, model_digest FROM gallery");
        }
        return Packed(manifest, database);
    }

    /// <summary>An archive of a database that unpacks to so many bytes of nothing.</summary>
    public static byte[] Bomb(byte[] archive, long bytes)
    {
        var manifest = Manifest(archive);
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            using (var entry = zip.CreateEntry("gallery.db").Open())
            {
                var nothing = new byte[1 << 20];
                using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                for (long written = 0; written < bytes; written += nothing.Length)
                {
                    entry.Write(nothing);
                    hash.AppendData(nothing);
                }
                manifest["entries"]![0]!["bytes"] = bytes;
                manifest["entries"]![0]!["sha256"] = Convert.ToHexStringLower(hash.GetHashAndReset());
            }
            using var text = zip.CreateEntry("manifest.json").Open();
            text.Write(Encoding.UTF8.GetBytes(manifest.ToJsonString()));
        }
        return packed.ToArray();
    }

    private static JsonNode Manifest(byte[] archive)
    {
        using var zip = new ZipArchive(new MemoryStream(archive));
        using var stream = zip.GetEntry("manifest.json")!.Open();
        return JsonNode.Parse(stream)!;
    }

    private static SqliteConnection Database(byte[] archive, TemporaryFolder folder)
    {
        using (var zip = new ZipArchive(new MemoryStream(archive)))
            zip.GetEntry("gallery.db")!.ExtractToFile(folder.Sub("gallery.db"));
        var connection = new SqliteConnection($"Data Source={folder.Sub("gallery.db")};Pooling=False");
        connection.Open();
        return connection;
    }

    private static byte[] Packed(JsonNode manifest, byte[] database)
    {
        manifest["entries"]![0]!["bytes"] = database.Length;
        manifest["entries"]![0]!["sha256"] = Convert.ToHexStringLower(SHA256.HashData(database));
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            using (var entry = zip.CreateEntry("gallery.db").Open())
                entry.Write(database);
            using var text = zip.CreateEntry("manifest.json").Open();
            text.Write(Encoding.UTF8.GetBytes(manifest.ToJsonString()));
        }
        return packed.ToArray();
    }
}
