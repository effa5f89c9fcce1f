using System.Text.Json;
using MatchEngine.Galleries.Audit;
using MatchEngine.Sqlite;

namespace MatchEngine.Cli.Tests;

/// <summary>What the command changes in a folder that keeps an audit is written there, by the operating system's user.</summary>
public sealed class CommandJournalTests : IDisposable
{
    private readonly Matchengine _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void An_enrolment_beside_an_audit_is_events_that_name_actor_and_subjects_and_end_with_counts()
    {
        SqliteDataFolder.OpenAudit(_cli.Data).Dispose();
        var names = Portraits.Write(_cli.File("photos"));
        File.WriteAllText(_cli.File("photos/broken.jpg"), "no image");

        var enrolled = _cli.Run("enroll", "-g", "g", _cli.File("photos"), "--json").Expect(1).Json;

        using var log = SqliteDataFolder.OpenAudit(_cli.Data);
        var events = log.Read();
        Assert.All(events, written => Assert.Equal($"user:{Environment.UserName}", written.Actor));
        Assert.Equal(AuditKinds.GalleryCreated, events[0].Kind);
        var commits = events.Where(written => written.Kind == AuditKinds.SubjectEnrolled).ToList();
        Assert.Equal(
            names.SelectMany(name => new[] { name + "-a", name + "-b" }).Order(),
            commits.SelectMany(written => Texts(written, "subjects")).Order());
        Assert.Equal(2 * names.Count, commits.Sum(written => Texts(written, "encounters").Count));
        var end = Payload(events[^1]);
        Assert.Equal(
            (AuditKinds.EnrolmentEnded, "done", 2 * names.Count, 1),
            (events[^1].Kind, end.GetProperty("outcome").GetString(), end.GetProperty("enrolled").GetInt32(),
                end.GetProperty("failed").GetInt32()));
        Assert.Equal(2 * names.Count, enrolled.GetProperty("encounters").GetInt32());
        Assert.Null(log.Verify().Broken);
    }

    [Fact]
    public void Every_verb_that_changes_a_gallery_leaves_its_event()
    {
        SqliteDataFolder.OpenAudit(_cli.Data).Dispose();
        _cli.Variables["MATCHENGINE_DATA_KEY"] = new string('7', 64);

        _cli.Run("gallery", "create", "g").Expect(0);
        _cli.Run("gallery", "set", "g", "--retention-days", "1", "--owner", "unit").Expect(0);
        _cli.Run("gallery", "export", "g", _cli.File("g.zip")).Expect(0);
        _cli.Run("gallery", "restore", _cli.File("g.zip"), "--as", "copy").Expect(0);
        // Nothing had expired and nothing was to be sealed: nothing was changed.
        _cli.Run("gallery", "purge", "g").Expect(0);
        _cli.Run("gallery", "rekey", "g").Expect(0);
        _cli.Run("gallery", "delete", "copy").Expect(0);
        _cli.Run("gallery", "delete", "copy").Expect(2);

        using var log = SqliteDataFolder.OpenAudit(_cli.Data);
        var events = log.Read();
        Assert.Equal(
            [
                (AuditKinds.GalleryCreated, "g"), (AuditKinds.GalleryChanged, "g"), (AuditKinds.GalleryRestored, "copy"),
                (AuditKinds.GalleryDeleted, "copy"),
            ],
            events.Select(written => (written.Kind, Texts(written, "galleries").Single())));
        Assert.All(events, written => Assert.Equal($"user:{Environment.UserName}", written.Actor));
        Assert.Equal("unit", Payload(events[1]).GetProperty("owner").GetString());
    }

    [Fact]
    public void In_a_folder_without_an_audit_none_is_made()
    {
        _cli.Run("gallery", "create", "g").Expect(0);
        _cli.Run("gallery", "delete", "g").Expect(0);

        Assert.False(Directory.Exists(Path.Combine(_cli.Data, "audit")));
    }

    private static JsonElement Payload(AuditEvent written) => JsonElement.Parse(written.Payload);

    private static List<string> Texts(AuditEvent written, string member) =>
        [.. Payload(written).GetProperty(member).EnumerateArray().Select(name => name.GetString()!)];
}
