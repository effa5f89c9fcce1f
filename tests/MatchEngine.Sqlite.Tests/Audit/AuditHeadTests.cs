using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Sqlite.Book;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Tests.Audit;

/// <summary>The head of an audit log, kept in the service database and in a file.</summary>
public sealed class AuditHeadTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public AuditHeadTests() => ServiceDatabase.Open(_folder, TimeProvider.System).Dispose();

    public void Dispose() => _folder.Dispose();

    private string AuditFile => SqliteDataFolder.AuditFile(_folder);

    private string HeadFile => _folder.Sub("elsewhere", "heads");

    public static TheoryData<string> Tampering => ["yesterday's", "cut", "removed", "rewritten", "another"];

    [Theory, MemberData(nameof(Tampering))]
    public void A_log_that_lacks_what_was_written_is_named_at_opening_and_by_verification_and_gives_no_number_twice(string how)
    {
        Append(5);
        File.Copy(AuditFile, _folder.Sub("yesterday.db"));
        var given = Append(3).Select(written => written.Sequence).ToList();

        Tamper(how);

        using (var log = SqliteDataFolder.OpenAudit(_folder))
        {
            Assert.Equal((AuditFault.RolledBack, 8L), (log.RolledBack!.Fault, log.RolledBack.Sequence));
            Assert.Equal((AuditFault.RolledBack, 8L), (log.Verify().Broken!.Fault, log.Verify().Broken!.Sequence));
            Assert.DoesNotContain(_folder, log.RolledBack.Detail, StringComparison.Ordinal);
        }
        var after = Append(2).Select(written => written.Sequence).ToList();
        Assert.All(after, number => Assert.True(number > given.Max()));
        // For good: what came afterwards does not make it whole.
        using (var log = SqliteDataFolder.OpenAudit(_folder))
        {
            Assert.NotNull(log.Verify().Broken);
            Assert.Equal(after[^1], log.Read(count: 1, newestFirst: true)[0].Sequence);
        }
        Assert.Equal([after[^1] + 1], Append(1).Select(written => written.Sequence));
    }

    [Fact]
    public void A_log_that_runs_ahead_of_what_is_kept_is_whole()
    {
        Append(3);
        using (var log = new AuditLog(Sqlite.Audit.SqliteAuditStore.Open(AuditFile, TimeSpan.FromSeconds(1))))
            log.Append(Entry());
        using var again = SqliteDataFolder.OpenAudit(_folder);
        Assert.Null(again.RolledBack);
        Assert.Null(again.Verify().Broken);
        Assert.Equal(5, again.Append(Entry()).Sequence);
    }

    [Fact]
    public void A_purge_takes_the_kept_event_and_the_log_is_whole()
    {
        using (var log = SqliteDataFolder.OpenAudit(_folder, new TestClock(new DateTimeOffset(2001, 1, 1, 0, 0, 0, TimeSpan.Zero))))
            for (var i = 0; i < 4; i++)
                log.Append(Entry());
        // By a process that was killed before it could hand on the head.
        using (var log = new AuditLog(Sqlite.Audit.SqliteAuditStore.Open(AuditFile, TimeSpan.FromSeconds(1))))
            Assert.Equal(4, log.Purge("somebody"));
        using var again = SqliteDataFolder.OpenAudit(_folder);
        Assert.Null(again.RolledBack);
        Assert.Null(again.Verify().Broken);
    }

    [Fact]
    public void An_event_that_is_written_within_a_transaction_of_the_service_database_hands_on_its_head_afterwards()
    {
        using var database = ServiceDatabase.Open(_folder, TimeProvider.System);
        using (var log = SqliteDataFolder.OpenAudit(_folder, patience: TimeSpan.FromSeconds(10)))
            database.Transact(() => log.Append(Entry()));
        Assert.Equal(1, new SqliteAuditHead(_folder.Sub("service.db"), TimeProvider.System, TimeSpan.FromSeconds(1)).Read()!.Sequence);
    }

    [Fact]
    public void A_data_folder_that_is_rolled_back_as_a_whole_is_found_by_the_file_elsewhere()
    {
        Directory.CreateDirectory(_folder.Sub("elsewhere"));
        Append(5, HeadFile);
        foreach (var file in (string[])[AuditFile, _folder.Sub("service.db")])
            File.Copy(file, file + ".yesterday");
        Append(3, HeadFile);
        foreach (var file in (string[])[AuditFile, _folder.Sub("service.db")])
            File.Move(file + ".yesterday", file, overwrite: true);

        using var without = SqliteDataFolder.OpenAudit(_folder);
        using var log = SqliteDataFolder.OpenAudit(_folder, headFile: HeadFile);

        Assert.Null(without.RolledBack);
        Assert.Equal(8, log.RolledBack!.Sequence);
        Assert.True(log.Append(Entry()).Sequence > 8);
    }

    [Fact]
    public void A_torn_line_in_the_file_of_heads_hides_none_before_it()
    {
        Directory.CreateDirectory(_folder.Sub("elsewhere"));
        Append(2, HeadFile);
        File.AppendAllText(HeadFile, "{\"time\":\"2026-11-30T00:00:00.000Z\",\"sequ");
        Assert.Equal(2, new AuditHeadFile(HeadFile).Read()!.Sequence);
        new AuditHeadFile(HeadFile).Keep(new AuditHead(3, new string('a', 64)), closing: false);
        Assert.Equal(new AuditHead(3, new string('a', 64)), new AuditHeadFile(HeadFile).Read());
        // A lower one never takes its place.
        new AuditHeadFile(HeadFile).Keep(new AuditHead(1, new string('b', 64)), closing: true);
        Assert.Equal(3, new AuditHeadFile(HeadFile).Read()!.Sequence);
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_told_and_the_log_goes_on()
    {
        var told = new List<string>();
        using (var log = SqliteDataFolder.OpenAudit(_folder, headFile: _folder.Sub("absent", "heads")))
        {
            log.HeadKeepingChanged += told.Add;
            Assert.Equal(1, log.Append(Entry()).Sequence);
        }
        Assert.Single(told);
        Assert.Null(SqliteDataFolder.OpenAudit(_folder).RolledBack);
    }

    [Fact]
    public async Task A_place_is_told_once_when_it_fails_and_once_when_it_is_back()
    {
        var keeper = new FailingKeeper { Fails = true };
        var told = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await using (var log = new AuditLog(
            Sqlite.Audit.SqliteAuditStore.Open(AuditFile, TimeSpan.FromSeconds(1)), keepers: [keeper]))
        {
            log.HeadKeepingChanged += told.Enqueue;
            log.Append(Entry());
            // It is tried again each second.
            await keeper.TriedAsync(3);
            Assert.Single(told);
            keeper.Fails = false;
            await keeper.TriedAsync(4);
        }
        Assert.Equal(2, told.Count);
        Assert.Contains("kept again", told.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public void With_a_damaged_service_database_the_log_is_read_and_verified_and_not_written_to()
    {
        Append(3);
        File.WriteAllText(_folder.Sub("service.db"), new string('x', 5000));
        using var log = SqliteDataFolder.OpenAudit(_folder);
        Assert.Equal([("the service database", StoreFault.Damaged)], log.UnreadHeads);
        Assert.Equal(3, log.Read().Count);
        Assert.Null(log.Verify().Broken);
        // A number that is known there might be given again.
        Assert.Equal(StoreFault.Damaged, Assert.Throws<StoreException>(() => log.Append(Entry())).Fault);
        Assert.Equal(3, log.Read().Count);
    }

    [Fact]
    public void A_clock_that_was_set_back_is_remarked_once()
    {
        var clock = new TestClock(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        using var log = SqliteDataFolder.OpenAudit(_folder, clock);
        log.Append(Entry());
        clock.Now = clock.Now.AddHours(-2);
        Assert.Equal("test", log.Append(Entry()).Kind);
        clock.Now = clock.Now.AddMilliseconds(-300);
        log.Append(Entry());

        Assert.Equal(["test", AuditKinds.ClockSetBack, "test", "test"], log.Read().Select(written => written.Kind));
        Assert.Contains("2026-03-01T12:00:00", log.Read()[1].Payload, StringComparison.Ordinal);
        Assert.Null(log.Verify().Broken);
    }

    private List<AuditEvent> Append(int count, string? headFile = null)
    {
        using var log = SqliteDataFolder.OpenAudit(_folder, headFile: headFile);
        return [.. Enumerable.Range(0, count).Select(_ => log.Append(Entry()))];
    }

    private void Tamper(string how)
    {
        switch (how)
        {
            case "yesterday's":
                File.Copy(_folder.Sub("yesterday.db"), AuditFile, overwrite: true);
                break;
            case "cut":
                Sql("DELETE FROM event WHERE sequence > 6; UPDATE sqlite_sequence SET seq = 6");
                break;
            case "removed":
                File.Delete(AuditFile);
                break;
            case "rewritten":
                Rewrite(8);
                break;
            default:
                Rewrite(12);
                break;
        }
    }

    /// <summary>A log of the same length or a greater one, whole in itself, with other events.</summary>
    private void Rewrite(int events)
    {
        File.Delete(AuditFile);
        using var forged = new AuditLog(Sqlite.Audit.SqliteAuditStore.Open(AuditFile, TimeSpan.FromSeconds(1)));
        for (var i = 0; i < events; i++)
            forged.Append(Entry() with { Actor = "forger" });
    }

    private void Sql(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={AuditFile};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "DROP TRIGGER event_is_never_changed; DROP TRIGGER event_goes_by_purge_alone; " + sql;
        command.ExecuteNonQuery();
    }

    private static AuditEntry Entry() => new() { Kind = "test", Actor = "somebody" };

    private sealed class FailingKeeper : IAuditHeadKeeper
    {
        private readonly System.Threading.Channels.Channel<int> _tries = System.Threading.Channels.Channel.CreateUnbounded<int>();

        private int _count;

        public volatile bool Fails;

        public string Place => "a place of this test";

        public AuditHead? Read() => null;

        public void Keep(AuditHead head, bool closing)
        {
            _tries.Writer.TryWrite(++_count);
            if (Fails)
                throw new StoreException(StoreFault.Unreachable, Place, "out of reach");
        }

        /// <summary>Waits until it was tried so often.</summary>
        public async Task TriedAsync(int times)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            while (await _tries.Reader.ReadAsync(patience.Token) < times)
            {
            }
        }
    }
}
