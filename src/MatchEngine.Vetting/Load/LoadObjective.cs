using System.Globalization;

namespace MatchEngine.Vetting.Load;

/// <summary>What a target has to keep under load.</summary>
/// <param name="P99">99 in a hundred requests are answered within this time, from when they were meant to be sent.</param>
/// <param name="ErrorShare">The largest share of requests without a right answer, 0 … 1.</param>
public sealed record LoadObjective(TimeSpan P99, double ErrorShare)
{
    /// <summary>Why a run breaks it, in a sentence; null when it keeps it.</summary>
    public string? BrokenBy(LoadRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
        if (run.ErrorShare > ErrorShare)
            return Say($"{run.ErrorShare:P2} of the requests had no right answer; allowed are {ErrorShare:P2}.");
        return run.Latency.P99 is not { } p99 ? Say($"{run.Latency.Count:N0} answers are too few for a p99.")
            : p99 > P99.TotalMilliseconds ? Say($"p99 is {p99:N1} ms; allowed are {P99.TotalMilliseconds:N1} ms.")
            : null;
    }
}
