using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Galleries.Audit;
using MatchEngine.Service.Settings;
using MatchEngine.Service.Tests.Fakes;
using Microsoft.Playwright;

namespace MatchEngine.Service.Tests.Access;

/// <summary>Signing in by an identity provider, a real one on another site.</summary>
public sealed class ExternalSignInTests : IAsyncLifetime
{
    private IdentityProvider _provider = null!;
    private ProvidedService _service = null!;

    public async ValueTask InitializeAsync()
    {
        _provider = await IdentityProvider.StartAsync();
        _service = new ProvidedService(_provider.Address);
        await _service.InitializeAsync();
        _provider.Service = _service.Address;
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task Whoever_is_linked_by_issuer_and_subject_is_the_account_with_its_own_roles()
    {
        var account = Account("Ada", Role.Auditor);
        using var admin = _service.Admin();
        await admin.PostAsJsonAsync($"/v1/accounts/{account}/identities", Identity("s-1")).Json(201);
        await admin.PostAsJsonAsync($"/v1/accounts/{Account("Bea")}/identities", Identity("s-1")).Code(409);
        await admin.PostAsJsonAsync($"/v1/accounts/{account}/identities", new { issuer = "no address", subject = "s" }).Code(400);
        await admin.PostAsJsonAsync("/v1/accounts/nobody/identities", Identity("s-2")).Code(404);

        using var browser = Browser();
        using (var done = await SignInAsync(browser, "s-1", "/audit"))
        {
            Assert.Equal(HttpStatusCode.OK, done.StatusCode);
            Assert.Equal("0; url=/audit", Assert.Single(done.Headers.GetValues("Refresh")));
        }
        var session = await browser.GetAsync("/v1/session").Json();
        Assert.Equal((account, "Ada"), (session.GetProperty("account").GetString(), session.GetProperty("name").GetString()));
        // The provider said administrator.
        Assert.Equal([Role.Auditor], session.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));

        // Without the link nobody is that account any more, at once.
        var identity = (await admin.GetAsync($"/v1/accounts/{account}/identities").Json())[0].GetProperty("id").GetString();
        await admin.DeleteAsync($"/v1/accounts/{account}/identities/{identity}").Json(204);
        await admin.DeleteAsync($"/v1/accounts/{account}/identities/{identity}").Code(404);
        await browser.GetAsync("/v1/session").Code(401);
        Assert.Equal(
            ["identity.linked", "identity.unlinked"],
            _service.Get<AuditLog>().Read(new AuditFilter()).Select(written => written.Kind)
                .Where(kind => kind.StartsWith("identity.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Nobody_is_an_account_by_name_or_e_mail_and_one_that_is_shut_out_stays_out()
    {
        // Accounts of the name and the e-mail that the provider claims.
        Account(IdentityProvider.Email, Role.Agent);
        using var stranger = Browser();
        using (var refused = await SignInAsync(stranger, "s-9", "/"))
        {
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            var page = WebUtility.HtmlDecode(await refused.Content.ReadAsStringAsync());
            // What an administrator needs for the link.
            Assert.Contains(_provider.Address.ToString(), page, StringComparison.Ordinal);
            Assert.Contains("s-9", page, StringComparison.Ordinal);
        }
        await stranger.GetAsync("/v1/session").Code(401);

        var account = Account("Cleo", Role.Agent);
        _service.Get<ILinkedIdentities>().Link(BookChange.None, account, _provider.Address.ToString(), "s-3");
        _service.Get<IAccounts>().Change(BookChange.None, account, null, true, null);
        using var shut = Browser();
        using (var refused = await SignInAsync(shut, "s-3", "/"))
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        await shut.GetAsync("/v1/session").Code(401);
        Assert.Equal(2, _service.Get<AuditLog>().Read(new AuditFilter()).Count(written => written.Kind == "session.refused"));
    }

    [Theory]
    [InlineData("/sign-in/external/callback?code=forged&state=forged")]
    [InlineData("/sign-in/external/callback?error=access_denied")]
    [InlineData("/sign-in/external/callback")]
    [InlineData("/sign-in/external/done?return=/audit")]
    public async Task Whoever_comes_without_having_been_sent_is_nobody(string path)
    {
        using var browser = Browser();
        using var answer = await browser.GetAsync(path);
        Assert.Equal("/sign-in?done=external-failed", answer.Headers.Location?.OriginalString);
        await browser.GetAsync("/v1/session").Code(401);
    }

    [Fact]
    public async Task A_code_is_good_in_the_browser_that_was_sent_and_in_no_other()
    {
        _service.Get<ILinkedIdentities>().Link(BookChange.None, Account("Dora", Role.Agent), _provider.Address.ToString(), "s-4");
        using var victim = Browser();
        var callback = await CallbackAsync(victim, "s-4", "/");
        using var thief = Browser();
        using (var answer = await thief.GetAsync(callback))
            Assert.Equal("/sign-in?done=external-failed", answer.Headers.Location?.OriginalString);
        using (var answer = await victim.GetAsync(callback))
            Assert.StartsWith("/sign-in/external/done", answer.Headers.Location?.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_provider_there_is_no_way_to_one()
    {
        await using var alone = new TestService();
        await alone.InitializeAsync();
        using var client = new PageClient(alone);
        Assert.DoesNotContain("/sign-in/external", await client.TextAsync("/sign-in"), StringComparison.Ordinal);
        foreach (var path in (string[])["/sign-in/external", "/sign-in/external/done", "/sign-out/external"])
        {
            using var answer = await client.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Fact]
    public async Task In_a_browser_one_signs_in_by_the_provider_and_out_again()
    {
        await using var browser = await TestBrowser.LaunchAsync();
        _service.Get<ILinkedIdentities>().Link(BookChange.None, Account("Eve", Role.Agent), _provider.Address.ToString(), "s-5");
        await using var tab = await TestBrowser.OpenAsync(browser, [_service.Address, _provider.Address]);
        var page = tab.Page;
        // The first way there has the service read what the provider says of itself.
        page.SetDefaultTimeout(60_000);
        await page.GotoAsync("/galleries");
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in with the test provider" }).ClickAsync();
        await page.GetByLabel("Subject").FillAsync("s-5");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in there" }).ClickAsync();
        await page.WaitForURLAsync(new Uri(_service.Address, "/galleries").ToString());
        await Assertions.Expect(page.Locator(".who")).ToContainTextAsync("Eve");
        var copied = (await tab.CookiesAsync()).Single(cookie => cookie.Name == "matchengine").Value;
        using var copy = new HttpClient { BaseAddress = _service.Address };
        copy.DefaultRequestHeaders.Add("Cookie", $"matchengine={copied}");
        await copy.GetAsync("/v1/session").Json();

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("#announce")).ToContainTextAsync("You are signed out");
        await copy.GetAsync("/v1/session").Code(401);
        // And there: the provider asks again who one is.
        await page.GetByRole(AriaRole.Link, new() { Name = "sign out there" }).ClickAsync();
        await Assertions.Expect(page.Locator("#announce")).ToContainTextAsync("You are signed out");
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in with the test provider" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Subject")).ToBeVisibleAsync();
        Assert.Empty(tab.Errors);
    }

    private string Account(string name, params string[] roles) => _service.Get<IAccounts>().Add(
        BookChange.None, name, FirstAdministrator.Organisation, roles, null)!.Id;

    private object Identity(string subject) => new { issuer = _provider.Address.ToString(), subject };

    private HttpClient Browser() => new(
        new HttpClientHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false }) { BaseAddress = _service.Address };

    /// <summary>The whole way of a browser, a step at a time; the last answer.</summary>
    private async Task<HttpResponseMessage> SignInAsync(HttpClient browser, string subject, string back)
    {
        using var arrived = await browser.GetAsync(await CallbackAsync(browser, subject, back));
        Assert.StartsWith("/sign-in/external/done", arrived.Headers.Location?.OriginalString, StringComparison.Ordinal);
        return await browser.GetAsync(arrived.Headers.Location);
    }

    /// <summary>Where the provider sends a browser back to.</summary>
    private static async Task<Uri> CallbackAsync(HttpClient browser, string subject, string back)
    {
        using var left = await browser.GetAsync($"/sign-in/external?return={Uri.EscapeDataString(back)}");
        Assert.Equal(HttpStatusCode.Redirect, left.StatusCode);
        using var login = await browser.GetAsync(left.Headers.Location);
        var next = WebUtility.HtmlDecode(
            Regex.Match(await login.Content.ReadAsStringAsync(), "name=\"return\" value=\"([^\"]+)\"").Groups[1].Value);
        var provider = new Uri(left.Headers.Location!, "/");
        using var known = await browser.PostAsync(
            new Uri(provider, "login"), new FormUrlEncodedContent([new("subject", subject), new("return", next)]));
        using var sent = await browser.GetAsync(new Uri(provider, known.Headers.Location!));
        Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
        return sent.Headers.Location!;
    }

    private sealed class ProvidedService(Uri provider) : TestService
    {
        internal override ServiceSettings Settings()
        {
            var settings = base.Settings();
            settings.OpenIdConnect = new OpenIdConnectSettings
            {
                Authority = provider.ToString(),
                ClientId = IdentityProvider.ClientId,
                ClientSecret = IdentityProvider.ClientSecret,
                Name = "the test provider",
            };
            settings.Limits.SignInsPerMinute = 1000;
            return settings;
        }
    }
}
