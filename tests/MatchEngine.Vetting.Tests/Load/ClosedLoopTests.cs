using MatchEngine.Vetting.Load;

namespace MatchEngine.Vetting.Tests.Load;

public class ClosedLoopTests
{
    [Fact]
    public async Task So_many_workers_wait_for_their_answers()
    {
        var clock = new VirtualClock();
        var (now, most) = (0, 0);
        var run = await ClosedLoop.RunAsync(
            async (_, token) =>
            {
                most = Math.Max(most, ++now);
                await clock.After(TimeSpan.FromMilliseconds(10), token);
                now--;
                return null;
            },
            new ClosedLoopPlan { Workers = 4, WarmUp = TimeSpan.FromSeconds(1), Duration = TimeSpan.FromSeconds(2) }, clock, null, null,
            TestContext.Current.CancellationToken);
        Assert.Equal(4, most);
        Assert.Equal(4, run.Workers);
        // 4 workers × 100 a second.
        Assert.Equal(800, run.Answered);
        Assert.Equal(400, run.WarmUp.Requests);
        Assert.Equal(400, run.Throughput, 1);
        Assert.Equal(10, run.Latency.P50!.Value, 1);
        Assert.Equal(0, run.Generator.Lateness.Count);
    }

    [Fact]
    public async Task It_ends_when_its_requests_are_sent()
    {
        var clock = new VirtualClock();
        var sent = 0;
        var run = await ClosedLoop.RunAsync(
            async (_, token) =>
            {
                sent++;
                await clock.After(TimeSpan.FromMilliseconds(10), token);
                return null;
            },
            new ClosedLoopPlan { Workers = 3, WarmUp = TimeSpan.Zero, Duration = TimeSpan.FromHours(1), MaxRequests = 100 },
            clock, null, null,
            TestContext.Current.CancellationToken);
        Assert.Equal(100, sent);
        Assert.Equal(100, run.Answered);
    }

    [Fact]
    public async Task On_the_real_clock_a_target_that_answers_at_once_does_not_hang_it()
    {
        var run = await ClosedLoop.RunAsync(
            (_, _) => ValueTask.FromResult<string?>(null),
            new ClosedLoopPlan { Workers = 2, WarmUp = TimeSpan.Zero, Duration = TimeSpan.FromMilliseconds(100), MaxRequests = 20_000 },
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.InRange(run.Answered, 1, 20_000);
        Assert.Equal(run.Requests, run.Answered);
    }

    [Fact]
    public async Task Without_workers_it_is_refused() => await Assert.ThrowsAsync<ArgumentException>(() => ClosedLoop.RunAsync(
        (_, _) => ValueTask.FromResult<string?>(null), new ClosedLoopPlan { Workers = 0, Duration = TimeSpan.FromSeconds(1) },
        cancellationToken: TestContext.Current.CancellationToken));
}
