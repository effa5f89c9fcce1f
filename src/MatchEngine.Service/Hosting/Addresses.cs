using System.Net;
using MatchEngine.Service.Settings;

namespace MatchEngine.Service.Hosting;

/// <summary>The addresses that are served, and the rule that plain HTTP stays on the machine.</summary>
internal static class Addresses
{
    /// <exception cref="ServiceSettingsException">An address cannot be read, or would serve plain HTTP to other machines.</exception>
    public static IReadOnlyList<BindingAddress> Parse(ServiceSettings settings)
    {
        var addresses = Parse(settings.Urls, "--urls", settings.AllowHttp);
        return addresses.Count > 0 ? addresses : throw new ServiceSettingsException("--urls names no address");
    }

    /// <summary>The address at which metrics are fetched; null for none.</summary>
    /// <exception cref="ServiceSettingsException">It cannot be read, is no plain HTTP, or is reached from other machines.</exception>
    public static BindingAddress? ParseMetrics(ServiceSettings settings)
    {
        if (string.IsNullOrWhiteSpace(settings.Metrics))
            return null;
        return Parse(settings.Metrics, "--metrics", settings.AllowHttp) is [{ Scheme: "http" } address]
            ? address
            : throw new ServiceSettingsException($"--metrics: '{settings.Metrics}' is not one address that begins with http://");
    }

    private static List<BindingAddress> Parse(string urls, string option, bool allowHttp)
    {
        var addresses = new List<BindingAddress>();
        foreach (var url in urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            BindingAddress address;
            try
            {
                address = BindingAddress.Parse(url);
            }
            catch (FormatException e)
            {
                throw new ServiceSettingsException($"{option}: '{url}' is no address; write it like {ServiceSettings.DefaultUrl}", e);
            }
            if (address.Scheme is not ("http" or "https"))
                throw new ServiceSettingsException($"{option}: '{url}' begins with neither https:// nor http://");
            if (address.Scheme == "http" && !allowHttp && !IsLoopback(address.Host))
                throw new ServiceSettingsException(
                    $"{option}: {url} would carry faces and keys in the clear to other machines. Serve https://, "
                        + "or say --allow-http when a proxy in front of it ends TLS");
            addresses.Add(address);
        }
        return addresses;
    }

    /// <summary>Whether only this machine reaches the host name or address.</summary>
    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
