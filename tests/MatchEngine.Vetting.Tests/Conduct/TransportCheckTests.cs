using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MatchEngine.Vetting.Conduct;
using MatchEngine.Vetting.Tests.Fakes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MatchEngine.Vetting.Tests.Conduct;

public sealed class TransportCheckTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("localhost", 30, true, Verdict.Pass, "Tls1")]
    [InlineData("localhost", 30, false, Verdict.Fail, "RemoteCertificateChainErrors")]
    [InlineData("elsewhere.example", 30, true, Verdict.Fail, "RemoteCertificateNameMismatch")]
    [InlineData("localhost", -1, true, Verdict.Fail, "out of date")]
    public async Task A_certificate_is_trusted_in_date_and_of_its_name(
        string name, int days, bool isTrusted, Verdict verdict, string said)
    {
        using var certificate = Certificate(name, days);
        await File.WriteAllTextAsync(_file, certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await using var server = await StartAsync(certificate);
        var finding = await RunAsync(server.Address, new ConductOptions { TrustedCertificateFile = isTrusted ? _file : null });
        Assert.Equal(verdict, finding.Verdict);
        Assert.Contains(said, finding.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:9/", Verdict.NotTestable)]
    [InlineData("http://frs.example/", Verdict.Fail)]
    [InlineData("https://192.0.2.1/", Verdict.NotTestable)]
    [InlineData(null, Verdict.NotTestable)]
    public async Task Without_a_handshake_only_a_network_without_tls_is_wrong(string? address, Verdict verdict) =>
        Assert.Equal(verdict, (await RunAsync(address is null ? null : new Uri(address), new ConductOptions())).Verdict);

    [Fact]
    public async Task Who_speaks_no_tls_where_it_is_named_is_wrong()
    {
        await using var server = await FakeHttpServer.StartAsync(_ => { });
        var finding = await RunAsync(new UriBuilder(server.Address) { Scheme = "https" }.Uri, new ConductOptions());
        Assert.Equal(Verdict.Fail, finding.Verdict);
    }

    private static Task<Finding> RunAsync(Uri? address, ConductOptions options) => new TransportCheck().RunAsync(
        new ConductSession(new Addressed(address), new ConductPhotos([], []), options), TestContext.Current.CancellationToken);

    private static X509Certificate2 Certificate(string name, int days)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-40), DateTimeOffset.UtcNow.AddDays(days));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    private static async Task<Listening> StartAsync(X509Certificate2 certificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback, 0, listen =>
                listen.UseHttps(certificate, https => https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13)));
        var app = builder.Build();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new Listening(app);
    }

    private sealed class Listening(WebApplication app) : IAsyncDisposable
    {
        public Uri Address => new UriBuilder(
            app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First())
        {
            Host = "localhost",
        }.Uri;

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }

    private sealed class Addressed(Uri? address) : DelegatingTarget(new FakeTarget())
    {
        public override Uri? Address => address;
    }
}
