using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Sqlite;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Galleries.Tests.Audit;

public class AuditLogTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, 123, TimeSpan.Zero);

    [Fact]
    public void Events_follow_each_other_by_their_hashes_as_documented()
    {
        using var test = new TestLog();
        var first = test.Log.Append(
            Entry("search", "agent \"7\"\n", new { galleries = new[] { "b", "a" }, score = 0.5f }) with { Organisation = "unit" });
        var second = test.Log.Append(Entry("login", "Зоя", new { }));

        // Computed by other code, from the text of the documentation.
        Assert.Equal(Sha256(
            """{"actor":"agent \"7\"\n","expires":"2033-03-01T12:00:00.123Z","kind":"search","organisation":"unit","payload":"""
            + """{"galleries":["b","a"],"schema":1,"score":0.5}"""
            + ""","previousHash":"0000000000000000000000000000000000000000000000000000000000000000","sequence":1"""
            + ""","time":"2026-03-01T12:00:00.123Z","version":1}"""), first.Hash);
        Assert.Equal(Sha256(
            """{"actor":"Зоя","expires":"2033-03-01T12:00:00.123Z","kind":"login","organisation":null,"payload":{"schema":1}"""
            + $$""","previousHash":"{{first.Hash}}","sequence":2,"time":"2026-03-01T12:00:00.123Z","version":1}"""), second.Hash);
        Assert.Equal([first, second], test.Log.Read());
        Assert.Equal(new AuditVerification(2, second.Hash, null), test.Log.Verify());
    }

    [Fact]
    public void An_empty_log_verifies() =>
        Using(test => Assert.Equal(new AuditVerification(0, AuditEvent.NoHash, null), test.Log.Verify()));

    [Theory]
    [InlineData("UPDATE event SET payload = '{}' WHERE sequence = 2")]
    [InlineData("DELETE FROM event WHERE sequence = 2")]
    [InlineData("DELETE FROM event")]
    [InlineData(
        "INSERT INTO event SELECT 99, time, kind, actor, organisation, payload, expires, previous_hash, upper(hash) FROM event "
            + "WHERE sequence = 2")]
    [InlineData(
        "INSERT OR REPLACE INTO event SELECT 2, time, kind, actor, organisation, '{}', expires, previous_hash, hash FROM event "
            + "WHERE sequence = 2")]
    public void The_database_refuses_to_change_what_is_written(string sql) => Using(test =>
    {
        test.Fill(4);

        var error = Assert.Throws<SqliteException>(() => test.Sql(sql));

        Assert.Contains("append-only", error.Message, StringComparison.Ordinal);
        Assert.Equal(4, test.Log.Verify().Events);
    });

    [Theory]
    [InlineData(AuditFault.Changed, 3, 2, "UPDATE event SET actor = 'somebody else' WHERE sequence = 3")]
    [InlineData(AuditFault.Changed, 3, 2, "UPDATE event SET time = '2020-01-01T00:00:00.000Z' WHERE sequence = 3")]
    [InlineData(AuditFault.Changed, 3, 2, "UPDATE event SET time = 'yesterday' WHERE sequence = 3")]
    [InlineData(AuditFault.Changed, 3, 2, "UPDATE event SET time = '2026-03-01T12:00:00.1230000Z' WHERE sequence = 3")]
    [InlineData(AuditFault.Changed, 3, 2, "UPDATE event SET expires = NULL WHERE sequence = 3")]
    [InlineData(AuditFault.Changed, 3, 2, "UPDATE event SET organisation = 'o' WHERE sequence = 3")]
    [InlineData(AuditFault.Changed, 3, 2, "UPDATE event SET payload = '{\"number\":9}' WHERE sequence = 3")]
    [InlineData(AuditFault.Changed, 3, 2, "UPDATE event SET payload = '{\"number\": 2}' WHERE sequence = 3")]
    [InlineData(AuditFault.Missing, 3, 2, "DELETE FROM event WHERE sequence = 3")]
    [InlineData(AuditFault.Missing, 1, 0, "DELETE FROM event WHERE sequence < 4")]
    [InlineData(
        AuditFault.Reordered, 3, 2, "DELETE FROM event WHERE sequence = 3; UPDATE event SET sequence = sequence - 1 WHERE sequence > 3")]
    [InlineData(
        AuditFault.Reordered, 2, 1,
        "UPDATE event SET sequence = -2 WHERE sequence = 2; UPDATE event SET sequence = 2 WHERE sequence = 5; UPDATE event "
            + "SET sequence = 5 WHERE sequence = -2")]
    [InlineData(AuditFault.Truncated, 5, 4, "DELETE FROM event WHERE sequence > 4")]
    public void Tampering_is_named_by_its_first_link(AuditFault fault, long sequence, long holding, string sql) => Using(test =>
    {
        test.Fill(8);

        test.Tamper(sql);

        var result = test.Log.Verify();
        Assert.Equal((fault, sequence, holding), (result.Broken!.Fault, result.Broken.Sequence, result.Events));
    });

    [Fact]
    public void An_event_that_was_put_in_with_a_right_hash_of_its_own_is_found_by_the_next_one() => Using(test =>
    {
        test.Fill(5);
        var real = test.Log.Read()[2];
        var forged = AuditEvent.HashOf(
            3, real.Time, real.Kind, "another", real.Organisation, real.Payload, real.Expires, real.PreviousHash);

        test.Tamper($"UPDATE event SET actor = 'another', hash = '{forged}' WHERE sequence = 3");

        Assert.Equal((AuditFault.Inserted, 4), (test.Log.Verify().Broken!.Fault, test.Log.Verify().Broken!.Sequence));
    });

    [Fact]
    public void A_tail_that_was_cut_off_without_trace_is_found_by_a_head_kept_elsewhere() => Using(test =>
    {
        test.Fill(8);
        var early = test.Log.Read()[2].Hash;
        var head = test.Log.Verify().Head;

        test.Tamper("DELETE FROM event WHERE sequence > 6; UPDATE sqlite_sequence SET seq = 6");

        Assert.Null(test.Log.Verify().Broken);
        Assert.Null(test.Log.Verify(early).Broken);
        var broken = test.Log.Verify(head).Broken!;
        Assert.Equal((AuditFault.Truncated, 7), (broken.Fault, broken.Sequence));
    });

    [Fact]
    public void Pages_and_filters_give_what_filtering_all_gives() => Using(test =>
    {
        for (var i = 0; i < 60; i++)
        {
            test.Log.Append(Entry(
                i % 3 == 0 ? "search" : "login", $"a{i % 4}",
                new { galleries = new[] { $"g{i % 5}", "all" }, number = i }) with { Organisation = i % 2 == 0 ? "x" : null });
            test.Clock.Now += TimeSpan.FromMinutes(1);
        }
        var all = test.Log.Read(count: 1000);

        Assert.Equal(all.Skip(10).Take(7), test.Log.Read(after: 10, count: 7));
        Assert.Equal(all.Reverse().Take(7), test.Log.Read(count: 7, newestFirst: true));
        Assert.Equal(all.Reverse().Where(e => e.Sequence < 20).Take(7), test.Log.Read(after: 20, count: 7, newestFirst: true));
        Assert.Equal(all.Where(e => e.Kind == "search"), test.Log.Read(new AuditFilter { Kind = "search" }));
        Assert.Equal(
            all.Where(e => e.Actor == "a2" && e.Organisation == "x"), test.Log.Read(new AuditFilter { Actor = "a2", Organisation = "x" }));
        Assert.Equal(
            all.Where(e => e.Payload.Contains("\"g3\"", StringComparison.Ordinal)), test.Log.Read(new AuditFilter { Gallery = "g3" }));
        Assert.Equal(all.Skip(5).Take(10), test.Log.Read(new AuditFilter { Since = Start.AddMinutes(5), Until = Start.AddMinutes(15) }));
        Assert.Empty(test.Log.Read(new AuditFilter { Gallery = "g" }));
    });

    [Fact]
    public void A_purge_removes_what_expired_and_the_rest_still_verifies() => Using(test =>
    {
        // Every third event is a case file's: runs of two go, one by one stays.
        for (var i = 0; i < 30; i++)
            test.Log.Append(Entry("search", "a", new { number = i }) with
            {
                RetentionYears = i % 3 == 0 ? AuditEntry.CaseFileYears : AuditEntry.StandardYears,
            });
        var middle = test.Log.Read()[4].Hash;
        var purgedHash = test.Log.Read()[2].Hash;

        Assert.Equal(0, test.Log.Purge("keeper", Start.AddYears(7).AddMilliseconds(-1)));
        test.Clock.Now = Start.AddYears(7);
        Assert.Equal(20, test.Log.Purge("keeper"));

        Assert.Equal([1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31], test.Log.Read().Select(e => e.Sequence));
        Assert.Equal(
            (AuditKinds.Purged, "keeper", null), (test.Log.Read()[^1].Kind, test.Log.Read()[^1].Actor, test.Log.Read()[^1].Expires));
        Assert.Equal((11, null), (test.Log.Verify().Events, test.Log.Verify().Broken));
        Assert.Null(test.Log.Verify(purgedHash).Broken);
        Assert.NotNull(test.Log.Verify(middle).Broken);
        Assert.False(FolderBytes.Contain(test.Folder, Encoding.UTF8.GetBytes("\"number\":4}")));

        // The case files go later, and the anchors' runs join.
        test.Clock.Now = Start.AddYears(20);
        test.Log.Append(Entry("search", "a", new { number = 99 }));
        Assert.Equal(10, test.Log.Purge("keeper"));
        Assert.Equal([31, 32, 33], test.Log.Read().Select(e => e.Sequence));
        Assert.Null(test.Log.Verify().Broken);
        Assert.Equal(34, test.Log.Append(Entry("search", "a", new { })).Sequence);
        Assert.Null(test.Log.Verify().Broken);
    });

    [Fact]
    public void A_purge_hides_no_tampering() => Using(test =>
    {
        test.Fill(8);
        test.Tamper("UPDATE event SET actor = 'x' WHERE sequence = 3");
        test.Clock.Now = Start.AddYears(8);

        Assert.Equal(StoreFault.Damaged, Assert.Throws<StoreException>(() => test.Log.Purge("keeper")).Fault);
        Assert.Equal(3, test.Log.Verify().Broken!.Sequence);
    });

    [Fact]
    public void Events_missing_beside_a_purge_are_missed() => Using(test =>
    {
        test.Fill(4);
        test.Clock.Now = Start.AddYears(8);
        test.Fill(4);
        test.Log.Purge("keeper");

        test.Tamper("DELETE FROM event WHERE sequence = 5");

        Assert.Equal((AuditFault.Missing, 5L), (test.Log.Verify().Broken!.Fault, test.Log.Verify().Broken!.Sequence));
    });

    [Fact]
    public void What_a_search_leaves_holds_ids_and_scores_and_nothing_else()
    {
        var search = new SearchAudit
        {
            SearchId = Guid.Empty,
            Galleries = ["g"],
            Purpose = new SearchPurpose("C-1", "18 U.S.C. 1028", "J. Doe"),
            ListLength = 20,
            Floor = 0.34f,
            Filter = ["sex=F"],
            ProbeQuality = 0.8,
            ProbeFaces = 1,
            Candidates = [new AuditedCandidate(1, "g", "S1", "e1", 0.123456f)],
            DisclaimerVersion = "1",
            Model = "m",
            Path = "exact",
            GallerySize = 9,
        };
        using var test = new TestLog();

        var written = test.Log.Append(search.ToEntry("agent", "org", AuditEntry.CaseFileYears));

        Assert.Equal(
            """{"approvalId":null,"candidates":[{"encounterId":"e1","gallery":"g","rank":1,"score":0.1235,"subjectId":"S1"}]"""
                + ""","disclaimerVersion":"1","filter":["sex=F"],"floor":0.34,"floorGaveWay":false,"floors":null,"galleries":["g"]"""
                + ""","gallerySize":9"""
                + ""","listLength":20"""
                + ""","model":"m","path":"exact","preparation":null,"probeEncounterId":null"""
                + ""","probeFaces":1,"probeQuality":0.8,"profile":null,"purpose":"""
                + """{"basis":"18 U.S.C. 1028","caseNumber":"C-1","requester":"J. Doe"}"""
                + ""","schema":1,"searchId":"00000000-0000-0000-0000-000000000000"}""",
            written.Payload);
        Assert.Equal(Start.AddYears(20), written.Expires);
        Assert.Single(test.Log.Read(new AuditFilter { Gallery = "g" }));
    }

    [Fact]
    public async Task Many_appenders_at_once_share_commits_and_every_event_is_there_once()
    {
        using var test = new TestLog();

        var written = await Task.WhenAll(
            Enumerable.Range(0, 500).Select(i => Task.Run(() => test.Log.AppendAsync(Entry("test", $"{i}", new { })))));

        Assert.Equal(Enumerable.Range(1, 500).Select(i => (long)i), written.Select(e => e.Sequence).Order());
        Assert.Equal((500, null), (test.Log.Verify().Events, test.Log.Verify().Broken));
        Assert.Equal(written.OrderBy(e => e.Sequence), test.Log.Read(count: 1000));
    }

    [Fact]
    public async Task Closing_waits_for_what_was_taken_on()
    {
        using var folder = new TemporaryFolder();
        List<Task<AuditEvent>> appends;
        await using (var log = SqliteDataFolder.OpenAudit(folder))
            appends = [.. Enumerable.Range(0, 50).Select(i => log.AppendAsync(Entry("test", $"{i}", new { })))];

        Assert.All(await Task.WhenAll(appends), e => Assert.True(e.Sequence > 0));
        using var again = SqliteDataFolder.OpenAudit(folder);
        Assert.Equal(50, again.Verify().Events);
        await Assert.ThrowsAsync<ObjectDisposedException>(() =>
        {
            again.Dispose();
            return again.AppendAsync(Entry("test", "late", new { }));
        });
    }

    [Fact]
    public void What_cannot_be_written_is_refused_and_others_are_not_held_up() => Using(test =>
    {
        Assert.Throws<ArgumentException>(() => new AuditEntry { Kind = "Has Space", Actor = "a" });
        Assert.Throws<ArgumentException>(() => new AuditEntry { Kind = "k", Actor = " " });
        Assert.Throws<ArgumentException>(() => new AuditEntry { Kind = "k", Actor = "a", Payload = JsonDocument.Parse("[]").RootElement });
        Assert.Throws<ArgumentOutOfRangeException>(() => new AuditEntry { Kind = "k", Actor = "a", RetentionYears = 0 });
        Assert.Throws<ArgumentException>(() =>
            test.Log.Append(new AuditEntry { Kind = "k", Actor = "a", Payload = JsonDocument.Parse("""{"a":1,"a":2}""").RootElement }));
        Assert.Equal(1, test.Log.Append(Entry("k", "a", new { })).Sequence);
    });

    [Fact]
    public void Another_database_is_not_taken_for_an_audit_log()
    {
        using var test = new TestGallery();
        Directory.CreateDirectory(test.Data.Sub("audit"));
        File.Copy(test.Data.Sub("galleries", "test", "gallery.db"), test.Data.Sub("audit", "audit.db"));

        var error = Assert.Throws<StoreException>(() => SqliteDataFolder.OpenAudit(test.Data));

        Assert.Equal(StoreFault.Damaged, error.Fault);
        Assert.Contains("audit log", error.Message, StringComparison.Ordinal);
    }

    private static AuditEntry Entry(string kind, string actor, object payload) =>
        new() { Kind = kind, Actor = actor, Payload = AuditEntry.Object(payload) };

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static void Using(Action<TestLog> run)
    {
        using var test = new TestLog();
        run(test);
    }

    private sealed class TestLog : IDisposable
    {
        public TestLog() => Log = SqliteDataFolder.OpenAudit(Folder, Clock);

        public TemporaryFolder Folder { get; } = new();

        public TestClock Clock { get; } = new(Start);

        public AuditLog Log { get; }

        public void Fill(int events)
        {
            for (var i = 0; i < events; i++)
                Log.Append(Entry("test", "a", new { number = i }));
        }

        public void Sql(string sql)
        {
            using var connection = new SqliteConnection($"Data Source={Log.Location};Pooling=False");
            connection.Open();
            connection.Execute(sql);
        }

        /// <summary>Does what somebody with write access to the file can do.</summary>
        public void Tamper(string sql) => Sql(
            "DROP TRIGGER event_is_never_changed; DROP TRIGGER event_goes_by_purge_alone; DROP TRIGGER event_follows_the_last; "
                + $"PRAGMA ignore_check_constraints = ON; {sql}");

        public void Dispose()
        {
            Log.Dispose();
            Folder.Dispose();
        }
    }
}
