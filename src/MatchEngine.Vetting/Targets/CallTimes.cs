using System.Text.Json.Serialization;

namespace MatchEngine.Vetting.Targets;

/// <summary>When a call was made.</summary>
/// <param name="StartedAt">When it was sent, by the wall clock.</param>
/// <param name="Waited">How long after the intended moment that was; never negative.</param>
/// <param name="Took">From sending to the end of the answer.</param>
public sealed record CallTimes(DateTimeOffset StartedAt, TimeSpan Waited, TimeSpan Took)
{
    /// <summary>From the intended moment to the end of the answer: what somebody waits who is not slowed down by a stall.</summary>
    [JsonIgnore]
    public TimeSpan Latency => Waited + Took;
}

/// <summary>A call that is being made.</summary>
public readonly struct RunningCall
{
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _startedAt;
    private readonly long _started, _intended;

    private RunningCall(TimeProvider time, long? intended)
    {
        (_time, _startedAt, _started) = (time, time.GetUtcNow(), time.GetTimestamp());
        _intended = Math.Min(intended ?? _started, _started);
    }

    /// <summary>Starts one now.</summary>
    /// <param name="time">The run's clock.</param>
    /// <param name="terms">When it was meant to start.</param>
    public static RunningCall Start(TimeProvider time, CallTerms terms)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(terms);
        return new RunningCall(time, terms.Intended);
    }

    /// <summary>Its times, if it ends now.</summary>
    public CallTimes End() => new(_startedAt, _time.GetElapsedTime(_intended, _started), _time.GetElapsedTime(_started));
}
