using System.Net.Http.Json;
using System.Text;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Access;

public class ApiKeysTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task A_key_works_in_either_header_until_it_is_revoked()
    {
        using var admin = service.Admin();
        var made = await admin.PostAsJsonAsync("/v1/keys", new { name = "for the test" }).Json(201);
        var key = made.GetProperty("key").GetString()!;
        using var bearer = service.Client(key);
        Assert.Equal("admin", (await bearer.GetAsync("/v1/session").Json()).GetProperty("name").GetString());
        using var header = service.Client(null);
        header.DefaultRequestHeaders.Add("X-Api-Key", key);
        await header.GetAsync("/v1/session").Json();

        var id = made.GetProperty("details").GetProperty("id").GetString();
        Assert.NotEqual("null", (await admin.GetAsync("/v1/keys").Json()).EnumerateArray()
            .Single(k => k.GetProperty("id").GetString() == id).GetProperty("lastUsed").GetRawText());
        await admin.DeleteAsync($"/v1/keys/{id}").Json(204);
        Assert.Equal("not_signed_in", await bearer.GetAsync("/v1/session").Code(401));
        Assert.Equal("not_found", await admin.DeleteAsync($"/v1/keys/{id}").Code(404));
    }

    [Fact]
    public async Task An_expired_key_opens_nothing()
    {
        var clock = new MovableClock();
        await using var moving = new ClockedService(clock);
        await moving.InitializeAsync();
        using var admin = moving.Admin();
        var made = await admin.PostAsJsonAsync("/v1/keys", new { name = "short", expiresInDays = 2 }).Json(201);
        using var client = moving.Client(made.GetProperty("key").GetString());
        clock.Advance(TimeSpan.FromDays(1.9));
        await client.GetAsync("/v1/session").Json();
        clock.Advance(TimeSpan.FromDays(0.2));
        await client.GetAsync("/v1/session").Code(401);
    }

    [Fact]
    public async Task Only_a_hash_of_a_key_is_stored()
    {
        using var admin = service.Admin();
        var key = (await admin.PostAsJsonAsync("/v1/keys", new { name = "secret" }).Json(201)).GetProperty("key").GetString()!;
        Assert.False(FolderBytes.Contain(service.Data, Encoding.UTF8.GetBytes(key.Split('_')[2])));
        Assert.DoesNotContain(key.Split('_')[2], service.Log.Text);
        Assert.DoesNotContain(key.Split('_')[2], (await admin.GetAsync("/v1/keys").Json()).GetRawText());
    }

    [Theory]
    [InlineData("")]
    [InlineData("me_")]
    [InlineData("me_0000000000000000_0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("something else")]
    public async Task What_is_no_key_opens_nothing(string key)
    {
        using var client = service.Client(null);
        client.DefaultRequestHeaders.TryAddWithoutValidation("X-Api-Key", key);
        await client.GetAsync("/v1/session").Code(401);
    }

    [Fact]
    public async Task Nobody_but_an_administrator_makes_or_revokes_keys_of_others()
    {
        var (account, _) = service.KeyOf("keys", Role.Agent);
        using var other = service.As("keys", Role.Agent);
        await other.PostAsJsonAsync("/v1/keys", new { name = "x", account }).Code(403);
        using var admin = service.Admin();
        var key = (await admin.PostAsJsonAsync("/v1/keys", new { name = "x", account }).Json(201))
            .GetProperty("details").GetProperty("id").GetString();
        await other.DeleteAsync($"/v1/keys/{key}").Code(404);
        await admin.DeleteAsync($"/v1/keys/{key}").Json(204);
    }

    [Fact]
    public async Task A_disabled_account_is_shut_out_at_once()
    {
        var (account, key) = service.KeyOf("keys", Role.Agent);
        using var client = service.Client(key);
        await client.GetAsync("/v1/session").Json();
        using var admin = service.Admin();
        await admin.PatchAsJsonAsync($"/v1/accounts/{account}", new { disabled = true }).Json();
        await client.GetAsync("/v1/session").Code(401);
    }

    [Fact]
    public async Task A_key_has_the_roles_it_was_given_and_gives_no_more_of_them_on()
    {
        var (_, whole) = service.KeyOf("scopes", Role.Agent, Role.GalleryOwner);
        using var client = service.Client(whole);
        await client.PostAsJsonAsync("/v1/keys", new { name = "x", scopes = new[] { Role.Auditor } }).Code(400);
        var made = await client.PostAsJsonAsync("/v1/keys", new { name = "x", scopes = new[] { Role.Agent } }).Json(201);
        using var limited = service.Client(made.GetProperty("key").GetString());
        Assert.Equal(
            [Role.Agent],
            (await limited.GetAsync("/v1/session").Json()).GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        Assert.Equal("forbidden", await limited.PostAsJsonAsync("/v1/galleries", new { name = "not-mine" }).Code(403));

        await limited.PostAsJsonAsync("/v1/keys", new { name = "more", scopes = new[] { Role.GalleryOwner } }).Code(403);
        var child = await limited.PostAsJsonAsync("/v1/keys", new { name = "child" }).Json(201);
        Assert.Equal(
            [Role.Agent], child.GetProperty("details").GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()));
        using var grandchild = service.Client(child.GetProperty("key").GetString());
        await grandchild.GetAsync("/v1/session").Json();

        // A browser that is signed in by it can do no more either.
        using var browser = new PageClient(service);
        using (await browser.SendAsync("/sign-in", ("key", child.GetProperty("key").GetString()!)))
        using (var galleries = await browser.SendAsync("/galleries", ("name", "by-browser")))
            Assert.Equal(System.Net.HttpStatusCode.Forbidden, galleries.StatusCode);

        // It dies with the one it was made by.
        await client.DeleteAsync($"/v1/keys/{made.GetProperty("details").GetProperty("id").GetString()}").Json(204);
        await limited.GetAsync("/v1/session").Code(401);
        await grandchild.GetAsync("/v1/session").Code(401);
        await client.GetAsync("/v1/session").Json();
    }

    [Fact]
    public async Task No_key_lasts_longer_than_the_service_lets_any_last_nor_than_the_one_it_was_made_by()
    {
        var clock = new MovableClock();
        await using var moving = new ClockedService(clock);
        await moving.InitializeAsync();
        using var admin = moving.Admin();
        await admin.PostAsJsonAsync("/v1/keys", new { name = "long", expiresInDays = 366 }).Code(400);
        var made = await admin.PostAsJsonAsync("/v1/keys", new { name = "short", expiresInDays = 10 }).Json(201);
        using var parent = moving.Client(made.GetProperty("key").GetString());
        var child = await parent.PostAsJsonAsync("/v1/keys", new { name = "child", expiresInDays = 300 }).Json(201);
        Assert.Equal(
            made.GetProperty("details").GetProperty("expires").GetDateTimeOffset(),
            child.GetProperty("details").GetProperty("expires").GetDateTimeOffset());
        // Of an earlier version, without an end.
        var (_, old) = moving.KeyOf("keys", Role.Agent);
        using var client = moving.Client(old);
        clock.Advance(TimeSpan.FromDays(364));
        await client.GetAsync("/v1/session").Json();
        clock.Advance(TimeSpan.FromDays(2));
        await client.GetAsync("/v1/session").Code(401);
        await admin.GetAsync("/v1/session").Code(401);
    }
}
