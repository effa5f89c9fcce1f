using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Profiles;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Settings;
using MatchEngine.Service.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace MatchEngine.Service.Tests.Rest;

/// <summary>Safeguards 2 to 4: approval, exigent use, review, notifications, second requests.</summary>
public class SupervisionTests(TestService service) : IClassFixture<TestService>
{
    private static readonly byte[] Probe = FakeImage.Of(new FakeFace(1, Variation: 3));

    [Fact]
    public async Task A_gallery_that_is_not_approved_needs_a_supervisor_and_an_approval_is_good_for_one_search()
    {
        await GalleryAsync("unapproved", approved: false);
        using var agent = service.As("local", Role.Agent);
        using var supervisor = service.As("local", Role.Supervisor);
        Assert.Equal("approval_required", await Post(agent, "unapproved").Code(403));

        var asked = await agent.PostAsJsonAsync(
            "/v1/approvals", new { galleries = new[] { "unapproved" }, purpose = Requests.Purpose, reason = "no other means" }).Json(201);
        var id = asked.GetProperty("id").GetString();
        Assert.Equal("approval_required", await Post(agent, "unapproved", new { approvalId = id }).Code(403));
        await agent.PostAsJsonAsync($"/v1/approvals/{id}/decision", new { granted = true, reason = "myself" }).Code(403);
        await supervisor.PostAsJsonAsync($"/v1/approvals/{id}/decision", new { granted = true, reason = "other means were tried" }).Json();
        await supervisor.PostAsJsonAsync($"/v1/approvals/{id}/decision", new { granted = false, reason = "again" }).Code(409);

        // A probe without a face does not use the approval up.
        await Post(agent, "unapproved", new { approvalId = id }, FakeImage.Failing(MatchEngine.Faces.AcquisitionFailure.NoFace)).Code(422);
        var answer = await Post(agent, "unapproved", new { approvalId = id }).Json();
        Assert.Equal("approval_required", await Post(agent, "unapproved", new { approvalId = id }).Code(403));
        var used = await agent.GetAsync($"/v1/approvals/{id}").Json();
        Assert.Equal(
            ("used", answer.GetProperty("searchId").GetString()),
            (used.GetProperty("state").GetString(), used.GetProperty("searchId").GetString()));
    }

    [Fact]
    public async Task A_refused_request_and_somebody_elses_approval_open_nothing()
    {
        await GalleryAsync("refused", approved: false);
        using var agent = service.As("local", Role.Agent);
        using var other = service.As("local", Role.Agent);
        using var supervisor = service.As("local", Role.Supervisor);
        using var foreign = service.As("elsewhere", Role.Supervisor);
        async Task<string> Ask() =>
            (await agent.PostAsJsonAsync("/v1/approvals", new { galleries = new[] { "refused" }, purpose = Requests.Purpose, reason = "r" })
                .Json(201)).GetProperty("id").GetString()!;
        var refused = await Ask();
        await foreign.PostAsJsonAsync($"/v1/approvals/{refused}/decision", new { granted = true, reason = "not mine" }).Code(404);
        await supervisor.PostAsJsonAsync($"/v1/approvals/{refused}/decision", new { granted = false, reason = "try other means" }).Json();
        await Post(agent, "refused", new { approvalId = refused }).Code(403);
        Assert.Equal([refused], (await agent.GetAsync("/v1/approvals?state=refused").Json()).EnumerateArray()
            .Select(row => row.GetProperty("id").GetString()));
        await agent.GetAsync("/v1/approvals?state=Refused").Code(400);
        var approved = await Ask();
        await supervisor.PostAsJsonAsync($"/v1/approvals/{approved}/decision", new { granted = true, reason = "yes" }).Json();
        await Post(other, "refused", new { approvalId = approved }).Code(403);
    }

