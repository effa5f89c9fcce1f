using System.Text;
using MatchEngine.Vetting.MappedHttp;
using MatchEngine.Vetting.Targets;
using MatchEngine.Vetting.Tests.Fakes;
using MatchEngine.Vetting.Tests.Targets;

namespace MatchEngine.Vetting.Tests.MappedHttp;

public sealed class MappedTargetContractTests : TargetContract
{
    protected override double Told(double score) => Math.Round(score - 1, 4);

    internal override Task<ISystemUnderTest> OpenAsync(FakeService service) => MappedTargetTests.OpenAsync(service);
}

public class MappedTargetTests
{
    internal static async Task<ISystemUnderTest> OpenAsync(FakeService service)
    {
        var server = await FakeJsonServer.StartAsync(service);
        var mapping = MappingReader.Read(Encoding.UTF8.GetBytes(FakeJsonServer.Mapping(server.Address)), "test");
        return new WithServer(MappedTarget.Open(mapping, "test", FakeHttpServer.Options), server);
    }

    [Fact]
    public async Task Distances_are_told_negated_with_their_scale()
    {
        await using var target = await OpenAsync(new FakeService());
        Assert.Equal(new ScoreScale(-2, 0, IsNegatedDistance: true), target.Abilities.Scores);
        Assert.Equal("a mapping describes photos, no templates", target.Abilities.WhyNot(Ability.SearchTemplate));
    }
}
