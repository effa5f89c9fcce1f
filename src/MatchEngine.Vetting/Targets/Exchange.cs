using System.Diagnostics.CodeAnalysis;

namespace MatchEngine.Vetting.Targets;

/// <summary>A call that was made: what was sent, what came back, when, and what came of it.</summary>
/// <param name="Sent">What was sent.</param>
/// <param name="Received">What came back; null where nothing did.</param>
/// <param name="Times">When.</param>
/// <param name="Failure">Why there is no value; null where there is one.</param>
public abstract record Exchange(SentMessage Sent, ReceivedMessage? Received, CallTimes Times, TargetFailure? Failure)
{
    /// <summary>A call that the target does not take: nothing was sent.</summary>
    /// <typeparam name="T">What an answer would have said.</typeparam>
    /// <param name="ability">What it lacks.</param>
    /// <param name="abilities">Why.</param>
    /// <param name="time">The run's clock.</param>
    public static Exchange<T> NotSupported<T>(Ability ability, TargetAbilities abilities, TimeProvider time)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(abilities);
        ArgumentNullException.ThrowIfNull(time);
        return new Exchange<T>(
            SentMessage.Nothing, null, new CallTimes(time.GetUtcNow(), TimeSpan.Zero, TimeSpan.Zero),
            new TargetFailure(FailureKind.NotSupported, null, abilities.WhyNot(ability)));
    }
}

/// <summary>A call that was made, with its value.</summary>
/// <typeparam name="T">What an answer says.</typeparam>
public sealed record Exchange<T> : Exchange
    where T : class
{
    /// <summary>A call that was answered.</summary>
    /// <param name="sent">What was sent.</param>
    /// <param name="received">What came back.</param>
    /// <param name="times">When.</param>
    /// <param name="value">What the answer says.</param>
    public Exchange(SentMessage sent, ReceivedMessage? received, CallTimes times, T value)
        : base(sent, received, times, null) => Value = value;

    /// <summary>A call that failed.</summary>
    /// <param name="sent">What was sent.</param>
    /// <param name="received">What came back; null where nothing did.</param>
    /// <param name="times">When.</param>
    /// <param name="failure">Why there is no value.</param>
    public Exchange(SentMessage sent, ReceivedMessage? received, CallTimes times, TargetFailure failure)
        : base(sent, received, times, failure) => ArgumentNullException.ThrowIfNull(failure);

    /// <summary>What the answer says; null where the call failed.</summary>
    public T? Value { get; }

    /// <summary>Whether there is an answer.</summary>
    /// <param name="value">What it says.</param>
    public bool Answered([NotNullWhen(true)] out T? value) => (value = Value) is not null;
}
