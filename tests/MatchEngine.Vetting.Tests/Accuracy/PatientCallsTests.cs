using MatchEngine.Vetting.Accuracy;
using MatchEngine.Vetting.Runs;
using MatchEngine.Vetting.Targets;
using MatchEngine.Vetting.Tests.Load;

namespace MatchEngine.Vetting.Tests.Accuracy;

public class PatientCallsTests
{
    /// <summary>Fails so many times and then answers; the time it is waited for passes at once.</summary>
    private static async Task<(Exchange<RemovalAnswer>? Exchange, int Calls, TimeSpan Waited)> Ask(
        FailureKind kind, int times, TimeSpan? retryAfter = null)
    {
        var clock = new VirtualClock();
        var (calls, answer) = (0, new CallTimes(DateTimeOffset.UnixEpoch, TimeSpan.Zero, TimeSpan.Zero));
        var asked = new PatientCalls(clock.Time).AskAsync<RemovalAnswer>(
            _ => Task.FromResult(calls++ < times
                ? new Exchange<RemovalAnswer>(
                    SentMessage.Nothing, null, answer, new TargetFailure(kind, null, null) { RetryAfter = retryAfter })
                : new Exchange<RemovalAnswer>(SentMessage.Nothing, null, answer, new RemovalAnswer(true))),
            TestContext.Current.CancellationToken);
        while (!asked.IsCompleted)
            clock.Pause(TimeSpan.FromSeconds(1));
        return (await asked, calls, clock.Time.GetElapsedTime(0));
    }

    [Theory]
    [InlineData(FailureKind.TooManyRequests, 5)]
    [InlineData(FailureKind.Unreachable, 5)]
    [InlineData(FailureKind.TimedOut, 1)]
    [InlineData(FailureKind.TargetFault, 1)]
    public async Task What_says_nothing_of_accuracy_is_asked_again(FailureKind kind, int times)
    {
        var asked = await Ask(kind, times);
        Assert.Null(asked.Exchange!.Failure);
        Assert.Equal(times + 1, asked.Calls);
    }

    [Theory]
    [InlineData(FailureKind.TooManyRequests)]
    [InlineData(FailureKind.Unreachable)]
    public async Task Where_it_is_not_reached_for_a_while_the_run_ends_and_can_go_on(FailureKind kind) => Assert.Contains(
        "again when it does", (await Assert.ThrowsAsync<VettingException>(() => Ask(kind, 6))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(FailureKind.TimedOut, 2)]
    [InlineData(FailureKind.TargetFault, 2)]
    [InlineData(FailureKind.NoFace, 1)]
    [InlineData(FailureKind.Refused, 1)]
    [InlineData(FailureKind.BrokenAnswer, 1)]
    public async Task Other_failures_are_outcomes(FailureKind kind, int calls)
    {
        var asked = await Ask(kind, 9);
        Assert.Equal((kind, calls), (asked.Exchange!.Failure!.Kind, asked.Calls));
    }

    [Fact]
    public async Task It_waits_as_long_as_the_target_asks_and_no_longer_than_a_minute()
    {
        Assert.InRange((await Ask(FailureKind.TooManyRequests, 1, TimeSpan.FromSeconds(20))).Waited.TotalSeconds, 20, 21);
        Assert.InRange((await Ask(FailureKind.TooManyRequests, 1, TimeSpan.FromHours(5))).Waited.TotalSeconds, 60, 61);
    }
}
