using System.Globalization;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Sqlite.Tests.Fakes;

namespace MatchEngine.Sqlite.Tests.Audit;

/// <summary>Processes that append are killed (SIGKILL): every event that was acknowledged is there, and the chain holds.</summary>
public class AuditKillTests
{
    [Fact]
    public void Killed_appenders_lose_nothing_they_acknowledged() => KillAndVerify(kills: 4, seed: 1);

    [Fact(Explicit = true)]
    public void A_hundred_killed_appenders_lose_nothing_they_acknowledged() => KillAndVerify(kills: 100, seed: 2);

    [Fact]
    public void Two_processes_that_append_at_once_make_one_chain()
    {
        using var folder = new TemporaryFolder();
        using var first = WorkerProcess.Start(AuditWorker.Verb, folder, "first", "4", "50");
        using var second = WorkerProcess.Start(AuditWorker.Verb, folder, "second", "4", "50");
        foreach (var process in new[] { first, second })
        {
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
        }

        using var log = SqliteDataFolder.OpenAudit(folder);
        Assert.Equal((400, null), (log.Verify().Events, log.Verify().Broken));
        Assert.Equal(8, log.Read(count: 1000).Select(e => e.Actor).Distinct().Count());
    }

    private static void KillAndVerify(int kills, int seed)
    {
        using var folder = new TemporaryFolder();
        var random = new Random(seed);
        var acknowledged = new Dictionary<long, string>();
        for (var kill = 0; kill < kills; kill++)
        {
            // The one that lives beside it has its part in the chain too.
            using var other = WorkerProcess.Start(AuditWorker.Verb, folder, $"other{kill}", "1", "20");
            using var worker = WorkerProcess.Start(AuditWorker.Verb, folder, $"killed{kill}", "4", "100000000");
            var lines = new List<string>();
            for (var wanted = random.Next(1, 80); lines.Count < wanted;)
                lines.Add(worker.StandardOutput.ReadLine()!);
            worker.Kill();
            // What it had printed and nobody read yet was acknowledged too; the last line may be cut short.
            lines.AddRange(worker.StandardOutput.ReadToEnd().Split('\n'));
            worker.WaitForExit();
            Assert.NotEqual(0, worker.ExitCode);
            lines.AddRange(other.StandardOutput.ReadToEnd().Split('\n'));
            other.WaitForExit();
            Assert.Equal(0, other.ExitCode);
            foreach (var words in lines.Select(line => line.Split(' ')).Where(words => words is [_, { Length: 64 }]))
                Assert.True(acknowledged.TryAdd(long.Parse(words[0], CultureInfo.InvariantCulture), words[1]));
        }

        using var log = SqliteDataFolder.OpenAudit(folder);
        var result = log.Verify();
        Assert.Null(result.Broken);
        Assert.True(result.Events >= acknowledged.Count && acknowledged.Count > kills);
        var written = new Dictionary<long, string>();
        for (long after = 0; log.Read(after: after, count: AuditLog.MaxPage) is { Count: > 0 } page; after = page[^1].Sequence)
            foreach (var e in page)
                written.Add(e.Sequence, e.Hash);
        Assert.All(acknowledged, pair => Assert.Equal(pair.Value, written[pair.Key]));
    }
}
