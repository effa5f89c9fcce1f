using System.Diagnostics;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Tests.Fakes;
using Microsoft.Win32.SafeHandles;

namespace MatchEngine.Sqlite.Tests.Audit;

/// <summary>How many events a second the log takes, beside what the disk can do. Prints; `.ci/long` keeps the run.</summary>
public class AuditAppendSpeedTests
{
    private const int Rounds = 5;

    [Fact(Explicit = true)]
    public async Task Appends_per_second_alone_and_shared()
    {
        using var folder = new TemporaryFolder();
        using var log = SqliteDataFolder.OpenAudit(folder);
        var entry = new AuditEntry { Kind = "test", Actor = "a", Payload = AuditEntry.Object(new
        {
            galleries = new[] { "g" },
            candidates = Enumerable.Range(0, 20).Select(
                i => new AuditedCandidate(i, "g", $"S{i}", "0123456789abcdef0123456789abcdef", 0.5f)),
        }) };
        log.Append(entry);
        var (flushes, alone, shared) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            flushes.Add(Rate(200, () => FlushBytes(folder.Sub("raw"), 200)));
            alone.Add(Rate(200, () =>
            {
                for (var i = 0; i < 200; i++)
                    log.Append(entry);
            }));
            var started = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () =>
            {
                for (var i = 0; i < 50; i++)
                    await log.AppendAsync(entry);
            })));
            shared.Add(64 * 50 / Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        var verifying = Stopwatch.GetTimestamp();
        var result = log.Verify();
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"write 4 KiB + fsync {Median(flushes):N0}/s; one appender {Median(alone):N0}/s; 64 appenders {Median(shared):N0}/s; "
                + $"verify {result.Events / Stopwatch.GetElapsedTime(verifying).TotalSeconds:N0}/s");
        Assert.Null(result.Broken);
        Assert.Equal(1 + Rounds * (200 + 64 * 50), result.Events);
    }

    private static void FlushBytes(string file, int times)
    {
        using SafeFileHandle handle = File.OpenHandle(file, FileMode.Create, FileAccess.Write);
        var block = new byte[4096];
        for (var i = 0; i < times; i++)
        {
            RandomAccess.Write(handle, block, i * 4096L);
            RandomAccess.FlushToDisk(handle);
        }
    }

    private static double Rate(int times, Action work)
    {
        var started = Stopwatch.GetTimestamp();
        work();
        return times / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
