using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MatchEngine.Vetting.Transport;

namespace MatchEngine.Vetting.Conduct;

/// <summary>A handshake that was made to look at it; nothing is sent through it.</summary>
/// <param name="Protocol">The version of TLS that was agreed on.</param>
/// <param name="CipherSuite">The cipher suite.</param>
/// <param name="Subject">Whose certificate it is.</param>
/// <param name="NotAfter">Until when it is good.</param>
/// <param name="Errors">What speaks against it.</param>
internal sealed record TlsHandshake(
    SslProtocols Protocol, TlsCipherSuite CipherSuite, string Subject, DateTimeOffset NotAfter, SslPolicyErrors Errors)
{
    /// <summary>Makes one.</summary>
    /// <param name="address">The service's address.</param>
    /// <param name="options">Which machines may be reached, and whom to trust.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AuthenticationException">The two found no common ground.</exception>
    [SuppressMessage("Security", "CA5359", Justification = "What is wrong with a certificate is looked at, and nothing is sent.")]
    public static async Task<TlsHandshake> MakeAsync(Uri address, ConductOptions options, CancellationToken cancellationToken)
    {
        var addresses = await options.Reach.ResolveAsync(address.Host, cancellationToken).ConfigureAwait(false);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(addresses, address.Port, cancellationToken).ConfigureAwait(false);
        var errors = SslPolicyErrors.None;
        await using var stream = new SslStream(new NetworkStream(socket, ownsSocket: false));
        // Whatever the certificate is, the handshake is made: what is wrong with it is the finding.
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = address.Host,
                CertificateChainPolicy = options.TrustedCertificateFile is { } file ? TrustedCertificate.Policy(file) : null,
                RemoteCertificateValidationCallback = (_, _, _, found) =>
                {
                    errors = found;
                    return true;
                },
            },
            cancellationToken).ConfigureAwait(false);
        var certificate = (X509Certificate2)stream.RemoteCertificate!;
        return new TlsHandshake(
            stream.SslProtocol, stream.NegotiatedCipherSuite, certificate.Subject, new DateTimeOffset(certificate.NotAfter), errors);
    }
}
