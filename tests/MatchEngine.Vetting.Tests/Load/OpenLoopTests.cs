using System.Diagnostics;
using MatchEngine.Vetting.Load;

namespace MatchEngine.Vetting.Tests.Load;

public class OpenLoopTests
{
    private static readonly TimeSpan Service = TimeSpan.FromMilliseconds(2);

    /// <summary>A target that answers within 2 ms, but for one second, in which it holds everybody back.</summary>
    private static LoadRequest Stalling(VirtualClock clock, TimeSpan from, TimeSpan length) => async (_, token) =>
    {
        var now = clock.Time.GetElapsedTime(0);
        await clock.After(now >= from && now < from + length ? from + length - now + Service : Service, token);
        return null;
    };

    private static Task<LoadRun> Run(LoadRequest request, VirtualClock clock, OpenLoopPlan plan) =>
        OpenLoop.RunAsync(request, plan, clock, null, null, TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_stall_of_a_second_shows_in_the_p99_of_an_open_loop_and_not_of_a_closed_one()
    {
        var (at, stall) = (TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(1));
        var clock = new VirtualClock();
        var open = await Run(Stalling(clock, at, stall), clock, new OpenLoopPlan
        {
            Rate = 100,
            WarmUp = TimeSpan.Zero,
            Duration = TimeSpan.FromSeconds(10),
        });
        clock = new VirtualClock();
        var closed = await ClosedLoop.RunAsync(
            Stalling(clock, at, stall),
            new ClosedLoopPlan { Workers = 1, WarmUp = TimeSpan.Zero, Duration = TimeSpan.FromSeconds(10) }, clock,
            null, null, TestContext.Current.CancellationToken);

        // One arrival in ten came during the stall, 10 ms after each other: they waited 1.002 s, 0.992 s, … One in a hundred of all waited
        // longer than 0.902 s.
        Assert.Equal(1000, open.Answered);
        Assert.InRange(open.Latency.P99!.Value, 890, 915);
        Assert.InRange(open.Latency.P90!.Value, 1.9, 15);
        Assert.InRange(open.Latency.Max!.Value, 1000, 1004);
        // The one worker stood still with the target: one slow answer of some thousands.
        Assert.InRange(closed.Answered, 1000, 4501);
        Assert.InRange(closed.Latency.P99!.Value, 1.9, 8);
        Assert.InRange(closed.Latency.Max!.Value, 990, 1004);
    }

    [Fact]
    public async Task Arrivals_keep_their_times_whatever_becomes_of_those_before()
    {
        var clock = new VirtualClock();
        var sent = new List<double>();
        await Run(
            async (number, token) =>
            {
                sent.Add(clock.Time.GetElapsedTime(0).TotalSeconds);
                await clock.After(TimeSpan.FromSeconds(number % 7), token);
                return null;
            },
            clock, new OpenLoopPlan { Rate = 8, WarmUp = TimeSpan.FromSeconds(1), Duration = TimeSpan.FromSeconds(4) });
        Assert.Equal(Enumerable.Range(0, 40).Select(i => i / 8.0), sent);
    }

    [Fact]
    public async Task What_the_generator_comes_too_late_to_is_neither_sent_in_a_burst_nor_called_the_targets_error()
    {
        var clock = new VirtualClock();
        var (sent, hasSlept) = (new List<TimeSpan>(), false);
        var run = await Run(
            (_, _) =>
            {
                sent.Add(clock.Time.GetElapsedTime(0));
                // Here the generator's own thread stands still.
                if (!hasSlept && sent[^1] >= TimeSpan.FromSeconds(1))
                {
                    hasSlept = true;
                    clock.Pause(TimeSpan.FromSeconds(2));
                }
                return ValueTask.FromResult<string?>(null);
            },
            clock, new OpenLoopPlan
            {
                Rate = 100, WarmUp = TimeSpan.Zero, Duration = TimeSpan.FromSeconds(5), Patience = TimeSpan.FromMilliseconds(100),
            });
        Assert.Equal(500, run.Requests);
        // Of the 200 that became due meanwhile, the last ten are within what a request may be late.
        Assert.Equal(189, run.Unsent[LoadRun.Late]);
        Assert.Equal(311, run.Answered);
        Assert.Equal(0, run.ErrorShare);
        Assert.Contains("too late to 189 requests", run.Generator.Bottleneck, StringComparison.Ordinal);
        Assert.True(sent.GroupBy(t => t).Max(g => g.Count()) <= 11);
    }

    [Fact]
    public async Task No_more_than_so_many_are_unanswered_at_a_time_and_what_is_held_back_counts_against_the_target()
    {
        var clock = new VirtualClock();
        var run = await Run(
            async (_, token) =>
            {
                await clock.After(TimeSpan.FromHours(1), token);
                return null;
            },
            clock, new OpenLoopPlan
            {
                Rate = 100, WarmUp = TimeSpan.Zero, Duration = TimeSpan.FromSeconds(1), MaxInFlight = 30,
                DrainTimeout = TimeSpan.FromSeconds(9),
            });
        Assert.Equal(0, run.Answered);
        Assert.Equal(70, run.Unsent[LoadRun.InFlight]);
        Assert.Equal(30, run.Errors[LoadRun.NoAnswer]);
        Assert.Equal(1, run.ErrorShare);
        // What never came is there with the time that was waited for it.
        Assert.InRange(run.Latency.Max!.Value, 9_900, 10_000);
        Assert.Equal(0, run.ServiceTime.Count);
    }

    [Fact]
    public async Task Errors_are_counted_by_kind_and_the_warm_up_apart()
    {
        var clock = new VirtualClock();
        var run = await Run(
            async (number, token) =>
            {
                await clock.After(Service, token);
                return (number % 10) switch
                {
                    0 => "HTTP 503",
                    1 => throw new TimeoutException(),
                    _ => null,
                };
            },
            clock, new OpenLoopPlan { Rate = 100, WarmUp = TimeSpan.FromSeconds(1), Duration = TimeSpan.FromSeconds(2) });
        Assert.Equal(200, run.Requests);
        Assert.Equal([("HTTP 503", 20L), ("TimeoutException", 20L)], run.Errors.Select(e => (e.Key, e.Value)));
        Assert.Equal(160, run.Answered);
        Assert.Equal(160, run.Latency.Count);
        Assert.Equal(0.2, run.ErrorShare!.Value, 12);
        Assert.Equal((100, 20, 80), (run.WarmUp.Requests, run.WarmUp.Errors, run.WarmUp.Latency.Count));
        Assert.Equal(80, run.Throughput, 1);
    }

    [Fact]
    public async Task A_target_that_says_something_else_each_time_fills_no_memory()
    {
        var clock = new VirtualClock();
        var run = await Run(
            (number, _) => ValueTask.FromResult<string?>(number + new string('x', 10_000)), clock,
            new OpenLoopPlan { Rate = 1000, WarmUp = TimeSpan.Zero, Duration = TimeSpan.FromSeconds(1) });
        Assert.Equal(1000, run.Errors.Values.Sum());
        Assert.InRange(run.Errors.Count, 2, 50);
        Assert.All(run.Errors.Keys, kind => Assert.InRange(kind.Length, 1, 80));
    }

    [Fact]
    public async Task Cancelling_ends_it_and_what_is_under_way()
    {
        var clock = new VirtualClock();
        using var cancel = new CancellationTokenSource();
        var ended = 0;
        async ValueTask<string?> HangAsync(CancellationToken token)
        {
            await using var _ = token.Register(() => ended++);
            await clock.After(TimeSpan.FromHours(1), token);
            return null;
        }
        ValueTask<string?> CancelAtFifty(long number, CancellationToken token)
        {
            if (number == 50)
                cancel.Cancel();
            return HangAsync(token);
        }
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => OpenLoop.RunAsync(
            CancelAtFifty, new OpenLoopPlan { Rate = 100, Duration = TimeSpan.FromMinutes(1) }, clock, null, null, cancel.Token));
        Assert.Equal(51, ended);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(double.NaN, 1)]
    [InlineData(1e9, 1)]
    [InlineData(1, 0)]
    public async Task A_load_without_rate_time_or_bound_is_refused(double rate, double seconds) =>
        await Assert.ThrowsAsync<ArgumentException>(() => OpenLoop.RunAsync(
            (_, _) => ValueTask.FromResult<string?>(null), new OpenLoopPlan { Rate = rate, Duration = TimeSpan.FromSeconds(seconds) },
            cancellationToken: TestContext.Current.CancellationToken));

