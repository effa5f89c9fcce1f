namespace MatchEngine.Service.Tests.Sandbox;

public sealed class MovableClockTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromMinutes(5);

    private readonly MatchEngine.Service.Sandbox.MovableClock _clock = new();

    [Fact]
    public void It_runs_with_the_machines_until_it_is_moved_and_then_ahead_of_it()
    {
        Assert.InRange(_clock.GetUtcNow(), DateTimeOffset.UtcNow - Tick, DateTimeOffset.UtcNow + Tick);
        var moved = _clock.Move(now => now.AddYears(7));
        Assert.Equal(moved!.Value.From.AddYears(7), moved.Value.To);
        Assert.InRange(_clock.GetUtcNow(), DateTimeOffset.UtcNow.AddYears(7) - Tick, DateTimeOffset.UtcNow.AddYears(7) + Tick);
        Assert.True(_clock.GetUtcNow() <= _clock.GetUtcNow());
    }

    [Fact]
    public void It_goes_neither_back_nor_further_than_its_keys_last()
    {
        _clock.Move(now => now.AddDays(1));
        var ahead = _clock.Ahead;
        Assert.Null(_clock.Move(now => now.AddTicks(-1)));
        Assert.Null(_clock.Move(_ => DateTimeOffset.MaxValue));
        Assert.Null(_clock.Move(now => now + MatchEngine.Service.Sandbox.MovableClock.Furthest));
        Assert.Equal(ahead, _clock.Ahead);
        Assert.NotNull(_clock.Move(now => now.AddYears(80)));
    }
}
