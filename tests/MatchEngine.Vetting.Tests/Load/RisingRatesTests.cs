using MatchEngine.Vetting.Load;

namespace MatchEngine.Vetting.Tests.Load;

public class RisingRatesTests
{
    private static readonly RisingRatesPlan Plan = new()
    {
        Objective = new LoadObjective(TimeSpan.FromMilliseconds(100), 0.01), FirstRate = 10, MaxRate = 1000, LeastRequests = 200,
        MaxDuration = TimeSpan.FromHours(2),
    };

    /// <summary>One server, 8 ms a request, first come first served: 125 requests a second are what it can do.</summary>
    private static Task<LoadRun> OneServer(OpenLoopPlan plan, CancellationToken token)
    {
        var clock = new VirtualClock();
        var freeAt = TimeSpan.Zero;
        return OpenLoop.RunAsync(
            async (_, cancelled) =>
            {
                var now = clock.Time.GetElapsedTime(0);
                freeAt = (freeAt > now ? freeAt : now) + TimeSpan.FromMilliseconds(8);
                await clock.After(freeAt - now, cancelled);
                return null;
            },
            plan, clock, null, null, token);
    }

    [Fact]
    public async Task The_throughput_at_the_objective_is_what_the_target_can_do()
    {
        var curve = await RisingRates.RunAsync(
            Plan with { Refinements = 4 }, OneServer, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal(LoadEnd.ObjectiveBroken, curve.End);
        Assert.Equal([10, 20, 40, 80, 160], curve.Steps.Take(5).Select(s => s.Run.OfferedRate!.Value));
        Assert.Equal([false, false, false, false, true], curve.Steps.Take(5).Select(s => s.BrokenBy is not null));
        // 80 … 160 in four geometric means: within 5 % of 125.
        Assert.InRange(curve.AtObjective!.Run.OfferedRate!.Value, 119, 126);
        Assert.InRange(curve.ThroughputAtObjective!.Value, 118, 126);
        Assert.Contains("allowed are 100.0 ms", curve.Steps[4].BrokenBy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_first_rate_breaks_it_rates_fall()
    {
        var curve = await RisingRates.RunAsync(
            Plan with { FirstRate = 800, Refinements = 0 }, OneServer, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal([800, 400, 200, 100], curve.Steps.Select(s => s.Run.OfferedRate!.Value));
        Assert.Equal(100, curve.AtObjective!.Run.OfferedRate);
    }

    [Fact]
    public async Task A_target_that_never_answers_has_no_throughput()
    {
        var curve = await RisingRates.RunAsync(
            Plan,
            (plan, token) =>
            {
                var clock = new VirtualClock();
                return OpenLoop.RunAsync(
                    (_, _) => ValueTask.FromResult<string?>("refused"), plan, clock, null, null, token);
            },
            TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal(LoadEnd.ObjectiveBroken, curve.End);
        Assert.Null(curve.ThroughputAtObjective);
        Assert.Contains("100.00 % of the requests had no right answer", curve.Steps[0].BrokenBy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_highest_rate_ends_it_and_so_do_requests_and_time()
    {
        var token = TestContext.Current.CancellationToken;
        var highest = await RisingRates.RunAsync(Plan with { MaxRate = 70 }, OneServer, TimeProvider.System, token);
        Assert.Equal((LoadEnd.HighestRate, 70.0), (highest.End, highest.AtObjective!.Run.OfferedRate!.Value));
        var requests = await RisingRates.RunAsync(Plan with { MaxRequests = 700 }, OneServer, TimeProvider.System, token);
        Assert.Equal(LoadEnd.Budget, requests.End);
        // 2 s of warm-up and 200 requests at 10 a second, the same at 20 a second; 480 at 40 a second would be too many.
        Assert.Equal([10, 20], requests.Steps.Select(s => s.Run.OfferedRate!.Value));
        var time = await RisingRates.RunAsync(Plan with { MaxDuration = TimeSpan.FromSeconds(5) }, OneServer, TimeProvider.System, token);
        Assert.Equal((LoadEnd.Budget, 0), (time.End, time.Steps.Count));
    }

    [Fact]
    public async Task Where_the_generator_sets_the_limit_the_target_is_not_blamed()
    {
        var curve = await RisingRates.RunAsync(
            Plan,
            async (plan, token) =>
            {
                var run = await OneServer(plan, token);
                return plan.Rate < 100 ? run : run with { Generator = run.Generator with { Bottleneck = "It was too slow." } };
            },
            TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal(LoadEnd.Generator, curve.End);
        Assert.Equal(80, curve.AtObjective!.Run.OfferedRate);
    }

    [Fact]
    public void A_faster_rate_that_happens_to_keep_the_objective_does_not_outdo_a_slower_one_that_breaks_it()
    {
        LoadStep Step(double rate, string? brokenBy) => new(
            new LoadRun
            {
                Loop = LoadLoop.Open, OfferedRate = rate, Duration = TimeSpan.FromSeconds(1), Requests = 1, Answered = 1,
                Errors = new Dictionary<string, long>(), Unsent = new Dictionary<string, long>(), Throughput = rate,
                Latency = new LatencySummary(0, null, null, null, null, null, null),
                ServiceTime = new LatencySummary(0, null, null, null, null, null, null),
                WarmUp = new WarmUpRun(0, 0, new LatencySummary(0, null, null, null, null, null, null)),
                Generator = new GeneratorUse(new LatencySummary(0, null, null, null, null, null, null), 0, null),
            },
            brokenBy);
        var curve = new LoadCurve(Plan.Objective, [Step(10, null), Step(40, null), Step(20, "slow")], LoadEnd.Budget);
        Assert.Equal(10, curve.AtObjective!.Run.OfferedRate);
    }
}
