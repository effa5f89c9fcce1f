using MatchEngine.Vetting.Load;

namespace MatchEngine.Vetting.Tests.Load;

public class GeneratorLimitTests
{
    private static LatencySummary Of(double p99) => new(1000, p99 / 2, p99 / 2, p99, p99, p99, p99);

    [Theory]
    [InlineData(1, 2, 0.5, 0, null)]
    [InlineData(30, 40, 0.5, 0, "30 ms or more late")]
    [InlineData(30, 4000, 0.5, 0, null)]
    [InlineData(1, 2, 0.95, 0, "used 95 %")]
    [InlineData(1, 2, 0.5, 3, "too late to 3 requests")]
    public void It_is_the_generators_where_it_was_late_busy_or_did_not_send(
        double late, double latency, double processor, long tooLate, string? said)
    {
        var reason = GeneratorLimit.Reason(Of(late), Of(latency), processor, tooLate, null);
        if (said is null)
            Assert.Null(reason);
        else
            Assert.Contains(said, reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_in_the_same_process_may_keep_it_busy()
    {
        using var own = ProcessWatch.Of(Environment.ProcessId);
        Assert.True(own!.IsOwnProcess);
        Assert.Null(GeneratorLimit.Reason(Of(1), Of(2), 0.99, 0, own));
    }
}
