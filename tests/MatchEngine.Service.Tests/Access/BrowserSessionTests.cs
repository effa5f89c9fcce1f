using System.Net;
using System.Net.Http.Json;
using MatchEngine.Frs.Accounts;
using MatchEngine.Service.Tests.Fakes;

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
    public async Task Five_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour()
    {
        var clock = new MovableClock();
        await using var moving = new ClockedService(clock);
        await moving.InitializeAsync();
        using var admin = moving.Admin();
        await AddAsync(admin, "Bob");
        using var browser = moving.Client(null);
        for (var i = 1; i < SignInRules.MaxFailures; i++)
            Assert.Equal(
                "sign_in_refused",
                await browser.PostAsJsonAsync("/v1/session", new { name = "Bob", password = "wrong wrong wrong" }).Code(401));
        Assert.Equal(
            "account_locked", await browser.PostAsJsonAsync("/v1/session", new { name = "Bob", password = "wrong wrong wrong" }).Code(429));
        Assert.Equal("account_locked", await browser.PostAsJsonAsync("/v1/session", new { name = "Bob", password = Password }).Code(429));
        clock.Advance(SignInRules.Lockout + TimeSpan.FromSeconds(1));
        await browser.PostAsJsonAsync("/v1/session", new { name = "Bob", password = Password }).Json();
    }

    [Fact]
    public async Task An_unknown_name_and_a_wrong_password_look_alike()
    {
        using var admin = service.Admin();
        await AddAsync(admin, "Cleo");
        using var browser = Browser();
        var unknown = await browser.PostAsJsonAsync("/v1/session", new { name = "nobody", password = Password });
        var wrong = await browser.PostAsJsonAsync("/v1/session", new { name = "Cleo", password = "wrong wrong wrong" });
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (unknown.StatusCode, wrong.StatusCode));
        static string Without(string body) => System.Text.RegularExpressions.Regex.Replace(body, "\"requestId\":\"[^\"]*\"", "");
        Assert.Equal(Without(await unknown.Content.ReadAsStringAsync()), Without(await wrong.Content.ReadAsStringAsync()));
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
    public async Task A_short_password_an_unknown_role_and_a_taken_name_are_refused()
    {
        using var admin = service.Admin();
        await AddAsync(admin, "Eve");
        await admin.PostAsJsonAsync("/v1/accounts", new { name = "eve", organisation = "local", roles = new[] { "agent" } }).Code(409);
        await admin.PostAsJsonAsync(
            "/v1/accounts", new { name = "F", organisation = "local", roles = new[] { "agent" }, password = "short" }).Code(400);
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

    private HttpClient Browser() =>
        new(new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = service.Address };

    private static Task<System.Text.Json.JsonElement> AddAsync(HttpClient admin, string name) =>
        admin.PostAsJsonAsync(
            "/v1/accounts", new { name, organisation = "local", roles = new[] { Role.Agent }, password = Password }).Json(201);
}
