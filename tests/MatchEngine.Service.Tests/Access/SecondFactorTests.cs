using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Settings;
using MatchEngine.Service.Tests.Fakes;
using OtpNet;

namespace MatchEngine.Service.Tests.Access;

public class SecondFactorTests
{
    private const string Password = PageClient.Password;

    private readonly MovableClock _clock = new();

    [Fact]
    public async Task A_confirmed_factor_is_asked_for_each_code_is_good_once_and_recovery_codes_too()
    {
        await using var service = new ClockedService(_clock);
        await service.InitializeAsync();
        using var own = Own(service, "Ada");
        Assert.Equal("sign_in_refused", await own.PostAsJsonAsync("/v1/second-factor", new { password = "wrong wrong wrong" }).Code(401));
        var secret = await BeginAsync(own);
        // Until it is confirmed, nobody is asked for it.
        await SignInAsync(service, null).Json();
        Assert.Equal("bad_value", await own.PostAsJsonAsync("/v1/second-factor/confirmation", new { code = "000000" }).Code(400));
        var recovery = (await own.PostAsJsonAsync("/v1/second-factor/confirmation", new { code = CodeOf(secret) }).Json())
            .GetProperty("recoveryCodes").EnumerateArray().Select(code => code.GetString()!).ToList();
        Assert.Equal(OneTimeCodes.RecoveryCodes, recovery.Count);

        // One answer, whichever of the two is wrong.
        Assert.Equal("sign_in_refused", await SignInAsync(service, null).Code(401));
        // The code that confirmed it is used up.
        Assert.Equal("sign_in_refused", await SignInAsync(service, CodeOf(secret)).Code(401));
        _clock.Advance(TimeSpan.FromSeconds(30));
        var code = CodeOf(secret);
        await SignInAsync(service, code).Json();
        Assert.Equal("sign_in_refused", await SignInAsync(service, code).Code(401));
        await SignInAsync(service, recovery[0]).Json();
        Assert.Equal("sign_in_refused", await SignInAsync(service, recovery[0]).Code(401));
        await SignInAsync(service, recovery[1].ToUpperInvariant()).Json();

        // The password is changed, and the factor removed, by whoever has both.
        Assert.Equal(
            "sign_in_refused",
            await own.PutAsJsonAsync("/v1/session/password", new { present = Password, password = "four blue chairs outside" }).Code(401));
        Assert.Equal("conflict", await own.PostAsJsonAsync("/v1/second-factor", new { password = Password }).Code(409));
        Assert.Equal("sign_in_refused", await own.PostAsJsonAsync("/v1/second-factor/removal", new { password = Password }).Code(401));
        _clock.Advance(TimeSpan.FromSeconds(30));
        await own.PostAsJsonAsync("/v1/second-factor/removal", new { password = Password, code = CodeOf(secret) }).Json(204);
        await SignInAsync(service, null).Json();
        Assert.Equal(
            ["second-factor.begun", "second-factor.confirmed", "second-factor.recovery-code-used", "second-factor.recovery-code-used",
                "second-factor.removed"],
            service.Get<AuditLog>().Read(new AuditFilter()).Select(written => written.Kind)
                .Where(kind => kind.StartsWith("second-factor", StringComparison.Ordinal)));
        Assert.DoesNotContain(service.Get<AuditLog>().Read(new AuditFilter()), written =>
            written.Payload.Contains(secret, StringComparison.Ordinal) || written.Payload.Contains(recovery[0], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Wrong_codes_are_counted_as_wrong_passwords_are()
    {
        await using var service = new ClockedService(_clock);
        await service.InitializeAsync();
        using var own = Own(service, "Ada");
        var secret = await BeginAsync(own);
        await own.PostAsJsonAsync("/v1/second-factor/confirmation", new { code = CodeOf(secret) }).Json();
        _clock.Advance(TimeSpan.FromSeconds(30));
        for (var i = 1; i < SignInRules.MaxFailures; i++)
            Assert.Equal("sign_in_refused", await SignInAsync(service, "000000").Code(401));
        Assert.Equal("account_locked", await SignInAsync(service, "000000").Code(429));
        Assert.Equal("account_locked", await SignInAsync(service, CodeOf(secret)).Code(429));
    }

    [Fact]
    public async Task An_administrator_removes_the_factor_of_whoever_lost_everything()
    {
        await using var service = new ClockedService(_clock);
        await service.InitializeAsync();
        using var admin = service.Admin();
        using var own = Own(service, "Ada");
        var account = (await own.GetAsync("/v1/session").Json()).GetProperty("account").GetString();
        var secret = await BeginAsync(own);
        await own.PostAsJsonAsync("/v1/second-factor/confirmation", new { code = CodeOf(secret) }).Json();
        Assert.True((await admin.GetAsync($"/v1/accounts/{account}").Json()).GetProperty("hasSecondFactor").GetBoolean());
        await admin.DeleteAsync($"/v1/accounts/{account}/second-factor").Json(204);
        await admin.DeleteAsync($"/v1/accounts/{account}/second-factor").Code(404);
        await SignInAsync(service, null).Json();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_secret_is_nowhere_on_the_disk_in_the_clear_and_with_a_data_key_the_keys_that_seal_it_are_not_either(bool withKey)
    {
        await using var service = new KeyedService(withKey);
        await service.InitializeAsync();
        using var own = Own(service, "Ada");
        var text = await BeginAsync(own);
        await own.PostAsJsonAsync("/v1/second-factor/confirmation", new { code = Totp(text).ComputeTotp() }).Json();
        var account = (await own.GetAsync("/v1/session").Json()).GetProperty("account").GetString()!;
        Assert.NotNull(service.Get<IAccountSecrets>().Open(account, service.Get<ISecondFactors>().Find(account)!.Sealed));
        // Moved to another account it opens no more.
        Assert.Null(service.Get<IAccountSecrets>().Open("another", service.Get<ISecondFactors>().Find(account)!.Sealed));
        await service.StopAsync();
        Assert.False(FolderBytes.Contain(service.Data, Encoding.UTF8.GetBytes(text)));
        Assert.False(FolderBytes.Contain(service.Data, Base32Encoding.ToBytes(text)));
        Assert.Equal(!withKey, FolderBytes.Contain(service.Data, "<masterKey"u8.ToArray()));

        // The next start reads what this one sealed.
        await using var again = new KeyedService(withKey, service);
        await again.InitializeAsync();
        Assert.NotNull(again.Get<IAccountSecrets>().Open(account, again.Get<ISecondFactors>().Find(account)!.Sealed));
    }

    [Fact]
    public async Task It_is_set_up_used_and_removed_on_the_pages()
    {
        await using var service = new ClockedService(_clock);
        await service.InitializeAsync();
        using var own = Own(service, "Ada");
        using var client = new PageClient(service);
        using (var signedIn = await client.SendAsync("/sign-in", ("name", "Ada"), ("password", Password)))
            Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        string secret;
        using (var begun = await client.SendAsync("/account/second-factor", ("present", Password)))
        {
            var page = await begun.Content.ReadAsStringAsync();
            secret = Regex.Match(page, "value=\"([A-Z2-7]{32})\"").Groups[1].Value;
            Assert.Contains("<svg class=\"code\"", page, StringComparison.Ordinal);
        }
        using (var wrong = await client.SendAsync("/account/second-factor/confirmation", ("code", "000000")))
            Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        using (var confirmed = await client.SendAsync("/account/second-factor/confirmation", ("code", CodeOf(secret))))
            Assert.Matches("<code>([a-z2-7]{4}-){3}[a-z2-7]{4}</code>", await confirmed.Content.ReadAsStringAsync());
        _clock.Advance(TimeSpan.FromSeconds(30));
        using var second = new PageClient(service);
        using (var refused = await second.SendAsync("/sign-in", ("name", "Ada"), ("password", Password)))
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using (var signedIn = await second.SendAsync("/sign-in", ("name", "Ada"), ("password", Password), ("code", CodeOf(secret))))
            Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        _clock.Advance(TimeSpan.FromSeconds(30));
        using (var removed = await second.SendAsync("/account/second-factor/removal", ("present", Password), ("code", CodeOf(secret))))
            Assert.Equal("/account?done=second-factor-removed", removed.Headers.Location!.OriginalString);
    }

    // A program of the account, with its password too.
    private static HttpClient Own(TestService service, string name)
    {
        var account = service.Get<IAccounts>().Add(
            BookChange.None, name, FirstAdministrator.Organisation, [Role.Agent], Password)!;
        return service.Client(service.Get<IApiKeys>().Add(BookChange.None, account.Id, "own", null).Text);
    }

    private static async Task<string> BeginAsync(HttpClient own) =>
        (await own.PostAsJsonAsync("/v1/second-factor", new { password = Password }).Json(201)).GetProperty("secret").GetString()!;

    private static async Task<HttpResponseMessage> SignInAsync(TestService service, string? code)
    {
        using var browser = service.Client(null);
        return await browser.PostAsJsonAsync("/v1/session", new { name = "Ada", password = Password, code });
    }

    // As an app makes it.
    private string CodeOf(string secret) => Totp(secret).ComputeTotp(_clock.GetUtcNow().UtcDateTime);

    private static Totp Totp(string secret) => new(Base32Encoding.ToBytes(secret));

    private sealed class KeyedService(bool withKey, TestService? before = null) : TestService
    {
        internal override ServiceSettings Settings()
        {
            var settings = base.Settings();
            if (withKey)
                settings.DataKeyFile = Folder.Write("keys", Encoding.ASCII.GetBytes($"{new string('b', 64)}\n"));
            if (before is not null)
                settings.DataDir = before.Data;
            return settings;
        }
    }
}
