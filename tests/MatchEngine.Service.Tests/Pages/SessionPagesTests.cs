using System.Net;
using System.Text.RegularExpressions;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Pages;

public class SessionPagesTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task The_first_administrator_signs_in_by_the_key_and_the_sign_in_ends_with_the_key()
    {
        await using var fresh = new TestService();
        await fresh.InitializeAsync();
        using var client = new PageClient(fresh);
        using (var wrong = await client.SendAsync("/sign-in", ("key", "me_0123456789abcdef_00")))
        {
            // The form of the key is open, and what is said is said of the key.
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
            var page = await wrong.Content.ReadAsStringAsync();
            Assert.Contains("The API key is not accepted", page, StringComparison.Ordinal);
            Assert.Matches("<details class=\"card narrow\" open", page);
            Assert.DoesNotContain("password is wrong", page, StringComparison.OrdinalIgnoreCase);
        }
        using (var signedIn = await client.SendAsync("/sign-in", ("key", fresh.FirstKey)))
            Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        Assert.Contains("Accounts", await client.TextAsync("/accounts"), StringComparison.Ordinal);
        fresh.Get<IApiKeys>().Revoke(BookChange.None, fresh.FirstKey.Split('_')[1]);
        using var ended = await client.GetAsync("/accounts");
        Assert.Equal(HttpStatusCode.Redirect, ended.StatusCode);
    }

    [Fact]
    public async Task Wrong_passwords_are_told_and_lock_the_account()
    {
        service.Get<IOrganisations>().Add(BookChange.None, "locks", "locks");
        service.Get<IAccounts>().Add(BookChange.None, "Lara", "locks", [Role.Agent], PageClient.Password);
        using var client = new PageClient(service);
        for (var i = 1; i < SignInRules.MaxFailures; i++)
        {
            using var wrong = await client.SendAsync("/sign-in", ("name", "Lara"), ("password", "wrong wrong wrong"));
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
            Assert.Contains("role=\"alert\"", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        using var locked = await client.SendAsync("/sign-in", ("name", "Lara"), ("password", "wrong wrong wrong"));
        Assert.Equal(HttpStatusCode.TooManyRequests, locked.StatusCode);
        Assert.Contains("15 minutes", await locked.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotNull(locked.Headers.RetryAfter);
    }

    [Fact]
    public async Task Signing_out_ends_the_sign_in()
    {
        using var client = await PageClient.SignedInAsync(service, "out", Role.Agent);
        await client.TextAsync("/search");
        using (var left = await client.SendAsync("/sign-out"))
            Assert.Equal("/sign-in?done=signed-out", left.Headers.Location!.OriginalString);
        using var after = await client.GetAsync("/search");
        Assert.Equal(HttpStatusCode.Redirect, after.StatusCode);
    }

    [Fact]
    public async Task The_own_account_shows_its_browsers_ends_them_and_changes_its_password()
    {
        using var client = await PageClient.SignedInAsync(service, "own", Role.Agent);
        Assert.Contains("this browser", await client.TextAsync("/account"), StringComparison.Ordinal);
        using (var differ = await client.SendAsync(
            "/account/password", ("present", PageClient.Password), ("password", "four blue chairs outside"),
            ("repeated", "four blue chairs")))
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, differ.StatusCode);
            Assert.Contains("differ", await differ.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        using (var wrong = await client.SendAsync(
            "/account/password", ("present", "wrong wrong wrong"), ("password", "four blue chairs outside"),
            ("repeated", "four blue chairs outside")))
            Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        using (var changed = await client.SendAsync(
            "/account/password", ("present", PageClient.Password), ("password", "four blue chairs outside"),
            ("repeated", "four blue chairs outside")))
            Assert.Equal("/sign-in?done=password-changed", changed.Headers.Location!.OriginalString);
        using var after = await client.GetAsync("/account");
        Assert.Equal(HttpStatusCode.Redirect, after.StatusCode);

        using var second = await PageClient.SignedInAsync(service, "own", Role.Agent);
        using (var left = await second.SendAsync("/account/sign-out"))
            Assert.Equal("/sign-in?done=signed-out-everywhere", left.Headers.Location!.OriginalString);
        using var ended = await second.GetAsync("/account");
        Assert.Equal(HttpStatusCode.Redirect, ended.StatusCode);
    }

    [Fact]
    public async Task A_new_key_is_shown_once_and_works()
    {
        using var client = await PageClient.SignedInAsync(service, "keys", Role.Agent);
        string text;
        using (var made = await client.SendAsync("/keys", ("name", "script"), ("expiresInDays", "30")))
        {
            Assert.Equal(HttpStatusCode.Created, made.StatusCode);
            text = Regex.Match(await made.Content.ReadAsStringAsync(), "me_[0-9a-f]+_[0-9a-f]+").Value;
        }
        Assert.DoesNotContain(text, await client.TextAsync("/keys"), StringComparison.Ordinal);
        using var program = service.Client(text);
        Assert.Equal("keys", (await program.GetAsync("/v1/session").Json()).GetProperty("organisation").GetString());
        using (var revoked = await client.SendAsync($"/keys/{text.Split('_')[1]}/revocation"))
            Assert.Equal(HttpStatusCode.Redirect, revoked.StatusCode);
        Assert.Equal("not_signed_in", await program.GetAsync("/v1/session").Code(401));
    }
}
