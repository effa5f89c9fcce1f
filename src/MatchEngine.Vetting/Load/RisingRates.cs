namespace MatchEngine.Vetting.Load;

/// <summary>How the rate rises until an objective breaks.</summary>
public sealed record RisingRatesPlan
{
    /// <summary>What has to be kept.</summary>
    public required LoadObjective Objective { get; init; }

    /// <summary>The first rate, requests a second; where even that breaks the objective the rates fall.</summary>
    public double FirstRate { get; init; } = 1;

    /// <summary>What each rate is of the one before.</summary>
    public double Factor { get; init; } = 2;

    /// <summary>How often a rate between the highest kept and the lowest broken is tried, each time their geometric mean.</summary>
    public int Refinements { get; init; } = 2;

    /// <summary>The highest rate.</summary>
    public double MaxRate { get; init; } = 100_000;

    /// <summary>How long each rate is measured; longer where it brings fewer than <see cref="LeastRequests"/>.</summary>
    public TimeSpan StepDuration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The least requests of a measured part, 100: of fewer there is no p99.</summary>
    public int LeastRequests { get; init; } = 100;

    /// <summary>How long each rate runs before.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The most requests of all rates together.</summary>
    public long MaxRequests { get; init; } = 1_000_000;

    /// <summary>How long it may take; no rate begins that would end later.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>As of <see cref="OpenLoopPlan"/>.</summary>
    public int MaxInFlight { get; init; } = 1000;

    internal void Validate()
    {
        if (!(FirstRate > 0) || !(Factor > 1) || Refinements < 0 || !(MaxRate >= FirstRate) || LeastRequests < 100
            || StepDuration <= TimeSpan.Zero || MaxDuration <= TimeSpan.Zero || MaxRequests < 1)
            throw new ArgumentException("rates are above 0 and rise, a step has at least 100 requests, and the whole ends");
    }
}

/// <summary>Why no further rate was tried.</summary>
public enum LoadEnd
{
    /// <summary>The objective broke, and the rate at which it does was narrowed down.</summary>
    ObjectiveBroken,

    /// <summary>The highest rate kept it.</summary>
    HighestRate,

    /// <summary>The generator, not the target, set the limit: what is said of the target is a lower bound.</summary>
    Generator,

    /// <summary>Requests or time were used up.</summary>
    Budget,
}

/// <summary>One rate.</summary>
/// <param name="Run">What was measured.</param>
/// <param name="BrokenBy">Why it breaks the objective; null when it keeps it.</param>
public sealed record LoadStep(LoadRun Run, string? BrokenBy);

/// <summary>The load curve.</summary>
/// <param name="Objective">What had to be kept.</param>
/// <param name="Steps">The rates, in the order in which they were tried.</param>
/// <param name="End">Why it ended.</param>
public sealed record LoadCurve(LoadObjective Objective, IReadOnlyList<LoadStep> Steps, LoadEnd End)
{
    /// <summary>The fastest rate that kept the objective; null when none did. None that broke it is slower.</summary>
    public LoadStep? AtObjective
    {
        get
        {
            var lowestBroken = Steps.Where(s => s.BrokenBy is not null).Select(s => s.Run.OfferedRate).Min() ?? double.PositiveInfinity;
            return Steps.Where(s => s.BrokenBy is null && s.Run.OfferedRate < lowestBroken).MaxBy(s => s.Run.OfferedRate);
        }
    }

    /// <summary>Right answers a second at that rate; null when none kept the objective.</summary>
    public double? ThroughputAtObjective => AtObjective?.Run.Throughput;
}

/// <summary>Raises the rate of an open loop until the objective breaks.</summary>
public static class RisingRates
{
    // A target that cannot keep its objective at a tenth of the first rate keeps it at none that matters.
    private const double LowestOfFirst = 0.1;

    /// <summary>Runs one rate after another.</summary>
    /// <param name="request">What is sent.</param>
    /// <param name="plan">The rates and their bounds.</param>
    /// <param name="watch">The target's process, where it is on this machine.</param>
    /// <param name="progress">Told the rate and how its run goes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ArgumentException">The plan is not one.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Task<LoadCurve> RunAsync(
        LoadRequest request, RisingRatesPlan plan, ProcessWatch? watch = null, IProgress<(double Rate, LoadProgress Run)>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return RunAsync(
            plan, (open, token) => OpenLoop.RunAsync(
                request, open, watch, progress is null ? null : new OfRate(open.Rate, progress), token), TimeProvider.System,
                cancellationToken);
    }

    internal static async Task<LoadCurve> RunAsync(
        RisingRatesPlan plan, Func<OpenLoopPlan, CancellationToken, Task<LoadRun>> run, TimeProvider time,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        plan.Validate();
        var (began, left, steps, refined) = (time.GetTimestamp(), plan.MaxRequests, new List<LoadStep>(), 0);
        double? kept = null, broken = null;
        LoadCurve Ended(LoadEnd end) => new(plan.Objective, steps, end);
        while (true)
        {
            var rate = (kept, broken) switch
            {
                (null, null) => plan.FirstRate,
                (null, { } high) => high / plan.Factor,
                ({ } low, null) => Math.Min(plan.MaxRate, low * plan.Factor),
                ({ } low, { } high) => Math.Sqrt(low * high),
            };
            if (kept >= plan.MaxRate)
                return Ended(LoadEnd.HighestRate);
            if ((kept is not null && broken is not null && refined++ >= plan.Refinements) || rate < plan.FirstRate * LowestOfFirst)
                return Ended(LoadEnd.ObjectiveBroken);
            var step = new OpenLoopPlan
            {
                Rate = rate,
                WarmUp = plan.WarmUp,
                Duration = TimeSpan.FromSeconds(Math.Max(plan.StepDuration.TotalSeconds, plan.LeastRequests / rate)),
                MaxInFlight = plan.MaxInFlight,
            };
            if (step.Arrivals > left || time.GetElapsedTime(began) + step.WarmUp + step.Duration > plan.MaxDuration)
                return Ended(LoadEnd.Budget);
            left -= step.Arrivals;
            var measured = await run(step, cancellationToken);
            var brokenBy = plan.Objective.BrokenBy(measured);
            steps.Add(new LoadStep(measured, brokenBy));
            // What breaks at a rate that the generator did not keep says nothing of the target.
            if (brokenBy is not null && measured.Generator.Bottleneck is not null)
                return Ended(LoadEnd.Generator);
            if (brokenBy is null)
                kept = rate;
            else
                broken = rate;
        }
    }

    private sealed class OfRate(double rate, IProgress<(double Rate, LoadProgress Run)> progress) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => progress.Report((rate, value));
    }
}
