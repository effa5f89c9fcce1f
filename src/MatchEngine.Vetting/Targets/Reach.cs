using System.Net;

namespace MatchEngine.Vetting.Targets;

/// <summary>
/// Which machines may be examined: this one, and others whose owner agreed. What counts is the address that a connection is made to, not
/// the name that it was resolved from.
/// </summary>
/// <param name="Agreement">The owner's agreement; null for none.</param>
public sealed record Reach(OwnerAgreement? Agreement)
{
    /// <summary>Whether a connection may be made.</summary>
    /// <param name="address">Where to.</param>
    public bool Allows(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return Agreement is not null || IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
    }

    /// <summary>Resolves a host and gives the addresses of it that may be connected to.</summary>
    /// <param name="host">A name or an address.</param>
    /// <param name="cancellationToken">Ends the resolution.</param>
    /// <exception cref="TargetOutOfReachException">There is none.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The name cannot be resolved.</exception>
    public async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(host);
        IPAddress[] found = IPAddress.TryParse(host.Trim('[', ']'), out var address)
            ? [address]
            : await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
        var allowed = found.Where(Allows).ToArray();
        return allowed.Length > 0 ? allowed : throw new TargetOutOfReachException(host);
    }
}

/// <summary>A target is on another machine, and nobody said that its owner agreed to the examination.</summary>
/// <param name="host">Which machine.</param>
public sealed class TargetOutOfReachException(string host) : Exception(
    $"{host} is not this machine; another is examined only with its owner's agreement (--owner-agreed \"NAME, DATE\")");
