using System.Net;
using System.Net.Sockets;
using MatchEngine.Frs.Webhooks;
using MatchEngine.Service.Hosting;

namespace MatchEngine.Service.Tests.Hosting;

public class WebhookPostTests
{
    [Theory]
    [InlineData("https://hooks.example.org/", "93.184.216.34", true)]
    [InlineData("https://hooks.example.org/", "10.1.2.3", true)]
    [InlineData("https://hooks.example.org/", "127.0.0.1", false)]
    [InlineData("https://hooks.example.org/", "::1", false)]
    [InlineData("https://hooks.example.org/", "::ffff:127.0.0.1", false)]
    [InlineData("https://hooks.example.org/", "169.254.169.254", false)]
    [InlineData("https://hooks.example.org/", "0.0.0.0", false)]
    [InlineData("https://hooks.example.org/", "224.0.0.1", false)]
    [InlineData("https://hooks.example.org/", "255.255.255.255", false)]
    [InlineData("https://hooks.example.org/", "fe80::1", false)]
    [InlineData("https://hooks.example.org/", "ff02::1", false)]
    [InlineData("https://hooks.example.org/", "::", false)]
    [InlineData("http://localhost/", "127.0.0.1", true)]
    [InlineData("http://localhost/", "10.1.2.3", false)]
    [InlineData("http://[::1]/", "::1", true)]
    public void A_name_leads_to_this_machine_when_it_says_so_and_only_then(string url, string address, bool isAdmitted) =>
        Assert.Equal(isAdmitted, WebhookTargets.Admits(new Uri(url), IPAddress.Parse(address)));

    [Fact]
    public async Task A_name_that_leads_elsewhere_by_the_time_of_sending_gets_no_connection()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        // One good address among the bad ones admits none of them.
        using var post = new WebhookPost((_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("192.0.2.1"), IPAddress.Loopback]));
        var outcome = await post.SendAsync(
            new Uri($"https://hooks.example.org:{port}/"), "{}"u8.ToArray(), new Dictionary<string, string>(), CancellationToken.None);
        Assert.Equal(new WebhookOutcome(null, "refused-target"), outcome);
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task A_host_that_is_not_there_is_told_as_unreachable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var post = new WebhookPost();
        var outcome = await post.SendAsync(
            new Uri($"http://127.0.0.1:{port}/"), "{}"u8.ToArray(), new Dictionary<string, string>(), CancellationToken.None);
        Assert.Equal(new WebhookOutcome(null, "unreachable"), outcome);
    }
}