    [Fact]
    public async Task Exigent_use_needs_a_supervisors_yes_and_is_flagged_until_another_one_reviewed_it()
    {
        await GalleryAsync("exigent", approved: false);
        var (account, key) = service.KeyOf("local", Role.Agent);
        using var agent = service.Client(key);
        using var supervisor = service.As("local", Role.Supervisor);
        using var reviewer = service.As("local", Role.Supervisor);
        // A reason alone opens nothing.
        await Post(agent, "exigent", new { exigentReason = "a missing child" }).Code(400);
        Assert.Equal("approval_required", await Post(agent, "exigent").Code(403));
        var asked = await AskAsync(agent, "exigent", exigent: true).Json(201);
        var (id, requested) = (asked.GetProperty("id").GetString(), asked.GetProperty("requested").GetDateTimeOffset());
        Assert.Equal(60, (asked.GetProperty("decideBy").GetDateTimeOffset() - requested).TotalMinutes, 0.1);
        Assert.Contains(
            (await supervisor.GetAsync("/v1/notifications?unread=true").Json()).EnumerateArray(),
            told => told.GetProperty("kind").GetString() == "exigent-requested");
        Assert.Equal("approval_required", await Post(agent, "exigent", new { approvalId = id }).Code(403));
        await agent.PostAsJsonAsync($"/v1/approvals/{id}/decision", new { granted = true, reason = "mine" }).Code(403);

        await supervisor.PostAsJsonAsync($"/v1/approvals/{id}/decision", new { granted = true, reason = "confirmed" }).Json();
        var search = (await Post(agent, "exigent", new { approvalId = id }).Json()).GetProperty("searchId").GetString();

        var flagged = (await supervisor.GetAsync($"/v1/reviews?exigent=true&unreviewed=true&account={account}").Json())
            .GetProperty("searches").EnumerateArray().Single(row => row.GetProperty("searchId").GetString() == search);
        Assert.True(flagged.GetProperty("flagged").GetBoolean());
        Assert.Equal("a missing child", flagged.GetProperty("exigentReason").GetString());
        Assert.Equal(
            72, (flagged.GetProperty("reviewDue").GetDateTimeOffset() - flagged.GetProperty("searched").GetDateTimeOffset()).TotalHours);
        await agent.PutAsJsonAsync($"/v1/reviews/{search}", new { finding = "proper" }).Code(403);
        Assert.Equal("forbidden", await supervisor.PutAsJsonAsync($"/v1/reviews/{search}", new { finding = "proper" }).Code(403));
        var reviewed = await reviewer.PutAsJsonAsync(
            $"/v1/reviews/{search}", new { finding = "follow-up", note = "talk to the agent" }).Json();
        Assert.False(reviewed.GetProperty("flagged").GetBoolean());
        Assert.Empty((await supervisor.GetAsync($"/v1/reviews?exigent=true&unreviewed=true&account={account}").Json())
            .GetProperty("searches").EnumerateArray());
    }

    [Fact]
    public async Task A_request_that_cannot_wait_lapses_at_its_deadline_and_a_profile_may_demand_no_review_or_know_no_exigent_use()
    {
        await using var own = new ExigentService("""{ "decisionMinutes": 5, "reviewHours": null }""");
        await own.InitializeAsync();
        using var owner = own.As("local", Role.GalleryOwner);
        await owner.CreateGalleryAsync("hasty", new { approved = false });
        await owner.CreateGalleryAsync("slow", new { approved = false, profile = "smartlink" });
        using var agent = own.As("local", Role.Agent);
        using var supervisor = own.As("local", Role.Supervisor);
        Assert.Equal("not_offered", await AskAsync(agent, "slow", exigent: true).Code(403));
        var (late, timely) = (await IdAsync(), await IdAsync());
        await supervisor.PostAsJsonAsync($"/v1/approvals/{timely}/decision", new { granted = true, reason = "yes" }).Json();
        own.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(
            "conflict",
            await supervisor.PostAsJsonAsync($"/v1/approvals/{late}/decision", new { granted = true, reason = "yes" }).Code(409));
        Assert.Equal("approval_required", await Post(agent, "hasty", new { approvalId = late }).Code(403));
        await Post(agent, "hasty", new { approvalId = timely }).Json();

        var row = Assert.Single((await supervisor.GetAsync("/v1/reviews?exigent=true").Json()).GetProperty("searches").EnumerateArray());
        Assert.Equal((false, JsonValueKind.Null), (row.GetProperty("flagged").GetBoolean(), row.GetProperty("reviewDue").ValueKind));

        async Task<string?> IdAsync() =>
            (await AskAsync(agent, "hasty", exigent: true).Json(201)).GetProperty("id").GetString();
    }

