using MatchEngine.Frs;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Details;
using MatchEngine.Frs.Examining;
using MatchEngine.Frs.Extraction;
using MatchEngine.Frs.Importing;
using MatchEngine.Frs.Notifying;
using MatchEngine.Frs.Operations;
using MatchEngine.Frs.Probes;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Sharing;
using MatchEngine.Frs.Supervising;
using MatchEngine.Service.Rest;
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
internal sealed class ClockedService(TimeProvider clock) : TestService
{
    internal override void Replace(IServiceCollection services)
    {
        base.Replace(services);
        services.AddSingleton(clock);
    }
}
