using System.Net;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Settings;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Hosting;

public class ServerCertificateTests
{
    [Fact]
    public void A_development_certificate_is_made_once_and_its_key_is_the_owners_alone()
    {
        using var folder = new TemporaryFolder();
        var settings = new ServiceSettings { DataDir = folder.Sub("data") };
        using var made = ServerCertificate.Load(settings);
        using var again = ServerCertificate.Load(settings);
        Assert.Equal(made.Thumbprint, again.Thumbprint);
        Assert.True(made.HasPrivateKey);
        Assert.True(made.MatchesHostname("localhost"));
        Assert.True(made.MatchesHostname("127.0.0.1"));
        if (OperatingSystem.IsWindows())
            return;
        foreach (var file in Directory.GetFiles(folder.Sub("data", "tls")))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task A_client_that_trusts_the_file_talks_to_the_service_by_tls()
    {
        await using var service = new TlsService();
        await service.InitializeAsync();
        Assert.Equal("https", service.Address.Scheme);
        using var trusted = service.Trusting();
        Assert.Equal(HttpStatusCode.OK, (await trusted.GetAsync("/health")).StatusCode);
        using var untrusting = new HttpClient { BaseAddress = service.Address };
        await Assert.ThrowsAsync<HttpRequestException>(() => untrusting.GetAsync("/health"));
    }

    [Fact]
    public void A_certificate_that_cannot_be_used_is_named()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("no.pem", "nothing");
        Assert.Contains(file, Assert.Throws<ServiceSettingsException>(
            () => ServerCertificate.Load(new ServiceSettings { DataDir = folder, Certificate = file })).Message, StringComparison.Ordinal);
        Assert.Throws<ServiceSettingsException>(
            () => ServerCertificate.Load(new ServiceSettings { DataDir = folder, Certificate = folder.Sub("absent.pfx") }));
    }

    private sealed class TlsService : TestService
    {
        internal override ServiceSettings Settings()
        {
            var settings = base.Settings();
            settings.Urls = "https://127.0.0.1:0";
            return settings;
        }

        public override async ValueTask InitializeAsync()
        {
            using var client = Trusting();
            while (!(await client.GetAsync("/ready")).IsSuccessStatusCode)
                await Task.Delay(5);
        }

        public HttpClient Trusting()
        {
            _ = App;
            return new HttpClient(DevelopmentTrust.Handler(Data)) { BaseAddress = Address };
        }
    }
}
