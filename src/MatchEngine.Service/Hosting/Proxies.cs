using System.Net;
using MatchEngine.Service.Settings;
using Microsoft.AspNetCore.HttpOverrides;

namespace MatchEngine.Service.Hosting;

/// <summary>
/// The reverse proxies in front of the service. What they say of a request (<c>X-Forwarded-For</c>, <c>-Proto</c>, <c>-Host</c>) is
/// believed of those that are named and of nobody else.
/// </summary>
internal static class Proxies
{
    /// <summary>Whether any is named.</summary>
    public static bool AreNamed(ServiceSettings settings) => !string.IsNullOrWhiteSpace(settings.Proxies);

    /// <summary>What is believed of them.</summary>
    /// <exception cref="ServiceSettingsException">One is neither an address nor a network.</exception>
    public static ForwardedHeadersOptions Parse(ServiceSettings settings)
    {
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
            // Through as many proxies as are named: the first address that is none of them is the client's.
            ForwardLimit = null,
        };
        // This machine is there by default.
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in (settings.Proxies ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (IPAddress.TryParse(proxy, out var address))
                options.KnownProxies.Add(address);
            else if (System.Net.IPNetwork.TryParse(proxy, out var network))
                options.KnownIPNetworks.Add(network);
            else
                throw new ServiceSettingsException(
                    $"--proxies: '{proxy}' is neither an address nor a network; write it like 10.0.0.7 or 10.0.0.0/24");
        }
        return options;
    }
}
