namespace MatchEngine.Vetting.Load;

/// <summary>A load of workers, each of which sends its next request when it has the answer to its last.</summary>
public sealed record ClosedLoopPlan
{
    /// <summary>The most workers of one run.</summary>
    public const int MostWorkers = 10_000;

    /// <summary>How many requests are under way at a time.</summary>
    public required int Workers { get; init; }

    /// <summary>How long is measured.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>How long the same load runs before; it is told apart.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The most requests, warm-up included; the run ends early when they are sent.</summary>
    public long MaxRequests { get; init; } = OpenLoopPlan.MostRequests;

    /// <summary>How long missing answers are waited for in the end.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    internal void Validate()
    {
        if (Workers is < 1 or > MostWorkers || !(Duration > TimeSpan.Zero) || WarmUp < TimeSpan.Zero || DrainTimeout < TimeSpan.Zero
            || MaxRequests is < 1 or > OpenLoopPlan.MostRequests)
            throw new ArgumentException(
                $"there are 1 … {MostWorkers:N0} workers and 1 … {OpenLoopPlan.MostRequests:N0} requests, in a time above 0");
    }
}

/// <summary>
/// The highest throughput of so many callers who wait for their answers. Its latency says nothing about those who would have come while the
/// target stalled: that is what <see cref="OpenLoop"/> is for.
/// </summary>
public static class ClosedLoop
{
    /// <summary>Runs the load.</summary>
    /// <param name="request">What is sent.</param>
    /// <param name="plan">By how many, how long.</param>
    /// <param name="watch">The target's process, where it is on this machine.</param>
    /// <param name="progress">Told some times a second, from a thread of its own.</param>
    /// <param name="cancellationToken">Ends it; requests under way are cancelled.</param>
    /// <exception cref="ArgumentException">The plan is not one.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Task<LoadRun> RunAsync(
        LoadRequest request, ClosedLoopPlan plan, ProcessWatch? watch = null, IProgress<LoadProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        RunAsync(request, plan, LoadClock.Real, watch, progress, cancellationToken);

    internal static Task<LoadRun> RunAsync(
        LoadRequest request, ClosedLoopPlan plan, LoadClock clock, ProcessWatch? watch, IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(plan);
        plan.Validate();
        return Task.Factory.StartNew(Attend, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        LoadRun Attend()
        {
            var whole = plan.WarmUp + plan.Duration;
            using var recorder = new LoadRecorder(request, clock, plan.WarmUp, whole, progress, watch);
            var next = -1L;
            bool IsOver() => recorder.Elapsed >= whole || cancellationToken.IsCancellationRequested;
            async Task WorkAsync()
            {
                while (!IsOver() && Interlocked.Increment(ref next) is var number && number < plan.MaxRequests)
                {
                    recorder.Take(number, recorder.Elapsed);
                    await recorder.SendAsync(number, isPaced: false).ConfigureAwait(false);
                }
            }
            for (var worker = 0; worker < plan.Workers; worker++)
                clock.Run(() => _ = WorkAsync());
            while (!IsOver() && Interlocked.Read(ref next) < plan.MaxRequests)
            {
                clock.Pause(TimeSpan.FromMilliseconds(5));
                recorder.Tell();
            }
            recorder.Drain(plan.DrainTimeout, cancellationToken);
            return recorder.Result(LoadLoop.Closed, null, plan.Workers);
        }
    }
}
