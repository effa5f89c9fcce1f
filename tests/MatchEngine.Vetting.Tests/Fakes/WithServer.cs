using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Tests.Fakes;

/// <summary>A target with the server of the tests behind it; they end together.</summary>
internal sealed class WithServer(ISystemUnderTest target, FakeHttpServer server) : DelegatingTarget(target)
{
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await server.DisposeAsync();
    }
}
