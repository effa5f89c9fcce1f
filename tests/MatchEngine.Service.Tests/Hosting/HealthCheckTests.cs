using MatchEngine.Service.Hosting;
using MatchEngine.Service.Settings;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Hosting;

public class HealthCheckTests
{
    [Fact]
    public async Task A_service_that_answers_lives_under_whichever_name_it_answers_to()
    {
        await using var service = new Named();
        await service.ReadyAsync();
        Assert.True(await HealthCheck.LivesAsync(At($"http://127.0.0.1:{service.Address.Port}", Named.Name), CancellationToken.None));
        Assert.True(await HealthCheck.LivesAsync(
            At($"http://localhost:{service.Address.Port}", "*.example.org;" + Named.Name), CancellationToken.None));
        Assert.True(await HealthCheck.LivesAsync(At($"http://0.0.0.0:{service.Address.Port}", Named.Name), CancellationToken.None));
        // A name to which it does not answer is no answer.
        Assert.False(await HealthCheck.LivesAsync(At($"http://127.0.0.1:{service.Address.Port}", "other.org"), CancellationToken.None));
    }

    [Fact]
    public async Task Where_nobody_listens_nobody_lives()
    {
        int port;
        await using (var service = new Named())
        {
            await service.ReadyAsync();
            port = service.Address.Port;
        }
        Assert.False(await HealthCheck.LivesAsync(At($"http://127.0.0.1:{port}", null), CancellationToken.None));
    }

    private static ServiceSettings At(string url, string? hosts) => new() { Urls = url, AllowedHosts = hosts, AllowHttp = true };

    private sealed class Named : TestService
    {
        public const string Name = "127.0.0.1";

        internal override ServiceSettings Settings()
        {
            var settings = base.Settings();
            settings.AllowedHosts = Name;
            return settings;
        }
    }
}
