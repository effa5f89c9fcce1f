using System.Net;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Settings;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Hosting;

public class HostNamesTests
{
    [Theory]
    [InlineData(null, "localhost", true)]
    [InlineData(null, "rebound.example.org", false)]
    [InlineData("faces.example.org;*.example.net", "faces.example.org", true)]
    [InlineData("faces.example.org;*.example.net", "a.example.net:8443", true)]
    [InlineData("faces.example.org;*.example.net", "localhost", false)]
    public async Task A_request_for_a_name_that_is_not_ours_is_refused(string? allowed, string host, bool served)
    {
        await using var service = new NamedService(allowed);
        using var client = service.Client(null);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health");
        request.Headers.Host = host;
        if (served)
        {
            using var answer = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        else
            Assert.Equal("bad_request", await client.SendAsync(request).Code(400));
    }

    [Fact]
    public void Whoever_other_machines_reach_has_any_name_until_it_is_given_some()
    {
        var settings = new ServiceSettings { Urls = "https://0.0.0.0:8443" };
        Assert.Equal(["*"], HostNames.Allowed(settings, Addresses.Parse(settings)));
        settings = new ServiceSettings { Urls = "http://127.0.0.1:8080", Proxies = "127.0.0.1" };
        Assert.Equal(["*"], HostNames.Allowed(settings, Addresses.Parse(settings)));
    }

    private sealed class NamedService(string? allowed) : TestService
    {
        internal override ServiceSettings Settings()
        {
            var settings = base.Settings();
            settings.AllowedHosts = allowed;
            return settings;
        }
    }
}