    [Fact]
    public async Task On_the_real_clock_every_arrival_is_accounted_for()
    {
        var run = await OpenLoop.RunAsync(
            async (number, token) =>
            {
                await Task.Delay(1, token);
                return number % 50 == 0 ? "no" : null;
            },
            new OpenLoopPlan { Rate = 200, WarmUp = TimeSpan.FromMilliseconds(100), Duration = TimeSpan.FromMilliseconds(400) },
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(80, run.Requests);
        Assert.Equal(80, run.Answered + run.Errors.Values.Sum() + run.Unsent.Values.Sum());
        Assert.Equal(20, run.WarmUp.Requests);
        Assert.Equal(run.Answered, run.ServiceTime.Count);
    }

    /// <summary>Long: <c>.ci/long 'Vetting:*sustains*'</c>, on a machine that does nothing else.</summary>
    [Fact(Explicit = true)]
    public async Task The_generator_sustains_5000_trivial_requests_a_second_on_two_cores()
    {
        var processor = Process.GetCurrentProcess().TotalProcessorTime;
        var run = await OpenLoop.RunAsync(
            async (_, _) =>
            {
                await Task.Yield();
                return null;
            },
            new OpenLoopPlan { Rate = 5000, Duration = TimeSpan.FromSeconds(20) },
            cancellationToken: TestContext.Current.CancellationToken);
        var used = (Process.GetCurrentProcess().TotalProcessorTime - processor).TotalSeconds / 22;
        TestContext.Current.TestOutputHelper!.WriteLine(
            "{0:N0} answered a second of {1:N0}; p50 {2} ms, p99 {3} ms, p99.9 {4} ms; late p99 {5} ms; {6:0.00} cores; {7}",
            run.Throughput, run.OfferedRate!, run.Latency.P50!, run.Latency.P99!, run.Latency.P999!, run.Generator.Lateness.P99!, used,
            run.Generator.Bottleneck ?? "no bottleneck of its own");
        Assert.Equal(100_000, run.Answered);
        Assert.Empty(run.Unsent);
    }
}
