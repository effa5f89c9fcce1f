using System.Net;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Tests.Targets;

public class ReachTests
{
    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.8.9.10", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("::", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("128.0.0.1", false)]
    public void Without_an_agreement_it_is_this_machine_alone(string address, bool allowed)
    {
        Assert.Equal(allowed, new Reach(null).Allows(IPAddress.Parse(address)));
        Assert.True(new Reach(new OwnerAgreement("A", default)).Allows(IPAddress.Parse(address)));
    }

    [Fact]
    public async Task A_name_counts_by_what_it_resolves_to()
    {
        Assert.All(await new Reach(null).ResolveAsync("localhost", CancellationToken.None), one => Assert.True(IPAddress.IsLoopback(one)));
        var error = await Assert.ThrowsAsync<TargetOutOfReachException>(
            () => new Reach(null).ResolveAsync("[2001:db8::1]", CancellationToken.None));
        Assert.Contains("--owner-agreed", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("J. Doe, 2026-11-30", "J. Doe")]
    [InlineData("Doe, J., Records, 2026-11-30", "Doe, J., Records")]
    [InlineData("J. Doe", null)]
    [InlineData("J. Doe, yesterday", null)]
    [InlineData(", 2026-11-30", null)]
    [InlineData("J. Doe, 30.11.2026", null)]
    public void An_agreement_has_a_name_and_a_date(string text, string? name)
    {
        Assert.Equal(name is not null, OwnerAgreement.TryParse(text, out var agreement));
        Assert.Equal(name, agreement?.Name);
        if (agreement is not null)
            Assert.Equal(new DateOnly(2026, 11, 30), agreement.Date);
    }
}
