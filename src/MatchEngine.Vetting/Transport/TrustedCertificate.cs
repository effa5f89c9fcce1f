using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Transport;

/// <summary>A certificate that is trusted in place of the system's.</summary>
internal static class TrustedCertificate
{
    /// <summary>How chains are built to it.</summary>
    /// <param name="file">The certificate, PEM or DER.</param>
    /// <exception cref="TargetUnusableException">It cannot be read.</exception>
    public static X509ChainPolicy Policy(string file)
    {
        try
        {
            return new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(file) },
            };
        }
        catch (CryptographicException error)
        {
            throw new TargetUnusableException($"{file}: no certificate in PEM or DER that can be read ({error.Message})", error);
        }
    }
}
