using System.Net.Http.Json;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Rest;

/// <summary>
/// Who sees which searches and events: agents their own, auditors their organisation's, one auditor by name the service's.
/// </summary>
public class TenantsTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task Agents_list_their_own_searches_by_case_and_time_and_page_by_page()
    {
        await GalleryAsync("own-searches");
        using var agent = service.As("local", Role.Agent);
        using var other = service.As("local", Role.Agent);
        string[] searches =
        [
            await SearchAsync(agent, "own-searches", "C-1"), await SearchAsync(agent, "own-searches", "C-2"),
            await SearchAsync(agent, "own-searches", "C-1"),
        ];
        var foreign = await SearchAsync(other, "own-searches", "C-1");

        Assert.Equal(searches.Reverse(), await IdsAsync(agent, ""));
        Assert.Equal([searches[2], searches[0]], await IdsAsync(agent, "?caseNumber=C-1"));
        Assert.Equal([foreign], await IdsAsync(other, ""));
        var first = await agent.GetAsync("/v1/searches?count=2").Json();
        var row = first.GetProperty("searches")[0];
        Assert.Equal("C-1", row.GetProperty("purpose").GetProperty("caseNumber").GetString());
        Assert.Equal("own-searches", row.GetProperty("galleries")[0].GetString());
        Assert.Equal([searches[0]], await IdsAsync(agent, $"?before={first.GetProperty("next").GetString()}"));
        Assert.Empty(await IdsAsync(agent, "?until=2020-01-01T00:00:00Z"));
        Assert.Equal(3, (await IdsAsync(agent, "?since=2020-01-01T00:00:00Z")).Count);
        await agent.GetAsync("/v1/searches?count=0").Code(400);
    }

    [Fact]
    public async Task An_auditor_reads_the_events_of_ones_organisation_and_the_services_auditor_all()
    {
        await GalleryAsync("audited-tenants");
        using var agent = service.As("local", Role.Agent);
        using var elsewhere = service.As("elsewhere", Role.Auditor);
        using var here = service.As("local", Role.Auditor);
        using var all = service.As("elsewhere", Role.ServiceAuditor);
        var search = await SearchAsync(agent, "audited-tenants", "C-9");

        Assert.Contains(
            search, (await here.GetAsync("/v1/audit?kind=search&newestFirst=true").Json()).GetRawText(), StringComparison.Ordinal);
        Assert.Contains(
            search, (await all.GetAsync("/v1/audit?kind=search&newestFirst=true").Json()).GetRawText(), StringComparison.Ordinal);
        var events = (await elsewhere.GetAsync("/v1/audit?newestFirst=true").Json()).GetProperty("events").EnumerateArray();
        Assert.All(events, written => Assert.Equal("elsewhere", written.GetProperty("organisation").GetString()));
        await elsewhere.GetAsync("/v1/audit?organisation=local").Code(403);
        await here.GetAsync("/v1/audit?organisation=local").Json();
        await elsewhere.GetAsync($"/v1/searches/{search}").Code(404);
        await here.GetAsync($"/v1/searches/{search}").Json();
        await all.GetAsync($"/v1/searches/{search}").Json();
        // What the service does by itself is nobody's but its auditor's to read; either verifies the chain.
        Assert.True((await elsewhere.GetAsync("/v1/audit/verification").Json()).GetProperty("intact").GetBoolean());
        Assert.DoesNotContain(
            "audited-tenants",
            (await elsewhere.GetAsync("/v1/galleries").Json()).GetRawText(), StringComparison.Ordinal);
        Assert.Contains("audited-tenants", (await all.GetAsync("/v1/galleries").Json()).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_supervisors_look_is_told_and_an_auditors_is_not()
    {
        await GalleryAsync("looked-at");
        using var agent = service.As("local", Role.Agent);
        using var auditor = service.As("local", Role.Auditor);
        using var supervisor = service.As("local", Role.Supervisor);
        var search = await SearchAsync(agent, "looked-at", "C-3");

        await auditor.GetAsync($"/v1/searches/{search}").Json();
        Assert.DoesNotContain(search, (await agent.GetAsync("/v1/notifications").Json()).GetRawText(), StringComparison.Ordinal);
        await supervisor.GetAsync($"/v1/searches/{search}").Json();
        Assert.Contains(search, (await agent.GetAsync("/v1/notifications").Json()).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_administrator_makes_keys_for_programs_which_are_told_and_not_for_people()
    {
        using var admin = service.Admin();
        async Task<string> AccountAsync(string name, string? password) => (await admin.PostAsJsonAsync(
            "/v1/accounts", new { name, organisation = "local", roles = new[] { Role.Agent }, password }).Json(201))
            .GetProperty("id").GetString()!;
        var (program, person) = (await AccountAsync("import job", null), await AccountAsync("Ann Agent", "a long pass phrase of hers"));

        Assert.Equal("forbidden", await admin.PostAsJsonAsync("/v1/keys", new { name = "hers", account = person }).Code(403));
        var made = await admin.PostAsJsonAsync("/v1/keys", new { name = "its", account = program }).Json(201);

        using var client = service.Client(made.GetProperty("key").GetString());
        Assert.Contains("key-made", (await client.GetAsync("/v1/notifications").Json()).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_another_made_ends_when_its_account_can_sign_in_and_its_owner_sees_who_made_it()
    {
        using var admin = service.Admin();
        var own = (await admin.GetAsync("/v1/session").Json()).GetProperty("account").GetString();
        foreach (var (how, name) in ((string, string)[])[("password", "later Ann"), ("identity", "later Bob")])
        {
            var account = (await admin.PostAsJsonAsync(
                "/v1/accounts",
                new { name, organisation = "local", roles = new[] { Role.Agent } }).Json(201)).GetProperty("id").GetString()!;
            using var minted = service.Client((await admin.PostAsJsonAsync("/v1/keys", new { name = "early", account }).Json(201))
                .GetProperty("key").GetString());
            // A key that it made itself, by the one that was made for it, ends with that one.
            using var child = service.Client((await minted.PostAsJsonAsync("/v1/keys", new { name = "child" }).Json(201))
                .GetProperty("key").GetString());
            var keys = (await minted.GetAsync("/v1/keys").Json()).EnumerateArray().ToList();
            Assert.Equal([own, account], keys.Select(key => key.GetProperty("madeBy").GetString()));

            if (how == "password")
                await admin.PatchAsJsonAsync($"/v1/accounts/{account}", new { password = "a long pass phrase of theirs" }).Json();
            else
                await admin.PostAsJsonAsync(
                    $"/v1/accounts/{account}/identities", new { issuer = "https://id.example", subject = "bob" }).Json(201);

            await minted.GetAsync("/v1/session").Code(401);
            await child.GetAsync("/v1/session").Code(401);
            Assert.Equal("forbidden", await admin.PostAsJsonAsync("/v1/keys", new { name = "late", account }).Code(403));
        }
    }

    [Fact]
    public async Task The_first_administrators_own_key_stays_when_its_account_gets_a_password()
    {
        await using var fresh = new TestService();
        await fresh.InitializeAsync();
        using var admin = fresh.Admin();
        var own = (await admin.GetAsync("/v1/session").Json()).GetProperty("account").GetString();
        await admin.PatchAsJsonAsync($"/v1/accounts/{own}", new { password = "a long pass phrase of hers" }).Json();
        await admin.GetAsync("/v1/session").Json();
    }

    [Fact]
    public async Task An_administrator_keeps_the_own_organisation_and_one_of_the_service_by_name_all()
    {
        var (strange, strangeKey) = service.KeyOf("beta", Role.Agent);
        var (mine, _) = service.KeyOf("alpha", Role.Agent);
        var (auditor, _) = service.KeyOf("alpha", Role.ServiceAuditor);
        using var admin = service.As("alpha", Role.Administrator);
        using var all = service.As("alpha", Role.ServiceAdministrator);
        using var keeper = service.As("beta", Role.GalleryOwner);
        using var mate = service.As("alpha", Role.GalleryOwner);
        await keeper.CreateGalleryAsync("betas");
        await mate.CreateGalleryAsync("alphas");

        // Accounts and keys.
        var listed = (await admin.GetAsync("/v1/accounts").Json()).EnumerateArray().ToList();
        Assert.All(listed, account => Assert.Equal("alpha", account.GetProperty("organisation").GetString()));
        Assert.Contains(listed, account => account.GetProperty("id").GetString() == mine);
        Assert.Contains(strange, (await all.GetAsync("/v1/accounts").Json()).GetRawText(), StringComparison.Ordinal);
        await admin.PatchAsJsonAsync($"/v1/accounts/{strange}", new { disabled = true }).Code(404);
        Assert.Equal("not_found", await admin.PostAsJsonAsync("/v1/keys", new { name = "n", account = strange }).Code(404));
        var keys = (await admin.GetAsync("/v1/keys").Json()).EnumerateArray().ToList();
        Assert.DoesNotContain(keys, key => key.GetProperty("account").GetString() == strange);
        Assert.Contains(keys, key => key.GetProperty("account").GetString() == mine);
        await admin.DeleteAsync($"/v1/keys/{strangeKey.Split('_')[1]}").Code(404);
        await admin.PatchAsJsonAsync($"/v1/accounts/{mine}", new { disabled = true }).Json();
        await admin.PostAsJsonAsync(
            "/v1/accounts", new { name = "beta's", organisation = "beta", roles = new[] { Role.Agent } }).Code(404);
        // Nobody makes oneself, or another, more than one is; or acts as somebody with a role in the whole service.
        foreach (var role in (string[])[Role.ServiceAdministrator, Role.ServiceAuditor])
        {
            Assert.Equal("forbidden", await admin.PostAsJsonAsync(
                "/v1/accounts", new { name = $"own {role}", organisation = "alpha", roles = new[] { role } }).Code(403));
            Assert.Equal("forbidden", await admin.PatchAsJsonAsync($"/v1/accounts/{mine}", new { roles = new[] { role } }).Code(403));
        }
        Assert.Equal("forbidden", await admin.PatchAsJsonAsync(
            $"/v1/accounts/{auditor}", new { password = "a long pass phrase to take over" }).Code(403));
        Assert.Equal("forbidden", await admin.PostAsJsonAsync("/v1/keys", new { name = "n", account = auditor }).Code(403));
        Assert.Equal("forbidden", await admin.PostAsJsonAsync("/v1/organisations", new { id = "gamma", name = "Gamma" }).Code(403));
        await all.PostAsJsonAsync("/v1/organisations", new { id = "gamma", name = "Gamma" }).Json(201);

        // Galleries.
        var galleries = (await admin.GetAsync("/v1/galleries").Json()).GetRawText();
        Assert.Contains("alphas", galleries, StringComparison.Ordinal);
        Assert.DoesNotContain("betas", galleries, StringComparison.Ordinal);
        await admin.GetAsync("/v1/galleries/betas").Code(404);
        await admin.DeleteAsync("/v1/galleries/betas").Code(404);
        await admin.PatchAsJsonAsync("/v1/galleries/alphas", new { retention = new { days = 30 } }).Json();
        foreach (var change in (object[])[new { approved = true }, new { owner = "beta" }])
            Assert.Equal("forbidden", await admin.PatchAsJsonAsync("/v1/galleries/alphas", change).Code(403));
        await all.PatchAsJsonAsync("/v1/galleries/betas", new { approved = true }).Json();

        // The pages offer no more.
        using var pages = await PageClient.SignedInAsync(service, "alpha", Role.Administrator);
        var accounts = await pages.TextAsync("/accounts");
        Assert.DoesNotContain(strange, accounts, StringComparison.Ordinal);
        Assert.DoesNotContain("service administrator", accounts, StringComparison.Ordinal);
        Assert.DoesNotContain("Add an organisation", accounts, StringComparison.Ordinal);
        Assert.DoesNotContain("<option value=\"beta\"", accounts, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_its_owner_a_gallerys_permissions_end_and_those_who_had_them_are_told()
    {
        using var all = service.As("giver", Role.ServiceAdministrator, Role.GalleryOwner);
        using var receiver = service.As("receiver", Role.GalleryOwner);
        using var friend = service.As("giver-friend", Role.Supervisor, Role.Agent);
        await all.CreateGalleryAsync("given", new { approved = true });
        await all.EnrolAsync("given", "S", FakeImage.Picture("given", new FakeFace(1)));
        await all.ShareAsync(service, "given", "giver-friend");
        await SearchAsync(friend, "given", "C-1");

        // Whatever else changes, they stay.
        await all.PatchAsJsonAsync("/v1/galleries/given", new { retention = new { days = 30 } }).Json();
        await SearchAsync(friend, "given", "C-1");
        await all.PatchAsJsonAsync("/v1/galleries/given", new { owner = "receiver" }).Json();

        Assert.Empty((await receiver.GetAsync("/v1/galleries/given/permissions").Json()).EnumerateArray());
        await friend.GetAsync("/v1/galleries/given").Code(404);
        Assert.Contains("sharing-ended", (await friend.GetAsync("/v1/notifications").Json()).GetRawText(), StringComparison.Ordinal);
        Assert.Contains("gallery-received", (await receiver.GetAsync("/v1/notifications").Json()).GetRawText(), StringComparison.Ordinal);
        using var auditor = service.As("giver", Role.ServiceAuditor);
        var written = (await auditor.GetAsync("/v1/audit?newestFirst=true&kind=gallery.changed&gallery=given").Json())
            .GetProperty("events")[0].GetProperty("payload");
        Assert.Equal("giver-friend", Assert.Single(written.GetProperty("permissionsEnded").EnumerateArray()).GetString());
        // The new owner shares anew, and the other accepts anew.
        await receiver.ShareAsync(service, "given", "giver-friend");
        await SearchAsync(friend, "given", "C-1");
    }

    private async Task GalleryAsync(string name)
    {
        using var admin = service.Admin();
        await admin.CreateGalleryAsync(name, new { approved = true });
        await admin.EnrolAsync(name, "S", FakeImage.Picture(name, new FakeFace(1)));
    }

    private static async Task<string> SearchAsync(HttpClient client, string gallery, string caseNumber) => (await client.PostAsync(
        "/v1/searches",
        Requests.Form(
            new { galleries = new[] { gallery }, purpose = new { caseNumber, basis = "18 USC 1956", requester = "R" } },
            ("image", FakeImage.Of(new FakeFace(1, Variation: 3)), "probe.jpg"))).Json()).GetProperty("searchId").GetString()!;

    private static async Task<IReadOnlyList<string>> IdsAsync(HttpClient client, string query) =>
    [
        .. (await client.GetAsync("/v1/searches" + query).Json()).GetProperty("searches").EnumerateArray()
            .Select(row => row.GetProperty("searchId").GetString()!),
    ];
}
