using System.Net;
using MatchEngine.Service.Settings;

namespace MatchEngine.Service.Hosting;

/// <summary>The addresses that are served, and the rule that plain HTTP stays on the machine.</summary>
internal static class Addresses
{
    /// <exception cref="ServiceSettingsException">An address cannot be read, or would serve plain HTTP to other machines.</exception>
    public static IReadOnlyList<BindingAddress> Parse(ServiceSettings settings)
    {
        var addresses = new List<BindingAddress>();
        foreach (var url in settings.Urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            BindingAddress address;
            try
            {
                address = BindingAddress.Parse(url);
            }
            catch (FormatException e)
            {
                throw new ServiceSettingsException($"--urls: '{url}' is no address; write it like {ServiceSettings.DefaultUrl}", e);
            }
            if (address.Scheme is not ("http" or "https"))
                throw new ServiceSettingsException($"--urls: '{url}' begins with neither https:// nor http://");
            if (address.Scheme == "http" && !settings.AllowHttp && !IsLoopback(address.Host))
                throw new ServiceSettingsException(
                    $"--urls: {url} would carry faces and keys in the clear to other machines. Serve https://, "
                        + "or say --allow-http when a proxy in front of it ends TLS");
            addresses.Add(address);
        }
        return addresses.Count > 0 ? addresses : throw new ServiceSettingsException("--urls names no address");
    }

    /// <summary>Whether only this machine reaches the host name or address.</summary>
    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
