using MatchEngine.Galleries.Audit;
using MatchEngine.Sqlite;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Cli.Tests.Commands;

public sealed class AuditCommandTests : IDisposable
{
    private readonly Matchengine _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void A_damaged_service_database_is_named_and_keeps_nobody_out_of_the_audit()
    {
        Append("search", "login", "search");
        File.WriteAllText(Path.Combine(_cli.Data, "service.db"), new string('x', 5000));
        var verified = _cli.Run("audit", "verify", "--json").Expect(1).Json;
        Assert.Equal((true, 3), (verified.GetProperty("whole").GetBoolean(), verified.GetProperty("events").GetInt32()));
        var unread = Assert.Single(verified.GetProperty("unreadHeads").EnumerateArray());
        Assert.Equal(
            ("the service database", "damaged"), (unread.GetProperty("place").GetString(), unread.GetProperty("fault").GetString()));
        Assert.Contains("NOT COMPARED with the service database", _cli.Run("audit", "verify").Expect(1).Output, StringComparison.Ordinal);
        _cli.Run("audit", "list").Expect(0);
        // What would be written might be given a number that is known there.
        _cli.Run("gallery", "create", "g").Expect(2);
    }

    [Fact]
    public void A_whole_log_verifies_and_gives_its_head_and_a_broken_one_names_the_link()
    {
        Append("search", "login", "search");
        var whole = _cli.Run("audit", "verify", "--json").Expect(0).Json;
        Assert.True(whole.GetProperty("whole").GetBoolean());
        Assert.Equal(3, whole.GetProperty("events").GetInt64());
        var head = whole.GetProperty("head").GetString()!;
        _cli.Run("audit", "verify", "--head", head).Expect(0);
        Assert.Equal("truncated", _cli.Run("audit", "verify", "--head", new string('a', 64), "--json").Expect(1).Json.GetProperty("broken")
            .GetProperty("fault").GetString());

        using (var connection = new SqliteConnection($"Data Source={SqliteDataFolder.AuditFile(_cli.Data)};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "DROP TRIGGER event_is_never_changed; UPDATE event SET actor = 'x' WHERE sequence = 2";
            command.ExecuteNonQuery();
        }
        Assert.Contains("BROKEN at event 2 (changed)", _cli.Run("audit", "verify").Expect(1).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Events_are_listed_by_what_is_asked_for()
    {
        Append("search", "login", "search");

        Assert.Equal([1, 3], Sequences("--kind", "search"));
        Assert.Equal([3, 2], Sequences("--newest", "--limit", "2"));
        Assert.Equal([3], Sequences("--after", "2", "--gallery", "g"));
        Assert.Empty(Sequences("--until", "2001-01-01"));
        Assert.Contains("login", _cli.Run("audit", "list").Expect(0).Output, StringComparison.Ordinal);

        int[] Sequences(params string[] arguments) =>
            [.. _cli.Run(["audit", "list", "--json", .. arguments]).Expect(0).Json.GetProperty("events").EnumerateArray()
                .Select(e => e.GetProperty("sequence").GetInt32())];
    }

    [Fact]
    public void A_purge_removes_what_expired_and_leaves_an_anchor()
    {
        using (var log = SqliteDataFolder.OpenAudit(_cli.Data, new LongAgo()))
            log.Append(new AuditEntry { Kind = "search", Actor = "a" });
        Append("search", "login");
        Assert.Equal(1, _cli.Run("audit", "purge", "--actor", "keeper", "--json").Expect(0).Json.GetProperty("purged").GetInt32());
        Assert.Equal(0, _cli.Run("audit", "purge", "--json").Expect(0).Json.GetProperty("purged").GetInt32());
        _cli.Run("audit", "verify").Expect(0);
        Assert.Contains("keeper", _cli.Run("audit", "list", "--kind", AuditKinds.Purged).Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Mistakes_are_told_and_no_log_is_made()
    {
        Assert.Equal(
            "not_found", _cli.Run("audit", "verify", "--json").Expect(2).Json.GetProperty("error").GetProperty("reason").GetString());
        Assert.False(File.Exists(SqliteDataFolder.AuditFile(_cli.Data)));
        _cli.Run("audit", "verify", "--head", "zz").Expect(2);
        _cli.Run("audit", "list", "--since", "yesterday").Expect(2);
    }

    private void Append(params string[] kinds)
    {
        using var log = SqliteDataFolder.OpenAudit(_cli.Data);
        foreach (var kind in kinds)
            log.Append(new AuditEntry { Kind = kind, Actor = "agent", Payload = AuditEntry.Object(new { galleries = new[] { "g" } }) });
    }

    private sealed class LongAgo : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2001, 1, 1, 0, 0, 0, TimeSpan.Zero);
    }
}
