using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Http.Resilience;

namespace MatchEngine.Client;

/// <summary>
/// A connection to a service: its address, the key of an account, whom TLS trusts, and what is done when an answer fails.
/// </summary>
public sealed class ServiceConnection : IDisposable
{
    private readonly HttpClient _http;

    private ServiceConnection(HttpClient http) => (_http, Client) = (http, new ServiceClient(http));

    /// <summary>The operations.</summary>
    public ServiceClient Client { get; }

    /// <summary>Opens a connection; nothing is sent yet.</summary>
    /// <param name="service">The service's address, for example <c>https://localhost:8443</c>.</param>
    /// <param name="key">An API key.</param>
    /// <param name="options">Trust and retries; null for the usual ones.</param>
    /// <exception cref="ArgumentException">The address is not one of HTTP.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The certificate cannot be read.</exception>
    public static ServiceConnection Open(Uri service, string key, ServiceConnectionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        if (!service.IsAbsoluteUri || (service.Scheme != Uri.UriSchemeHttps && service.Scheme != Uri.UriSchemeHttp))
            throw new ArgumentException("a service has an address such as https://localhost:8443", nameof(service));
        options ??= new ServiceConnectionOptions();
        var http = new HttpClient(new ResilienceHandler(Retries.Pipeline(options)) { InnerHandler = Sockets(options) })
        {
            BaseAddress = new Uri(service.GetLeftPart(UriPartial.Path).TrimEnd('/') + '/'),
            // Of one call with all its repetitions.
            Timeout = options.Timeout,
        };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return new ServiceConnection(http);
    }

    /// <summary>Closes the connection.</summary>
    public void Dispose() => _http.Dispose();

    private static SocketsHttpHandler Sockets(ServiceConnectionOptions options)
    {
        // A service that sends elsewhere is not followed: the key would go there too.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        if (options.TrustedCertificateFile is not { } file)
            return handler;
        var trusted = X509CertificateLoader.LoadCertificateFromFile(file);
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { trusted },
        };
        return handler;
    }
}

/// <summary>How a <see cref="ServiceConnection"/> trusts, and how long and how often it tries.</summary>
public sealed record ServiceConnectionOptions
{
    /// <summary>
    /// A certificate (PEM or DER) that is trusted in place of the system's, such as the one of development; null for these.
    /// </summary>
    public string? TrustedCertificateFile { get; init; }

    /// <summary>How often a call is repeated at most; 0 for never.</summary>
    public int Retries { get; init; } = 4;

    /// <summary>How long to wait before the first repetition where the service does not say; it doubles from then on.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a call may take with all its repetitions.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);
}
