using System.Globalization;

namespace MatchEngine.Vetting.Load;

/// <summary>When a number is the generator's and not the target's.</summary>
internal static class GeneratorLimit
{
    // A pacing thread sleeps by the millisecond; a few of them are how operating systems are.
    private const double LatestMilliseconds = 5;

    // Of the latency that is reported: below this the generator's part changes nothing that anybody reads.
    private const double OwnShareOfLatency = 0.2;

    // With all cores busy in the generator nothing faster could have been seen.
    private const double BusyShare = 0.9;

    /// <summary>Why the generator set the limit, in a sentence; null when it did not.</summary>
    /// <param name="lateness">How late requests were sent.</param>
    /// <param name="latency">What was measured of the target, lateness included.</param>
    /// <param name="processorShare">The share of the machine's processors that this process used.</param>
    /// <param name="tooLate">Requests that were not sent because the generator came too late to them.</param>
    /// <param name="target">What watches the target's process, where it is on this machine.</param>
    public static string? Reason(
        LatencySummary lateness, LatencySummary latency, double processorShare, long tooLate, ProcessWatch? target)
    {
        string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
        if (tooLate > 0)
            return Say($"The generator came too late to {tooLate:N0} requests and did not send them.");
        if ((lateness.P99 ?? lateness.Max) is { } late && late > LatestMilliseconds
            && late > OwnShareOfLatency * (latency.P99 ?? latency.Max ?? double.PositiveInfinity))
            return Say($"The generator sent one request in a hundred {late:0.#} ms or more late, a good part of the latency measured.");
        // A target in this process is what keeps it busy.
        return processorShare > BusyShare && target is not { IsOwnProcess: true }
            ? Say($"The generator itself used {processorShare:P0} of this machine's processors.")
            : null;
    }
}