    [Fact]
    public async Task Whoever_opens_a_search_or_a_record_of_another_is_told_on()
    {
        await GalleryAsync("told", approved: true);
        using var admin = service.Admin();
        var (_, key) = service.KeyOf("county", Role.Agent);
        using var agent = service.Client(key);
        using var supervisor = service.As("county", Role.Supervisor);
        using var stranger = service.As("elsewhere", Role.Supervisor);
        await admin.ShareAsync(service, "told", "county", new { fields = new[] { "name" } });
        var search = (await Post(agent, "told").Json()).GetProperty("searchId").GetString();

        await agent.GetAsync($"/v1/searches/{search}").Json();
        Assert.Empty((await agent.GetAsync("/v1/notifications?unread=true").Json()).EnumerateArray());
        await stranger.GetAsync($"/v1/searches/{search}").Code(404);
        var known = await supervisor.GetAsync($"/v1/searches/{search}").Json();
        Assert.Equal("C-1", known.GetProperty("audit").GetProperty("purpose").GetProperty("caseNumber").GetString());
        Assert.Equal(
            "search-opened",
            Assert.Single((await agent.GetAsync("/v1/notifications?unread=true").Json()).EnumerateArray()).GetProperty("kind").GetString());

        var record = await agent.GetAsync($"/v1/searches/{search}/candidates/1").Json();
        Assert.Equal("""{"name":"A name"}""", record.GetProperty("biographics").GetRawText());
        var told = (await admin.GetAsync("/v1/notifications").Json()).EnumerateArray()
            .Single(row => row.GetProperty("kind").GetString() == "record-opened" && row.GetProperty("searchId").GetString() == search);
        Assert.Equal("S", told.GetProperty("subjectId").GetString());
        await admin.PostAsJsonAsync("/v1/notifications/read", new { upTo = told.GetProperty("id").GetInt64() }).Json(204);
        Assert.DoesNotContain(
            (await admin.GetAsync("/v1/notifications?unread=true").Json()).EnumerateArray(),
            row => row.GetProperty("searchId").GetString() == search);
    }

    [Fact]
    public async Task A_second_request_gives_what_the_list_withheld_once_the_owner_grants_it()
    {
        await GalleryAsync("licences", approved: true, profile: "dmv");
        using var owner = service.As("local", Role.GalleryOwner);
        using var agent = service.As("local", Role.Agent);
        var answer = await Post(agent, "licences").Json();
        Assert.Equal("{}", answer.GetProperty("candidates")[0].GetProperty("biographics").GetRawText());
        var asked = await agent.PostAsJsonAsync(
            "/v1/details-requests", new { searchId = answer.GetProperty("searchId").GetString(), rank = 1, reason = "to go on" }).Json(201);
        var id = asked.GetProperty("id").GetString();
        Assert.Equal("null", (await agent.GetAsync($"/v1/details-requests/{id}").Json()).GetProperty("biographics").GetRawText());
        await owner.PostAsJsonAsync($"/v1/details-requests/{id}/decision", new { granted = true, reason = "fine" }).Json();
        Assert.Equal("A name", (await agent.GetAsync($"/v1/details-requests/{id}").Json())
            .GetProperty("biographics").GetProperty("name").GetString());
        Assert.Equal("null", (await owner.GetAsync($"/v1/details-requests/{id}").Json()).GetProperty("biographics").GetRawText());
    }

    [Fact]
    public async Task Terms_stand_before_the_first_search()
    {
        await GalleryAsync("state", approved: true, profile: "state-lea");
        using var agent = service.As("local", Role.Agent);
        Assert.Equal("terms_not_accepted", await Post(agent, "state").Code(403));
        var terms = (await agent.GetAsync("/v1/terms").Json()).EnumerateArray()
            .Single(row => row.GetProperty("profile").GetString() == "state-lea");
        await agent.PostAsJsonAsync("/v1/terms/acceptance", new { profile = "state-lea", version = "another" }).Code(409);
        await agent.PostAsJsonAsync(
            "/v1/terms/acceptance", new { profile = "state-lea", version = terms.GetProperty("version").GetString() }).Json();
        await Post(agent, "state").Json();
    }

