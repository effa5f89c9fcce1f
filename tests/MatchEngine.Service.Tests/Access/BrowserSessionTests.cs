using System.Net;
using System.Net.Http.Json;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Audit;
using MatchEngine.Service.Settings;
using MatchEngine.Service.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace MatchEngine.Service.Tests.Access;

public class BrowserSessionTests(TestService service) : IClassFixture<TestService>
{
    private const string Password = "correct horse battery";

    [Fact]
    public async Task A_password_gives_a_cookie_that_ends_with_sign_out_and_with_a_change_of_the_account()
    {
        using var admin = service.Admin();
        var account = (await AddAsync(admin, "Ada")).GetProperty("id").GetString();
        using var browser = Browser();
        var signedIn = await browser.PostAsJsonAsync("/v1/session", new { name = "ada", password = Password });
        var cookie = Assert.Single(signedIn.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(account, (await browser.GetAsync("/v1/session").Json()).GetProperty("account").GetString());
        await browser.DeleteAsync("/v1/session").Json(204);
        await browser.GetAsync("/v1/session").Code(401);

        await browser.PostAsJsonAsync("/v1/session", new { name = "Ada", password = Password }).Json();
        await admin.PatchAsJsonAsync($"/v1/accounts/{account}", new { roles = new[] { Role.Auditor } }).Json();
        await browser.GetAsync("/v1/session").Code(401);
    }

    [Fact]
    public async Task A_copied_cookie_is_dead_after_signing_out()
    {
        using var admin = service.Admin();
        await AddAsync(admin, "Mia");
        using var browser = Browser();
        using var signedIn = await browser.PostAsJsonAsync("/v1/session", new { name = "Mia", password = Password });
        using var copy = Copy(signedIn);
        await copy.GetAsync("/v1/session").Json();
        await browser.DeleteAsync("/v1/session").Json(204);
        Assert.Equal("not_signed_in", await copy.GetAsync("/v1/session").Code(401));
    }

    [Fact]
    public async Task Signing_out_everywhere_ends_every_browser_of_this_account_and_no_others()
    {
        using var admin = service.Admin();
        var account = (await AddAsync(admin, "Nia")).GetProperty("id").GetString();
        await AddAsync(admin, "Ole");
        using var first = await SignedInAsync("Nia");
        using var second = await SignedInAsync("Nia");
        using var other = await SignedInAsync("Ole");
        var listed = (await first.GetAsync("/v1/sessions").Json()).EnumerateArray().ToList();
        Assert.Equal([false, true], listed.Select(session => session.GetProperty("present").GetBoolean()).Order());
        var id = listed.Single(session => !session.GetProperty("present").GetBoolean()).GetProperty("id").GetString();
        await other.DeleteAsync($"/v1/sessions/{id}").Code(404);
        await first.DeleteAsync($"/v1/sessions/{id}").Json(204);
        await second.GetAsync("/v1/session").Code(401);

        using var third = await SignedInAsync("Nia");
        await first.DeleteAsync("/v1/sessions").Json(204);
        await first.GetAsync("/v1/session").Code(401);
        await third.GetAsync("/v1/session").Code(401);
        await other.GetAsync("/v1/session").Json();

        using var fourth = await SignedInAsync("Nia");
        await other.DeleteAsync($"/v1/accounts/{account}/sessions").Code(403);
        await admin.DeleteAsync($"/v1/accounts/{account}/sessions").Json(204);
        await admin.DeleteAsync("/v1/accounts/nobody/sessions").Code(404);
        await fourth.GetAsync("/v1/session").Code(401);
    }

    [Fact]
    public async Task An_idle_browser_is_signed_out_and_a_busy_one_after_its_longest_life()
    {
        var clock = new MovableClock();
        await using var moving = new ClockedService(clock);
        await moving.InitializeAsync();
        using var admin = moving.Admin();
        await AddAsync(admin, "Pam");
        using var browser = Browser(moving);
        await browser.PostAsJsonAsync("/v1/session", new { name = "Pam", password = Password }).Json();
        clock.Advance(TimeSpan.FromMinutes(29));
        await browser.GetAsync("/v1/session").Json();
        clock.Advance(TimeSpan.FromMinutes(29));
        await browser.GetAsync("/v1/session").Json();
        clock.Advance(TimeSpan.FromMinutes(31));
        await browser.GetAsync("/v1/session").Code(401);

        using var busy = Browser(moving);
        await busy.PostAsJsonAsync("/v1/session", new { name = "Pam", password = Password }).Json();
        for (var minutes = 0; minutes < 8 * 60 - 20; minutes += 20)
        {
            clock.Advance(TimeSpan.FromMinutes(20));
            await busy.GetAsync("/v1/session").Json();
        }
        clock.Advance(TimeSpan.FromMinutes(21));
        await busy.GetAsync("/v1/session").Code(401);
    }

    [Theory]
    [InlineData("Bob")]
    [InlineData("nobody of this name")]
    public async Task Five_wrong_passwords_make_an_address_wait_a_quarter_of_an_hour_whether_or_not_there_is_the_name(string name)
    {
        var clock = new MovableClock();
        await using var moving = new ForwardedService(clock);
        await moving.InitializeAsync();
        using var admin = moving.Admin();
        await AddAsync(admin, "Bob");
        var answers = new List<string>();
        for (var i = 0; i <= SignInRules.MaxFailures; i++)
            answers.Add(await TryAsync("203.0.113.5", name, i < SignInRules.MaxFailures ? "wrong wrong wrong" : Password));
        Assert.Equal(
            [.. Enumerable.Repeat("sign_in_refused", SignInRules.MaxFailures - 1), "account_locked", "account_locked"], answers);
        // The owner sits elsewhere and is not locked out.
        Assert.Equal(name == "Bob" ? "" : "sign_in_refused", await TryAsync("203.0.113.6", name, Password));
        clock.Advance(SignInRules.Lockout + TimeSpan.FromSeconds(1));
        Assert.Equal(name == "Bob" ? "" : "sign_in_refused", await TryAsync("203.0.113.5", name, Password));

        async Task<string> TryAsync(string address, string who, string password)
        {
            using var browser = moving.Client(null);
            browser.DefaultRequestHeaders.Add("X-Forwarded-For", address);
            using var answer = await browser.PostAsJsonAsync("/v1/session", new { name = who, password });
            return answer.IsSuccessStatusCode
                ? ""
                : (await answer.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>()).GetProperty("code").GetString()!;
        }
    }

    [Fact]
    public async Task An_unknown_name_and_a_wrong_password_look_alike_and_cost_the_same_work()
    {
        using var admin = service.Admin();
        await AddAsync(admin, "Cleo");
        using var browser = Browser();
        var before = Refusals();
        var unknown = await browser.PostAsJsonAsync("/v1/session", new { name = "nobody", password = Password });
        var between = Refusals();
        var wrong = await browser.PostAsJsonAsync("/v1/session", new { name = "Cleo", password = "wrong wrong wrong" });
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (unknown.StatusCode, wrong.StatusCode));
        static string Without(string body) => System.Text.RegularExpressions.Regex.Replace(body, "\"requestId\":\"[^\"]*\"", "");
        Assert.Equal(Without(await unknown.Content.ReadAsStringAsync()), Without(await wrong.Content.ReadAsStringAsync()));
        // Each is one event, and the name that may be a password stands in none.
        Assert.Equal((1, 1), (between.Count - before.Count, Refusals().Count - between.Count));
        Assert.DoesNotContain("nobody", between[^1].Payload, StringComparison.Ordinal);

        List<AuditEvent> Refusals() =>
            [.. service.Get<AuditLog>().Read(new AuditFilter()).Where(written => written.Kind == "session.refused")];
    }

