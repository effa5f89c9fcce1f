using System.Net;
using System.Net.Sockets;
using MatchEngine.Frs.Errors;

namespace MatchEngine.Frs.Webhooks;

/// <summary>
/// Where webhooks may lead: to this machine, or by https to the hosts that the operator names. A name is looked at when a webhook is added
/// and each time that something is sent, and the address to which it leads when the connection is made.
/// </summary>
/// <param name="options">The hosts that the operator names.</param>
public sealed class WebhookTargets(FrsOptions options)
{
    private const int MaxUrl = 2000;

    /// <summary>The address that a text is.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>: a webhook may not lead there.</exception>
    public Uri Require(string? text)
    {
        if (text is null || text.Length > MaxUrl || !Uri.TryCreate(text, UriKind.Absolute, out var url)
            || url.Scheme is not ("https" or "http") || url.UserInfo.Length > 0 || url.Fragment.Length > 0)
            throw Refused("the url is an address of https (on this machine of http too), without a user and without a fragment");
        if (IsThisMachine(url))
            return url;
        if (url.Scheme != "https")
            throw Refused("what leaves this machine is sent by https alone");
        return options.WebhookHosts.Contains(url.IdnHost, StringComparer.OrdinalIgnoreCase)
            ? url
            : throw Refused(
                $"the operator does not let webhooks lead to '{url.IdnHost}': it is not among the hosts that are named for them");
    }

    /// <summary>Whether a url names this machine.</summary>
    public static bool IsThisMachine(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return url.IdnHost.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(url.IdnHost, out var address) && IPAddress.IsLoopback(Plain(address)));
    }

    /// <summary>
    /// Whether a connection may be made to an address to which a url led: what names this machine stays on it, and no other name leads to
    /// it, to its link or to a group.
    /// </summary>
    /// <param name="url">The url.</param>
    /// <param name="address">The address that its name has now.</param>
    public static bool Admits(Uri url, IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var plain = Plain(address);
        if (IsThisMachine(url))
            return IPAddress.IsLoopback(plain);
        if (IPAddress.IsLoopback(plain) || plain.Equals(IPAddress.Any) || plain.Equals(IPAddress.IPv6Any)
            || plain.IsIPv6LinkLocal || plain.IsIPv6Multicast || plain.IsIPv6SiteLocal)
            return false;
        return plain.AddressFamily != AddressFamily.InterNetwork || plain.GetAddressBytes() is not [0 or >= 224, ..] and not [169, 254, ..];
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static CodedException Refused(string why) => new(ErrorCodes.BadValue, why);
}
