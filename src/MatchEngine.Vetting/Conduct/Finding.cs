using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>A check of conduct and what it found: plain data.</summary>
/// <param name="Check">The check's id, for example <c>list-length</c>.</param>
/// <param name="Requirement">What is required, in our own words.</param>
/// <param name="Source">The passage that it comes from, or <c>none</c>.</param>
/// <param name="Verdict">What was found.</param>
/// <param name="Explanation">Why, in one sentence with the figures.</param>
/// <param name="Evidence">What was sent and what came back, in order; of many calls alike those that decided.</param>
public sealed record Finding(
    string Check, string Requirement, string Source, Verdict Verdict, string Explanation, IReadOnlyList<Evidence> Evidence);

/// <summary>A call that a finding rests on.</summary>
/// <param name="What">What was tried, in words.</param>
/// <param name="Sent">What was sent.</param>
/// <param name="Received">What came back; null where nothing did.</param>
/// <param name="Times">When.</param>
/// <param name="Failure">Why there was no value; null where there was one.</param>
public sealed record Evidence(string What, SentMessage Sent, ReceivedMessage? Received, CallTimes Times, TargetFailure? Failure)
{
    /// <summary>The evidence that an exchange is.</summary>
    /// <param name="what">What was tried, in words.</param>
    /// <param name="exchange">The call.</param>
    public static Evidence Of(string what, Exchange exchange)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        return new Evidence(what, exchange.Sent, exchange.Received, exchange.Times, exchange.Failure);
    }
}