    [Fact]
    public async Task Whoever_knows_the_password_changes_it_and_is_signed_out_everywhere()
    {
        using var admin = service.Admin();
        await AddAsync(admin, "Quin");
        using var browser = await SignedInAsync("Quin");
        using var second = await SignedInAsync("Quin");
        Task<HttpResponseMessage> Change(string present, string password) =>
            browser.PutAsJsonAsync("/v1/session/password", new { present, password });
        Assert.Equal("sign_in_refused", await Change("wrong wrong wrong", "four blue chairs outside").Code(401));
        Assert.Equal("bad_value", await Change(Password, "Password2026!!").Code(400));
        Assert.Equal("bad_value", await Change(Password, Password).Code(400));
        await Change(Password, "four blue chairs outside").Json(204);
        await browser.GetAsync("/v1/session").Code(401);
        await second.GetAsync("/v1/session").Code(401);
        await browser.PostAsJsonAsync("/v1/session", new { name = "Quin", password = Password }).Code(401);
        await browser.PostAsJsonAsync("/v1/session", new { name = "Quin", password = "four blue chairs outside" }).Json();
        Assert.Contains(
            service.Get<AuditLog>().Read(new AuditFilter()), written => written.Kind == "account.password-changed");
    }

    [Fact]
    public async Task A_page_of_another_site_cannot_use_the_cookie()
    {
        using var admin = service.Admin();
        await AddAsync(admin, "Dan");
        using var browser = Browser();
        await browser.PostAsJsonAsync("/v1/session", new { name = "Dan", password = Password }).Json();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/keys") { Content = JsonContent.Create(new { name = "stolen" }) };
        request.Headers.Add("Origin", "https://evil.example");
        Assert.Equal("cross_site", await browser.SendAsync(request).Code(403));
        using var own = new HttpRequestMessage(HttpMethod.Post, "/v1/keys") { Content = JsonContent.Create(new { name = "own" }) };
        own.Headers.Add("Origin", service.Address.GetLeftPart(UriPartial.Authority));
        await browser.SendAsync(own).Json(201);
    }

