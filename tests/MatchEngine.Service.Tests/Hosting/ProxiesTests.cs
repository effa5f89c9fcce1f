using System.Net;
using System.Net.Http.Json;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Settings;
using MatchEngine.Service.Tests.Fakes;
using Microsoft.Playwright;

namespace MatchEngine.Service.Tests.Hosting;

public class ProxiesTests(ProxiedService service) : IClassFixture<ProxiedService>
{
    [Fact]
    public async Task Behind_a_proxy_that_ends_TLS_cookies_are_secure_and_of_this_host_alone()
    {
        service.Get<IAccounts>().Add(BookChange.None, "Pia", FirstAdministrator.Organisation, [Role.Agent], PageClient.Password);
        using var client = service.Trusting();
        using var signedIn = await client.PostAsJsonAsync("/v1/session", new { name = "Pia", password = PageClient.Password });
        var cookie = Assert.Single(signedIn.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("__Host-matchengine=", cookie, StringComparison.Ordinal);
        foreach (var word in new[] { "secure", "path=/;", "httponly", "samesite=strict" })
            Assert.Contains(word, cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain", cookie, StringComparison.OrdinalIgnoreCase);

        var value = cookie.Split(';')[0]["__Host-matchengine=".Length..];
        Assert.Equal(HttpStatusCode.OK, await WithAsync($"__Host-matchengine={value}"));
        // Another host of the domain can plant this one.
        Assert.Equal(HttpStatusCode.Unauthorized, await WithAsync($"matchengine={value}"));

        async Task<HttpStatusCode> WithAsync(string sent)
        {
            using var bare = service.Trusting();
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/session");
            request.Headers.Add("Cookie", sent);
            using var answer = await bare.SendAsync(request);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task The_pages_work_in_a_browser_that_comes_through_the_proxy()
    {
        await using var browser = await TestBrowser.LaunchAsync();
        service.Get<IAccounts>().Add(BookChange.None, "Paul", FirstAdministrator.Organisation, Role.All, PageClient.Password);
        await using var tab = await TestBrowser.OpenAsync(browser, [service.Outside]);
        await tab.SignInAsync("Paul");
        var page = tab.Page;
        Assert.StartsWith(service.Outside.ToString(), page.Url, StringComparison.Ordinal);
        await page.GotoAsync("/keys");
        await page.GetByLabel("What it is for").FillAsync("through the proxy");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("The new key")).ToBeVisibleAsync();
        var cookies = await tab.CookiesAsync();
        Assert.Equal(
            ["__Host-matchengine", "__Host-matchengine-form"], cookies.Select(cookie => cookie.Name).Order(StringComparer.Ordinal));
        Assert.All(cookies, cookie => Assert.True(cookie.Secure && cookie.HttpOnly, cookie.Name));
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Assertions.Expect(page.Locator("#announce")).ToContainTextAsync("signed out");
        Assert.StartsWith(service.Outside.ToString(), page.Url, StringComparison.Ordinal);
        Assert.Empty(tab.Errors);
    }

    [Fact]
    public async Task A_browser_is_told_to_come_by_https_only_and_the_machine_itself_is_not()
    {
        Assert.Equal("max-age=31536000", await ToldAsync("https", "faces.example.org"));
        Assert.Null(await ToldAsync("https", "localhost"));
        Assert.Null(await ToldAsync("http", "faces.example.org"));

        async Task<string?> ToldAsync(string scheme, string host)
        {
            using var client = service.Client(null);
            client.DefaultRequestHeaders.Add("X-Forwarded-Proto", scheme);
            client.DefaultRequestHeaders.Add("X-Forwarded-Host", host);
            using var answer = await client.GetAsync("/health");
            return answer.Headers.TryGetValues("Strict-Transport-Security", out var told) ? told.Single() : null;
        }
    }

    [Theory]
    [InlineData("127.0.0.1;::1", true)]
    [InlineData("127.0.0.0/8;::1/128", true)]
    [InlineData("10.0.0.7", false)]
    [InlineData(null, false)]
    public async Task Limits_count_clients_as_a_named_proxy_tells_them_and_nobody_else_is_believed(string? proxies, bool believed)
    {
        await using var limited = new LimitedService(proxies);
        await limited.InitializeAsync();
        var statuses = new List<HttpStatusCode>();
        foreach (var client in new[] { "203.0.113.1", "203.0.113.1", "203.0.113.1", "203.0.113.2" })
            statuses.Add(await SignInAsync(client));
        Assert.Equal(
            [HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests,
                believed ? HttpStatusCode.Unauthorized : HttpStatusCode.TooManyRequests],
            statuses);
        // What a client itself puts in front of what the proxy adds counts for nothing.
        Assert.Equal(HttpStatusCode.TooManyRequests, await SignInAsync("198.51.100.9, 203.0.113.1"));

        async Task<HttpStatusCode> SignInAsync(string client)
        {
            using var http = limited.Client(null);
            http.DefaultRequestHeaders.Add("X-Forwarded-For", client);
            using var answer = await http.PostAsJsonAsync("/v1/session", new { name = "nobody", password = PageClient.Password });
            return answer.StatusCode;
        }
    }

    [Theory]
    [InlineData("proxy.example.org")]
    [InlineData("10.0.0.0/99")]
    public void A_proxy_that_is_no_address_is_told_at_the_start(string proxies) =>
        Assert.Contains(
            proxies, Assert.Throws<ServiceSettingsException>(() => Proxies.Parse(new ServiceSettings { Proxies = proxies })).Message,
            StringComparison.Ordinal);

    private sealed class LimitedService(string? proxies) : TestService
    {
        internal override ServiceSettings Settings()
        {
            var settings = base.Settings();
            (settings.Proxies, settings.Limits.SignInsPerMinute) = (proxies, 2);
            return settings;
        }
    }
}
