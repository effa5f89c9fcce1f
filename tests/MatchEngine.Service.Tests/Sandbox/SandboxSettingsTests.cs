using MatchEngine.Service.Sandbox;
using MatchEngine.Service.Settings;

namespace MatchEngine.Service.Tests.Sandbox;

public sealed class SandboxSettingsTests
{
    [Fact]
    public void A_sandbox_listens_where_any_client_of_the_machine_reaches_it_unless_it_is_told_where()
    {
        Assert.Equal(SandboxSettings.DefaultUrl, SandboxSettings.Of(new ServiceSettings { Sandbox = true }).Urls);
        Assert.Equal("http://127.0.0.1:5", SandboxSettings.Of(new ServiceSettings { Urls = "http://127.0.0.1:5" }).Urls);
    }

    [Fact]
    public void Its_keys_last_longer_than_its_time_can_be_moved() => Assert.True(
        TimeSpan.FromDays(SandboxSettings.Of(new ServiceSettings()).Limits.KeyDays) > MatchEngine.Service.Sandbox.MovableClock.Furthest);

    [Fact]
    public void What_does_not_go_with_it_is_told()
    {
        Assert.Contains(
            "--audit-head",
            Assert.Throws<ServiceSettingsException>(() => SandboxSettings.Of(new ServiceSettings { AuditHead = "heads" })).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "--new-administrator-key",
            Assert.Throws<ServiceSettingsException>(() => SandboxSettings.Of(new ServiceSettings { NewAdministratorKey = true })).Message,
            StringComparison.Ordinal);
    }
}
