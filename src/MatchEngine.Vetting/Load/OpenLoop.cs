namespace MatchEngine.Vetting.Load;

/// <summary>A load at a constant rate of arrivals.</summary>
public sealed record OpenLoopPlan
{
    /// <summary>The most requests of one run.</summary>
    public const long MostRequests = 100_000_000;

    /// <summary>Requests a second.</summary>
    public required double Rate { get; init; }

    /// <summary>How long is measured.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>How long the same load runs before; it is told apart.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many requests may be without an answer at a time; an arrival beyond is not sent, and counted as such.</summary>
    public int MaxInFlight { get; init; } = 1000;

    /// <summary>
    /// How late a request may be sent. One that the generator itself comes to later is left out and counted: sent with all others that
    /// became due meanwhile it would be a burst that nobody ordered.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long missing answers are waited for after the last arrival.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    internal long Arrivals => (long)Math.Ceiling(Math.Round(Rate * (WarmUp + Duration).TotalSeconds, 6));

    internal void Validate()
    {
        if (!(Rate > 0) || !(Duration > TimeSpan.Zero) || WarmUp < TimeSpan.Zero || MaxInFlight < 1 || Patience <= TimeSpan.Zero
            || DrainTimeout < TimeSpan.Zero)
            throw new ArgumentException("rate, duration, patience and requests in flight are above 0, other times not below");
        if (!(Rate * (WarmUp + Duration).TotalSeconds <= MostRequests))
            throw new ArgumentException($"one run sends at most {MostRequests:N0} requests");
    }
}

/// <summary>
/// Sends requests at a constant rate, whatever becomes of those before them, and counts each one's latency from when it was meant to be
/// sent. So a stall is in the numbers with everybody who had to wait for it; a load whose requests wait for answers would leave them out
/// ("coordinated omission").
/// </summary>
public static class OpenLoop
{
    /// <summary>Runs the load.</summary>
    /// <param name="request">What is sent.</param>
    /// <param name="plan">At which rate, how long.</param>
    /// <param name="watch">The target's process, where it is on this machine.</param>
    /// <param name="progress">Told some times a second, from a thread of its own.</param>
    /// <param name="cancellationToken">Ends it; requests under way are cancelled.</param>
    /// <exception cref="ArgumentException">The plan is not one.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Task<LoadRun> RunAsync(
        LoadRequest request, OpenLoopPlan plan, ProcessWatch? watch = null, IProgress<LoadProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        RunAsync(request, plan, LoadClock.Real, watch, progress, cancellationToken);

    internal static Task<LoadRun> RunAsync(
        LoadRequest request, OpenLoopPlan plan, LoadClock clock, ProcessWatch? watch, IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(plan);
        plan.Validate();
        // A thread of its own: on the pool, arrivals would wait for the requests that they bring about.
        return Task.Factory.StartNew(Pace, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        LoadRun Pace()
        {
            using var recorder = new LoadRecorder(request, clock, plan.WarmUp, plan.WarmUp + plan.Duration, progress, watch);
            var arrivals = plan.Arrivals;
            for (var number = 0L; number < arrivals && !cancellationToken.IsCancellationRequested;)
            {
                var intended = TimeSpan.FromSeconds(number / plan.Rate);
                var late = recorder.Elapsed - intended;
                if (late < TimeSpan.Zero)
                {
                    recorder.Tell();
                    // In short steps, so that cancelling is seen and progress told.
                    clock.Pause(-late < TimeSpan.FromMilliseconds(50) ? -late : TimeSpan.FromMilliseconds(50));
                    continue;
                }
                if (late > plan.Patience)
                    recorder.Skip(intended, LoadRun.Late);
                else if (recorder.InFlight >= plan.MaxInFlight)
                    recorder.Skip(intended, LoadRun.InFlight);
                else
                {
                    var own = number;
                    recorder.Take(own, intended);
                    clock.Run(() => _ = recorder.SendAsync(own, isPaced: true));
                }
                number++;
            }
            recorder.Drain(plan.DrainTimeout, cancellationToken);
            return recorder.Result(LoadLoop.Open, plan.Rate, null);
        }
    }
}
