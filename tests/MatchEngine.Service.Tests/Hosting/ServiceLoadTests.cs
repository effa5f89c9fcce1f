using System.Globalization;
using System.Text;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Hosting;

/// <summary>
/// Searches, enrolments, deletions and readings of the audit together, against the service in a process of its own: no error, nobody lost,
/// memory flat. Faces are fake, so that it is the service that is loaded (reading requests, index, databases, audit) and not the networks,
/// whose speed stands in <c>benchmarks/results/faces.md</c>.
/// </summary>
public sealed class ServiceLoadTests(ITestOutputHelper output)
{
    [Fact]
    public Task Twenty_seconds_of_everything_at_once() => LoadAsync(TimeSpan.FromSeconds(20), warmUp: TimeSpan.FromSeconds(6), growth: 1.5);

    /// <summary>The figures go to the file that <c>MATCHENGINE_LOAD_REPORT</c> names.</summary>
    [Fact(Explicit = true)]
    public Task Ten_minutes_of_everything_at_once() => LoadAsync(TimeSpan.FromMinutes(10), warmUp: TimeSpan.FromMinutes(2), growth: 1.15);

    private async Task LoadAsync(TimeSpan duration, TimeSpan warmUp, double growth)
    {
        const string gallery = "people";
        const int population = 300;
        using var folder = new TemporaryFolder();
        using var service = await ServiceProcess.StartAsync(folder.Sub("data"));
        var key = service.FirstKey!;
        using var admin = service.Client(key);
        await admin.CreateGalleryAsync(gallery);
        await admin.EnrolAsync(gallery, MixedLoad.Steady, FakeImage.Picture("", new FakeFace(0)));
        var auditorKey = await ServiceProcess.KeyOfAsync(admin, Role.ServiceAuditor);
        using var auditor = service.Client(auditorKey);
        var load = new MixedLoad(key, auditorKey, gallery, seed: 5);

        using var end = new CancellationTokenSource(duration);
        var running = load.RunAsync(service, population, examine: 0, end.Token);
        var memory = new List<(TimeSpan At, long Bytes)>();
        var started = System.Diagnostics.Stopwatch.StartNew();
        while (!running.IsCompleted)
        {
            await Task.WhenAny(running, Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None));
            service.Process.Refresh();
            memory.Add((started.Elapsed, service.Process.WorkingSet64));
        }
        await running;

        Assert.Empty(load.Faults);
        // Nobody lost, nobody back; begun deletions were all answered, for the load ends between requests.
        var there = await MixedLoad.SubjectsAsync(admin, gallery);
        Assert.Equal(
            load.Enrolled.Keys.Except(load.Deleted.Keys).Append(MixedLoad.Steady).Order(StringComparer.Ordinal),
            there.Order(StringComparer.Ordinal));
        Assert.True((await auditor.GetAsync("/v1/audit/verification").Json()).GetProperty("intact").GetBoolean());

        // The largest of a third against the largest of the last: the collector's ups and downs are in both.
        var after = memory.Where(sample => sample.At > warmUp && sample.At <= duration).ToList();
        var (early, late) = (
            after.Take(after.Count / 3).Max(sample => sample.Bytes), after.TakeLast(after.Count / 3).Max(sample => sample.Bytes));
        var report = Report(load, duration, early, late);
        output.WriteLine(report);
        if (Environment.GetEnvironmentVariable("MATCHENGINE_LOAD_REPORT") is { Length: > 0 } file && duration > TimeSpan.FromMinutes(1))
            File.WriteAllText(file, report);
        Assert.True(late <= early * growth, $"memory grew from {early >> 20} to {late >> 20} MiB after warm-up");
    }

    private static string Report(MixedLoad load, TimeSpan duration, long early, long late)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"| request | answered | per second | p50 ms | p99 ms | longest ms |");
        text.AppendLine("|---|---|---|---|---|---|");
        foreach (var kind in load.Answered.GroupBy(answer => answer.Kind).OrderBy(kind => kind.Key, StringComparer.Ordinal))
        {
            var times = kind.Select(answer => answer.Milliseconds).Order().ToList();
            double At(double part) => times[Math.Min(times.Count - 1, (int)(part * times.Count))];
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {kind.Key} | {times.Count:N0} | {times.Count / duration.TotalSeconds:0.0} | "
                    + $"{At(0.5):0.0} | {At(0.99):0.0} | {times[^1]:0.0} |");
        }
        text.AppendLine();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"Errors: {load.Faults.Count}. Enrolled: {load.Enrolled.Count:N0}, deleted: {load.Deleted.Count:N0}, lost: 0. "
                + $"Working set after warm-up: {early >> 20} MiB at most in the first third, {late >> 20} MiB in the last.");
        return text.ToString();
    }
}
