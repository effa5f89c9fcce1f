using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MatchEngine.Frs;
using MatchEngine.Service.Settings;

namespace MatchEngine.Service.Hosting;

/// <summary>The certificate of TLS: the configured one, or one made for development at the first start.</summary>
internal static class ServerCertificate
{
    private const int Years = 2;

    /// <summary>The file that a client trusts (<c>curl --cacert</c>) when the development certificate is in use.</summary>
    public static string DevelopmentFile(string dataFolder) => Path.Combine(dataFolder, "tls", "development.pem");

    /// <exception cref="ServiceSettingsException">The configured certificate cannot be used.</exception>
    public static X509Certificate2 Load(ServiceSettings settings)
    {
        if (string.IsNullOrWhiteSpace(settings.Certificate))
            return Development(settings.DataFolder);
        try
        {
            var certificate = X509Certificate2.GetCertContentType(settings.Certificate) == X509ContentType.Pfx
                ? X509CertificateLoader.LoadPkcs12FromFile(settings.Certificate, settings.CertificatePassword)
                : Pem(settings.Certificate, settings.CertificateKey, settings.CertificatePassword);
            return certificate.HasPrivateKey
                ? certificate
                : throw new ServiceSettingsException(
                    $"{settings.Certificate}: holds no private key; name its PEM file with --certificate-key");
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new ServiceSettingsException(
                $"{settings.Certificate}: cannot be used as a certificate ({e.Message}). Give a PFX file, or a PEM file with its key", e);
        }
    }

    private static X509Certificate2 Development(string dataFolder)
    {
        var file = DevelopmentFile(dataFolder);
        var keyFile = Path.Combine(Path.GetDirectoryName(file)!, "development.key");
        if (File.Exists(file) && File.Exists(keyFile))
        {
            var known = Pem(file, keyFile, null);
            if (known.NotAfter > DateTime.Now.AddDays(7))
                return known;
            known.Dispose();
        }
        PrivateFolder.Create(Path.GetDirectoryName(file)!);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=MatchEngine development", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        if (Uri.CheckHostName(Environment.MachineName) == UriHostNameType.Dns)
            names.AddDnsName(Environment.MachineName);
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        // Its own authority, so that a client can be told to trust this one file.
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(Years));
        // The key first: a certificate without one would be taken for a finished pair by nobody, the reverse is made anew.
        WritePrivate(keyFile, key.ExportPkcs8PrivateKeyPem());
        WritePrivate(file, made.ExportCertificatePem());
        return Pem(file, keyFile, null);
    }

    private static X509Certificate2 Pem(string file, string? keyFile, string? password)
    {
        using var certificate = password is null
            ? X509Certificate2.CreateFromPemFile(file, keyFile)
            : X509Certificate2.CreateFromEncryptedPemFile(file, password, keyFile);
        // Windows' TLS wants the key in its own store; the detour through PKCS #12 puts it there.
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    private static void WritePrivate(string path, string text)
    {
        var temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(temporary, options))
            writer.Write(text);
        File.Move(temporary, path, overwrite: true);
    }
}