    [Fact]
    public async Task A_weak_password_an_unknown_role_and_a_taken_name_are_refused()
    {
        using var admin = service.Admin();
        await AddAsync(admin, "Eve");
        await admin.PostAsJsonAsync("/v1/accounts", new { name = "eve", organisation = "local", roles = new[] { "agent" } }).Code(409);
        await admin.PostAsJsonAsync(
            "/v1/accounts", new { name = "F", organisation = "local", roles = new[] { "agent" }, password = "short" }).Code(400);
        await admin.PostAsJsonAsync(
            "/v1/accounts",
            new { name = "Fenella", organisation = "local", roles = new[] { "agent" }, password = "fenella-local-1" }).Code(400);
        await admin.PostAsJsonAsync("/v1/accounts", new { name = "F", organisation = "local", roles = new[] { "king" } }).Code(400);
        await admin.PostAsJsonAsync("/v1/accounts", new { name = "F", organisation = "nowhere", roles = new[] { "agent" } }).Code(404);
    }

    [Fact]
    public async Task The_last_administrator_stays()
    {
        await using var fresh = new TestService();
        await fresh.InitializeAsync();
        using var admin = fresh.Admin();
        var account = (await admin.GetAsync("/v1/session").Json()).GetProperty("account").GetString();
        Assert.Equal("last_administrator", await admin.PatchAsJsonAsync($"/v1/accounts/{account}", new { disabled = true }).Code(409));
        Assert.Equal(
            "last_administrator", await admin.PatchAsJsonAsync($"/v1/accounts/{account}", new { roles = new[] { "agent" } }).Code(409));
    }

    private HttpClient Browser(TestService? of = null) =>
        new(new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = (of ?? service).Address };

    private async Task<HttpClient> SignedInAsync(string name)
    {
        var browser = Browser();
        await browser.PostAsJsonAsync("/v1/session", new { name, password = Password }).Json();
        return browser;
    }

    // Somebody else with the same cookie.
    private HttpClient Copy(HttpResponseMessage signedIn)
    {
        var copy = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = service.Address };
        copy.DefaultRequestHeaders.Add("Cookie", signedIn.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        return copy;
    }

    private static Task<System.Text.Json.JsonElement> AddAsync(HttpClient admin, string name) =>
        admin.PostAsJsonAsync(
            "/v1/accounts", new { name, organisation = "local", roles = new[] { Role.Agent }, password = Password }).Json(201);

    /// <summary>Clients come from where a test says.</summary>
    private sealed class ForwardedService(TimeProvider clock) : TestService
    {
        internal override ServiceSettings Settings()
        {
            var settings = base.Settings();
            settings.Proxies = "127.0.0.1;::1";
            return settings;
        }

        internal override void Replace(IServiceCollection services)
        {
            base.Replace(services);
            services.AddSingleton(clock);
        }
    }
}