    [Fact]
    public async Task A_purpose_is_asked_for()
    {
        await GalleryAsync("purpose", approved: true);
        using var agent = service.As("local", Role.Agent);
        Assert.Equal(
            "purpose_required",
            await agent.PostAsync("/v1/searches", Requests.Form(new { galleries = new[] { "purpose" } }, ("image", Probe, "p"))).Code(400));
    }

    [Fact]
    public async Task The_audit_holds_the_search_and_nothing_personal_and_only_auditors_read_it()
    {
        await GalleryAsync("audited", approved: true);
        using var agent = service.As("local", Role.Agent);
        using var auditor = service.As("local", Role.ServiceAuditor);
        var search = (await Post(agent, "audited").Json()).GetProperty("searchId").GetString();
        await agent.GetAsync("/v1/audit").Code(403);
        var page = await auditor.GetAsync("/v1/audit?kind=search&gallery=audited").Json();
        var payload = Assert.Single(page.GetProperty("events").EnumerateArray()).GetProperty("payload");
        Assert.Equal(search, payload.GetProperty("searchId").GetString());
        Assert.Equal("18 USC 1956", payload.GetProperty("purpose").GetProperty("basis").GetString());
        Assert.Equal("S", payload.GetProperty("candidates")[0].GetProperty("subjectId").GetString());
        Assert.DoesNotContain("A name", (await auditor.GetAsync("/v1/audit?count=1000").Json()).GetRawText());
        Assert.True((await auditor.GetAsync("/v1/audit/verification").Json()).GetProperty("intact").GetBoolean());
        // Whom a search was made with is not for an auditor to look at.
        await auditor.GetAsync($"/v1/searches/{search}/candidates/1").Code(403);
    }

    private async Task GalleryAsync(string name, bool approved, string? profile = null)
    {
        using var admin = service.Admin();
        await admin.CreateGalleryAsync(name, new { approved, profile = profile ?? "default" });
        await admin.EnrolAsync(
            name, "S", FakeImage.Picture(name, new FakeFace(1)), new { metadata = new { name = "A name", birth = "1970" } });
    }

    private static Task<HttpResponseMessage> Post(HttpClient client, string gallery, object? more = null, byte[]? probe = null)
    {
        var request = JsonSerializer.SerializeToNode(more ?? new { })!.AsObject();
        request["galleries"] = new JsonArray(gallery);
        request["purpose"] = JsonSerializer.SerializeToNode(Requests.Purpose);
        return client.PostAsync("/v1/searches", Requests.Form(request, ("image", probe ?? Probe, "probe.jpg")));
    }

    private static Task<HttpResponseMessage> AskAsync(HttpClient agent, string gallery, bool exigent) => agent.PostAsJsonAsync(
        "/v1/approvals",
        new { galleries = new[] { gallery }, purpose = Requests.Purpose, reason = "a missing child", exigent });

    /// <summary>A service of a profile with an own rule of exigent use, and a time that the test moves.</summary>
    private sealed class ExigentService(string rule) : TestService
    {
        public MovableClock Clock { get; } = new();

        internal override ServiceSettings Settings()
        {
            var settings = base.Settings();
            using var json = typeof(Profile).Assembly.GetManifestResourceStream("Profiles.default.json")!;
            var profile = JsonNode.Parse(json)!;
            (profile["name"], profile["rules"]!["exigentUse"]!["value"]) = ("hasty", JsonNode.Parse(rule));
            settings.Profile = Folder.Sub("hasty.json");
            File.WriteAllText(settings.Profile, profile.ToJsonString());
            return settings;
        }

        internal override void Replace(IServiceCollection services)
        {
            base.Replace(services);
            services.AddSingleton<TimeProvider>(Clock);
        }
    }
}
