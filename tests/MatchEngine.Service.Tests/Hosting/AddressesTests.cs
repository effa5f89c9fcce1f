using MatchEngine.Service.Hosting;
using MatchEngine.Service.Settings;

namespace MatchEngine.Service.Tests.Hosting;

public class AddressesTests
{
    [Theory]
    [InlineData("https://localhost:8443")]
    [InlineData("https://0.0.0.0:8443;https://[::]:8443")]
    [InlineData("http://127.0.0.1:5000")]
    [InlineData("http://localhost:5000;http://[::1]:5000")]
    public void Tls_anywhere_and_plain_http_on_this_machine_are_served(string urls) =>
        Assert.NotEmpty(Addresses.Parse(new ServiceSettings { Urls = urls }));

    [Theory]
    [InlineData("http://0.0.0.0:80")]
    [InlineData("http://*:80")]
    [InlineData("http://+:80")]
    [InlineData("http://192.168.0.7:80")]
    [InlineData("http://example.org")]
    [InlineData("https://localhost:1;http://[::]:80")]
    public void Plain_http_to_other_machines_needs_a_word(string urls)
    {
        var refused = Assert.Throws<ServiceSettingsException>(() => Addresses.Parse(new ServiceSettings { Urls = urls }));
        Assert.Contains("--allow-http", refused.Message, StringComparison.Ordinal);
        Assert.NotEmpty(Addresses.Parse(new ServiceSettings { Urls = urls, AllowHttp = true }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("localhost")]
    [InlineData("ftp://localhost")]
    public void What_is_no_address_is_refused(string urls) =>
        Assert.Throws<ServiceSettingsException>(() => Addresses.Parse(new ServiceSettings { Urls = urls }));
}
