using System.Security.Cryptography.X509Certificates;
using MatchEngine.Service.Hosting;

namespace MatchEngine.Service.Tests.Fakes;

/// <summary>What a client does who trusts the certificate that a service made itself, and no other.</summary>
internal static class DevelopmentTrust
{
    /// <summary>
    /// A handler that follows no redirection and trusts the certificate of the service of a data folder, which has started.
    /// </summary>
    public static SocketsHttpHandler Handler(string data) => new()
    {
        AllowAutoRedirect = false,
        SslOptions =
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(ServerCertificate.DevelopmentFile(data)) },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        },
    };
}
