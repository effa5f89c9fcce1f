using System.Security.Cryptography;
using System.Text.Json;
using MatchEngine.Galleries.Audit;
using MatchEngine.Sqlite;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Cli.Tests.Commands;

/// <summary><c>backup</c> and <c>restore</c>, as a user runs them.</summary>
public sealed class BackupCommandTests : IDisposable
{
    private readonly Matchengine _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void A_folder_is_backed_up_and_restored_and_the_audit_of_each_says_so()
    {
        SqliteDataFolder.OpenAudit(_cli.Data).Dispose();
        Portraits.Write(_cli.File("photos"));
        _cli.Run("enroll", "-g", "g", _cli.File("photos")).Expect(0);
        var shown = _cli.Run("gallery", "show", "g", "--json").Expect(0).Json;

        var made = _cli.Run("backup", _cli.File("b.zip"), "--json").Expect(0).Json;
        _cli.Run("gallery", "delete", "g").Expect(0);
        var restored = _cli.Run("restore", _cli.File("b.zip"), "--data", _cli.File("again"), "--json").Expect(0).Json;

        var digest = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_cli.File("b.zip"))));
        Assert.Equal((digest, digest), (Text(made, "sha256"), Text(restored, "sha256")));
        Assert.Equal(["g"], restored.GetProperty("galleries").EnumerateArray().Select(name => name.GetString()));
        var again = _cli.Run("gallery", "show", "g", "--data", _cli.File("again"), "--json").Expect(0).Json;
        foreach (var member in (string[])["subjects", "encounters", "templates", "created", "modelDigest"])
            Assert.Equal(shown.GetProperty(member).GetRawText(), again.GetProperty(member).GetRawText());
        Assert.Equal(
            [AuditKinds.BackupBegun, AuditKinds.BackupEnded, AuditKinds.GalleryDeleted],
            Kinds(_cli.Data, written => written.Kind.StartsWith("backup.", StringComparison.Ordinal)
                || written.Kind == AuditKinds.GalleryDeleted));
        // What it says of itself is in it; what came afterwards is not.
        Assert.Equal([AuditKinds.BackupBegun, AuditKinds.BackupRestored], Kinds(_cli.File("again"), written => written.Kind[0] == 'b'));
        _cli.Run("audit", "verify", "--data", _cli.File("again")).Expect(0);
        _cli.Run("search", "-g", "g", Directory.GetFiles(_cli.File("photos"))[0], "--data", _cli.File("again")).Expect(0);
    }

    [Fact]
    public void A_file_that_is_there_is_not_replaced()
    {
        _cli.Run("gallery", "create", "g").Expect(0);
        File.WriteAllText(_cli.File("b.zip"), "mine");

        Assert.Contains("is there already", _cli.Run("backup", _cli.File("b.zip")).Expect(2).Error, StringComparison.Ordinal);

        Assert.Equal("mine", File.ReadAllText(_cli.File("b.zip")));
    }

    [Fact]
    public void Backup_and_restored_folder_belong_to_their_owner_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows inherits access from the folder");
        if (OperatingSystem.IsWindows())
            return; // For the analyzer.
        SqliteDataFolder.OpenAudit(_cli.Data).Dispose();
        _cli.Run("gallery", "create", "g").Expect(0);

        _cli.Run("backup", _cli.File("b.zip")).Expect(0);
        _cli.Run("restore", _cli.File("b.zip"), "--data", _cli.File("again")).Expect(0);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_cli.File("b.zip")));
        foreach (var path in Directory.GetFileSystemEntries(_cli.File("again"), "*", SearchOption.AllDirectories)
            .Append(_cli.File("again")))
            Assert.Equal(
                UnixFileMode.None,
                File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
    }

    [Fact]
    public void What_has_expired_since_the_backup_is_removed_in_the_restoration_with_its_event()
    {
        SqliteDataFolder.OpenAudit(_cli.Data).Dispose();
        Portraits.Write(_cli.File("photos"));
        _cli.Run("enroll", "-g", "g", _cli.File("photos")).Expect(0);
        _cli.Run("gallery", "set", "g", "--retention-days", "90").Expect(0);
        Execute(Path.Combine(_cli.Data, "galleries", "g", "gallery.db"),
            "UPDATE encounter SET enrolled = replace(enrolled, '20', '19') WHERE id = (SELECT min(id) FROM encounter)");
        _cli.Run("backup", _cli.File("b.zip")).Expect(0);

        var restored = _cli.Run("restore", _cli.File("b.zip"), "--data", _cli.File("again"), "--json").Expect(0).Json;

        Assert.Equal(1, restored.GetProperty("expired").GetInt64());
        Assert.Equal([AuditKinds.RetentionPurged], Kinds(_cli.File("again"), written => written.Kind == AuditKinds.RetentionPurged));
        var left = _cli.Run("gallery", "show", "g", "--data", _cli.File("again"), "--json").Expect(0).Json;
        Assert.Equal(
            _cli.Run("gallery", "show", "g", "--json").Expect(0).Json.GetProperty("encounters").GetInt64() - 1,
            left.GetProperty("encounters").GetInt64());
    }

    [Fact]
    public void A_gallery_that_cannot_be_read_is_named_and_the_others_are_in_the_backup()
    {
        _cli.Run("gallery", "create", "g").Expect(0);
        Directory.CreateDirectory(Path.Combine(_cli.Data, "galleries", "broken"));
        File.WriteAllText(Path.Combine(_cli.Data, "galleries", "broken", "gallery.db"), new string('x', 5000));

        var made = _cli.Run("backup", _cli.File("b.zip"), "--json").Expect(1).Json;

        Assert.Equal("broken", Assert.Single(made.GetProperty("unread").EnumerateArray()).GetString());
        Assert.Equal("g", Assert.Single(made.GetProperty("galleries").EnumerateArray()).GetString());
    }

    [Fact]
    public void A_damaged_backup_is_refused_and_no_folder_is_made()
    {
        _cli.Run("gallery", "create", "g").Expect(0);
        _cli.Run("backup", _cli.File("b.zip")).Expect(0);
        var content = File.ReadAllBytes(_cli.File("b.zip"));
        File.WriteAllBytes(_cli.File("b.zip"), content[..^100]);

        var refused = _cli.Run("restore", _cli.File("b.zip"), "--data", _cli.File("again"), "--json").Expect(2).Json;

        Assert.Equal("archive", Text(refused.GetProperty("error"), "reason"));
        Assert.False(Directory.Exists(_cli.File("again")));
    }

    [Fact]
    public void An_audit_that_was_broken_before_the_backup_is_restored_and_named()
    {
        using (var log = SqliteDataFolder.OpenAudit(_cli.Data))
            for (var i = 0; i < 3; i++)
                log.Append(new AuditEntry { Kind = "test", Actor = "test", Payload = AuditEntry.Object(new { i }), RetentionYears = 1 });
        Tamper(SqliteDataFolder.AuditFile(_cli.Data), "UPDATE event SET actor = 'another' WHERE sequence = 2");
        _cli.Run("backup", _cli.File("b.zip")).Expect(0);

        var restored = _cli.Run("restore", _cli.File("b.zip"), "--data", _cli.File("again"), "--json").Expect(1).Json;

        Assert.Equal(2, restored.GetProperty("broken").GetProperty("sequence").GetInt64());
    }

    [Fact]
    public void Where_nothing_is_kept_nothing_is_written()
    {
        _cli.Run("backup", _cli.File("b.zip")).Expect(2);
        Assert.False(Directory.Exists(_cli.Data));
        Assert.Empty(Directory.GetFiles(_cli.Folder));
    }

    private static string? Text(JsonElement json, string member) => json.GetProperty(member).GetString();

    private static IEnumerable<string> Kinds(string data, Func<AuditEvent, bool> wanted)
    {
        using var log = SqliteDataFolder.OpenAudit(data);
        return [.. log.Read().Where(wanted).Select(written => written.Kind)];
    }

    private static void Execute(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.True(command.ExecuteNonQuery() > 0);
    }

    /// <summary>Changes what a trigger protects, and puts the trigger back.</summary>
    private static void Tamper(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'";
        var triggers = new List<(string Name, string Sql)>();
        using (var reader = command.ExecuteReader())
            while (reader.Read())
                triggers.Add((reader.GetString(0), reader.GetString(1)));
        command.CommandText = string.Join(
            ';', triggers.Select(trigger => $"DROP TRIGGER {trigger.Name}").Append(sql).Concat(triggers.Select(trigger => trigger.Sql)));
        command.ExecuteNonQuery();
    }
}
