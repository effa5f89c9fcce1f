using System.Net;
using MatchEngine.Service.Settings;

namespace MatchEngine.Service.Hosting;

/// <summary>Asks a service on this machine whether it lives: for a container, in which there is no other program to ask with.</summary>
internal static class HealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Whether <c>/health</c> of the first address is answered with success.</summary>
    /// <exception cref="ServiceSettingsException">The settings name no address.</exception>
    public static async Task<bool> LivesAsync(ServiceSettings settings, CancellationToken cancellationToken)
    {
        var addresses = Addresses.Parse(settings);
        var served = addresses[0];
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        // The certificate is for the name under which others reach the service; nothing but a question goes out, to this machine.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
        using var client = new HttpClient(handler) { Timeout = Patience };
        using var request = new HttpRequestMessage(
            HttpMethod.Get, new UriBuilder(served.Scheme, Reached(served.Host), served.Port, "/health").Uri);
        // The service answers to its names alone.
        if (HostNames.Allowed(settings, addresses).FirstOrDefault(name => !name.Contains('*', StringComparison.Ordinal)) is { } name)
            request.Headers.Host = name;
        try
        {
            using var answer = await client.SendAsync(request, cancellationToken);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    // A name, or an address that stands for every one of the machine, is reached by loopback: a container may know no names.
    private static string Reached(string host) =>
        IPAddress.TryParse(host.Trim('[', ']'), out var address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)
            ? host
            : "127.0.0.1";
}
