using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Tests.Targets;

public class CallTimesTests
{
    [Fact]
    public void Latency_counts_from_the_intended_start()
    {
        var time = new SteppedTime();
        var intended = time.GetTimestamp();
        time.Step(TimeSpan.FromSeconds(2));
        var call = RunningCall.Start(time, new CallTerms { Intended = intended });
        time.Step(TimeSpan.FromSeconds(3));
        var times = call.End();
        Assert.Equal((2, 3, 5), (times.Waited.TotalSeconds, times.Took.TotalSeconds, times.Latency.TotalSeconds));
    }

    [Fact]
    public void A_call_before_its_time_waited_for_nothing()
    {
        var time = new SteppedTime();
        var times = RunningCall.Start(time, new CallTerms { Intended = time.GetTimestamp() + 1000 }).End();
        Assert.Equal(TimeSpan.Zero, times.Waited);
        Assert.Equal(TimeSpan.Zero, RunningCall.Start(time, CallTerms.Usual).End().Waited);
    }

    private sealed class SteppedTime : TimeProvider
    {
        private long _ticks = 1_000_000;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Step(TimeSpan by) => _ticks += by.Ticks;

        public override long GetTimestamp() => _ticks;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(_ticks);
    }
}
