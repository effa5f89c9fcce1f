using Microsoft.Extensions.DependencyInjection;

namespace MatchEngine.Service.Tests.Fakes;

/// <summary>A clock that a test moves.</summary>
internal sealed class MovableClock : TimeProvider
{
    private DateTimeOffset _now = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan time) => _now += time;
}

/// <summary>The service under a clock that a test moves.</summary>
internal class ClockedService(TimeProvider clock) : TestService
{
    internal override void Replace(IServiceCollection services)
    {
        base.Replace(services);
        services.AddSingleton(clock);
    }
}
