namespace MatchEngine.Vetting.Load;

/// <summary>Who decides when the next request is sent.</summary>
public enum LoadLoop
{
    /// <summary>Whoever had an answer: so many workers, each waiting for its own. While the target stalls nobody asks.</summary>
    Closed,

    /// <summary>The clock: requests arrive at a constant rate, whatever becomes of those before them.</summary>
    Open,
}

/// <summary>What the generator did itself: whether the numbers are the target's or its own.</summary>
/// <param name="Lateness">How much later than intended requests began to be sent; of a closed loop none.</param>
/// <param name="ProcessorShare">
/// Processor time of this process over what all of the machine's cores could give, 0 … 1. A target that runs in this process is in it.
/// </param>
/// <param name="Bottleneck">Why the generator and not the target set the limit, in a sentence; null when it did not.</param>
public sealed record GeneratorUse(LatencySummary Lateness, double ProcessorShare, string? Bottleneck);

/// <summary>What came before the measured part; it is in no number of it.</summary>
/// <param name="Requests">Requests.</param>
/// <param name="Errors">Those that were not answered as they should be, or not sent.</param>
/// <param name="Latency">How long answers took.</param>
public sealed record WarmUpRun(long Requests, long Errors, LatencySummary Latency);

/// <summary>One run of a load at one rate or with one number of workers.</summary>
public sealed record LoadRun
{
    /// <summary>Reason of <see cref="Unsent"/>: so many requests were still unanswered that no more were let through.</summary>
    public const string InFlight = "too many unanswered";

    /// <summary>Reason of <see cref="Unsent"/>: the generator came so late to it that sending it would have made a burst.</summary>
    public const string Late = "generator too late";

    /// <summary>Kind of error of a request that had no answer when the load stopped waiting.</summary>
    public const string NoAnswer = "no answer";

    /// <summary>Who decided when the next request was sent.</summary>
    public required LoadLoop Loop { get; init; }

    /// <summary>Requests a second that were meant to arrive; null of a closed loop.</summary>
    public double? OfferedRate { get; init; }

    /// <summary>Workers of a closed loop; null of an open one.</summary>
    public int? Workers { get; init; }

    /// <summary>How long the measured part was.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Requests that were meant to be sent in the measured part.</summary>
    public required long Requests { get; init; }

    /// <summary>Those answered as they should be.</summary>
    public required long Answered { get; init; }

    /// <summary>Those that were not, by kind.</summary>
    public required IReadOnlyDictionary<string, long> Errors { get; init; }

    /// <summary>Those that were not sent, by reason.</summary>
    public required IReadOnlyDictionary<string, long> Unsent { get; init; }

    /// <summary>Right answers a second, from the beginning of the measured part to the last answer.</summary>
    public required double Throughput { get; init; }

    /// <summary>
    /// From when a request was meant to be sent to its answer, right answers and those still missing at the end (with the time waited for
    /// them). In an open loop a stall is in it with all who waited meanwhile; in a closed loop nobody did.
    /// </summary>
    public required LatencySummary Latency { get; init; }

    /// <summary>From when a request was sent to its right answer: what a generator without intended times would report.</summary>
    public required LatencySummary ServiceTime { get; init; }

    /// <summary>What came before.</summary>
    public required WarmUpRun WarmUp { get; init; }

    /// <summary>The generator's own part.</summary>
    public required GeneratorUse Generator { get; init; }

    /// <summary>What the target's process used; null where it is not known.</summary>
    public ProcessUse? Target { get; init; }

    /// <summary>
    /// Share of the requests that had an error, or were held back because too many were unanswered; null without requests.
    /// What the generator was too late for is no error of the target.
    /// </summary>
    public double? ErrorShare
    {
        get
        {
            var own = Unsent.GetValueOrDefault(Late);
            return Requests == own ? null : (double)(Errors.Values.Sum() + Unsent.Values.Sum() - own) / (Requests - own);
        }
    }
}

/// <summary>How a run goes.</summary>
/// <param name="Share">The share of its time that is over, 0 … 1.</param>
/// <param name="Requests">Requests so far, warm-up included.</param>
/// <param name="InFlight">Those not answered yet.</param>
/// <param name="Errors">Errors and unsent so far, warm-up included.</param>
/// <param name="Latency">The measured part so far.</param>
public sealed record LoadProgress(double Share, long Requests, int InFlight, long Errors, LatencySummary Latency);
