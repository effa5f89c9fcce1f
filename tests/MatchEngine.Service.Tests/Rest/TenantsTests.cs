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
