using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;
using MatchEngine.Service.Tests.Rekognition;

namespace MatchEngine.Service.Tests.Sandbox;

/// <summary>
/// The time of a sandbox, moved from outside: each rule that the clock decides, before its time and after. The service is one for all of
/// them and its time goes forward only, so each makes what it needs.
/// </summary>
public sealed class ClockResourceTests(SwitchedService service) : IClassFixture<SwitchedService>
{
    private const string Password = "Tr4vel by n1ght, please";

    [Fact]
    public async Task The_clock_is_the_machines_and_then_ahead_of_it_by_what_it_was_moved()
    {
        using var admin = service.Admin();
        using var auditor = service.As("local", Role.ServiceAuditor);
        var before = await admin.GetAsync("/v1/sandbox/clock").Json();
        var after = await AdvanceAsync(admin, "P1M");
        Assert.InRange(
            after.GetProperty("now").GetDateTimeOffset(), before.GetProperty("now").GetDateTimeOffset().AddMonths(1),
            before.GetProperty("now").GetDateTimeOffset().AddMonths(1).AddMinutes(10));
        var to = after.GetProperty("now").GetDateTimeOffset().AddHours(5);
        var put = await admin.PutAsJsonAsync("/v1/sandbox/clock", new { now = to }).Json();
        Assert.InRange(put.GetProperty("now").GetDateTimeOffset(), to, to.AddMinutes(10));
        var told = (await auditor.GetAsync("/v1/audit?kind=sandbox.clock-moved&newestFirst=true").Json()).GetProperty("events")[0];
        Assert.Equal(to, told.GetProperty("payload").GetProperty("to").GetDateTimeOffset());
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("PT0.5S")]
    [InlineData("P99999Y")]
    public async Task A_step_that_is_none_is_refused(string advance)
    {
        using var admin = service.Admin();
        Assert.Equal("bad_value", await admin.PostAsJsonAsync("/v1/sandbox/clock", new { advance }).Code(400));
    }

    [Fact]
    public async Task It_does_not_go_back_and_says_why()
    {
        using var admin = service.Admin();
        using var refused = await admin.PutAsJsonAsync("/v1/sandbox/clock", new { now = DateTimeOffset.UtcNow.AddDays(-1) });
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains(
            "/v1/sandbox/reset",
            (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task How_fresh_a_signed_request_is_goes_by_the_clock_that_its_client_has()
    {
        using var admin = service.Admin();
        using var client = await SigningClient.OfAsync(service, admin);
        await AdvanceAsync(admin, "P30D");
        await client.CallAsync("ListCollections", new { });
        var ahead = await client.SendAsync("ListCollections", new { }, sign: headers => headers["x-amz-date"] =
            service.Get<TimeProvider>().GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture));
        Assert.Equal("InvalidSignatureException", ahead.Type);
    }

    [Fact]
    public async Task An_approval_lapses_after_a_day()
    {
        using var admin = service.Admin();
        var (agent, _) = await UnapprovedAsync(admin, "approved-for-a-day");
        using var _ = agent;
        using var supervisor = service.As("searchers", Role.Supervisor);
        var (used, lapsed) = (await AskAsync(agent, "approved-for-a-day"), await AskAsync(agent, "approved-for-a-day"));
        foreach (var id in (string[])[used, lapsed])
            await DecideAsync(supervisor, id).Json();
        await AdvanceAsync(admin, "PT23H");
        await SwitchedService.SearchAsync(agent, new { approvalId = used }, "approved-for-a-day").Json();
        await AdvanceAsync(admin, "PT1H");
        Assert.Equal(
            "approval_required",
            await SwitchedService.SearchAsync(agent, new { approvalId = lapsed }, "approved-for-a-day").Code(403));
    }

    [Fact]
    public async Task What_cannot_wait_is_decided_in_its_hour_and_reviewed_in_its_three_days()
    {
        using var admin = service.Admin();
        var (agent, account) = await UnapprovedAsync(admin, "cannot-wait");
        using var _ = agent;
        using var supervisor = service.As("searchers", Role.Supervisor);
        var (timely, late) = (await AskAsync(agent, "cannot-wait", exigent: true), await AskAsync(agent, "cannot-wait", exigent: true));
        await AdvanceAsync(admin, "PT59M");
        await DecideAsync(supervisor, timely).Json();
        await AdvanceAsync(admin, "PT1M");
        Assert.Equal("conflict", await DecideAsync(supervisor, late).Code(409));
        await SwitchedService.SearchAsync(agent, new { approvalId = timely }, "cannot-wait").Json();
        await AdvanceAsync(admin, "PT73H");
        var due = Assert.Single((await supervisor.GetAsync($"/v1/reviews?exigent=true&unreviewed=true&account={account}").Json())
            .GetProperty("searches").EnumerateArray());
        Assert.True(due.GetProperty("flagged").GetBoolean());
        var now = (await admin.GetAsync("/v1/sandbox/clock").Json()).GetProperty("now").GetDateTimeOffset();
        Assert.InRange(due.GetProperty("reviewDue").GetDateTimeOffset(), now.AddHours(-2), now);
    }

    [Fact]
    public async Task Terms_and_certificates_run_out()
    {
        using var admin = service.Admin();
        await GalleryAsync(admin, "guided", new { profile = "ccd", owner = "searchers", approved = true });
        var (account, key) = service.KeyOf("searchers", Role.Agent);
        using var agent = service.Client(key);
        await service.PrepareAsync(agent);
        await SwitchedService.SearchAsync(agent, gallery: "guided").Json();
        await AdvanceAsync(admin, "P90D");
        Assert.Equal("terms_not_accepted", await SwitchedService.SearchAsync(agent, gallery: "guided").Code(403));
        foreach (var terms in (await agent.GetAsync("/v1/terms").Json()).EnumerateArray())
            await agent.PostAsJsonAsync("/v1/terms/acceptance", new
            {
                profile = terms.GetProperty("profile").GetString(), version = terms.GetProperty("version").GetString(),
            }).Json();
        await SwitchedService.SearchAsync(agent, gallery: "guided").Json();
        Assert.Equal(account, (await agent.GetAsync("/v1/session").Json()).GetProperty("account").GetString());
        await AdvanceAsync(admin, "P10M");
        foreach (var terms in (await agent.GetAsync("/v1/terms").Json()).EnumerateArray())
            await agent.PostAsJsonAsync("/v1/terms/acceptance", new
            {
                profile = terms.GetProperty("profile").GetString(), version = terms.GetProperty("version").GetString(),
            }).Json();
        Assert.Equal("training_required", await SwitchedService.SearchAsync(agent, gallery: "guided").Code(403));
    }

    [Fact]
    public async Task A_vetted_use_and_a_key_end_at_their_day()
    {
        using var admin = service.Admin();
        await GalleryAsync(admin, "vetted", new { owner = "vetting", approved = false });
        using var vetter = service.As("vetting", Role.Vetter);
        var (_, parent) = service.KeyOf("vetting", Role.Agent);
        using var agent = service.Client(parent);
        using var brief = service.Client((await agent.PostAsJsonAsync("/v1/keys", new { name = "brief", expiresInDays = 20 }).Json(201))
            .GetProperty("key").GetString());
        var until = (await admin.GetAsync("/v1/sandbox/clock").Json()).GetProperty("now").GetDateTimeOffset().AddDays(10);
        await vetter.PostAsJsonAsync("/v1/vetting", new { gallery = "vetted", until, reason = "looked at" }).Json(201);
        await SwitchedService.SearchAsync(brief, gallery: "vetted").Json();
        await AdvanceAsync(admin, "P11D");
        Assert.Equal("approval_required", await SwitchedService.SearchAsync(brief, gallery: "vetted").Code(403));
        await AdvanceAsync(admin, "P10D");
        await brief.GetAsync("/v1/session").Code(401);
        await agent.GetAsync("/v1/session").Json();
    }

    [Fact]
    public async Task A_closed_case_reaches_its_twenty_years_and_its_search_goes_with_it()
    {
        using var admin = service.Admin();
        var (agent, _) = service.Searcher();
        using var _ = agent;
        var search = (await SwitchedService.SearchAsync(agent, new { purpose = Case("closed-for-long") }).Json())
            .GetProperty("searchId").GetString();
        var open = (await SwitchedService.SearchAsync(agent, new { purpose = Case("open-for-long") }).Json())
            .GetProperty("searchId").GetString();
        var id = (await agent.GetAsync("/v1/cases?number=closed-for-long").Json()).GetProperty("cases")[0].GetProperty("id").GetString();
        await agent.PutAsync($"/v1/cases/{id}/closure", null).Json();
        await AdvanceAsync(admin, "P19Y");
        await agent.GetAsync($"/v1/searches/{search}").Json();
        await AdvanceAsync(admin, "P1Y1D");
        // No runner of a day comes by in a test: the move itself had it removed.
        await agent.GetAsync($"/v1/searches/{search}").Code(404);
        await agent.GetAsync($"/v1/cases/{id}").Code(404);
        await agent.GetAsync($"/v1/searches/{open}").Json();
    }

    [Fact]
    public async Task The_audit_and_searches_of_no_case_reach_their_seven_years()
    {
        using var admin = service.Admin();
        await GalleryAsync(admin, "purposeless", new { profile = "vendor", owner = "searchers", approved = true });
        var (agent, _) = service.Searcher();
        using var _ = agent;
        using var auditor = service.As("local", Role.ServiceAuditor);
        var search = (await agent.PostAsync("/v1/searches", Requests.Form(
            new { galleries = new[] { "purposeless" } },
            ("image", SwitchedService.Probe, "p"))).Json()).GetProperty("searchId").GetString();
        var asked = (await agent.GetAsync($"/v1/searches/{search}").Json()).GetProperty("auditSequence").GetInt64();
        Assert.Equal(asked, await FirstAsync(asked - 1));
        await AdvanceAsync(admin, "P6Y11M");
        await agent.GetAsync($"/v1/searches/{search}").Json();
        Assert.Equal(asked, await FirstAsync(asked - 1));
        await AdvanceAsync(admin, "P1M1D");
        await agent.GetAsync($"/v1/searches/{search}").Code(404);
        Assert.NotEqual(asked, await FirstAsync(asked - 1));
        Assert.NotEmpty((await auditor.GetAsync("/v1/audit?kind=audit.purged").Json()).GetProperty("events").EnumerateArray());
        Assert.True((await auditor.GetAsync("/v1/audit/verification").Json()).GetProperty("intact").GetBoolean());

        async Task<long> FirstAsync(long after) =>
            (await auditor.GetAsync($"/v1/audit?after={after}&count=1").Json()).GetProperty("events")[0].GetProperty("sequence").GetInt64();
    }

    [Fact]
    public async Task A_gallerys_rule_lets_its_encounters_expire()
    {
        using var admin = service.Admin();
        using var auditor = service.As("local", Role.ServiceAuditor);
        await GalleryAsync(admin, "for-a-month", new { retention = new { days = 30 }, approved = true, owner = "searchers" });
        var (agent, _) = service.Searcher();
        using var _ = agent;
        await AdvanceAsync(admin, "P29D");
        Assert.Single((await SwitchedService.SearchAsync(agent, gallery: "for-a-month").Json()).GetProperty("candidates").EnumerateArray());
        await AdvanceAsync(admin, "P2D");
        Assert.Empty((await SwitchedService.SearchAsync(agent, gallery: "for-a-month").Json()).GetProperty("candidates").EnumerateArray());
        var purged = (await auditor.GetAsync("/v1/audit?kind=retention.purged&gallery=for-a-month").Json()).GetProperty("events");
        Assert.Equal(1, Assert.Single(purged.EnumerateArray()).GetProperty("payload").GetProperty("encounters").GetInt32());
    }

    [Fact]
    public async Task An_examination_that_nobody_finishes_ends_after_its_week_and_its_probe_with_it()
    {
        using var admin = service.Admin();
        var (agent, _) = service.Searcher();
        using var _ = agent;
        await GalleryAsync(admin, "examined", new { profile = "ngi-ips", owner = "searchers", approved = true }, people: 2);
        var examination = (await SwitchedService.SearchAsync(agent, new { examine = true }, "examined").Json())
            .GetProperty("examinationId").GetString();
        await AdvanceAsync(admin, "P6D");
        Assert.Equal("open", await StateAsync());
        await AdvanceAsync(admin, "P1DT1H");
        Assert.Equal("expired", await StateAsync());

        async Task<string?> StateAsync() =>
            (await agent.GetAsync($"/v1/examinations/{examination}").Json()).GetProperty("state").GetString();
    }

    [Fact]
    public async Task An_idle_browser_is_signed_out_and_wrong_passwords_are_forgotten()
    {
        using var admin = service.Admin();
        await admin.PostAsJsonAsync(
            "/v1/accounts", new { name = "Nora", organisation = "local", roles = new[] { Role.Agent }, password = Password }).Json(201);
        using var browser = service.Client(null);
        await SignInAsync(Password).Json();
        await AdvanceAsync(admin, "PT29M");
        await browser.GetAsync("/v1/session").Json();
        await AdvanceAsync(admin, "PT31M");
        await browser.GetAsync("/v1/session").Code(401);
        for (var i = 0; i < SignInRules.MaxFailures; i++)
            (await SignInAsync("wrong wrong wrong")).Dispose();
        Assert.Equal("account_locked", await SignInAsync(Password).Code(429));
        await AdvanceAsync(admin, "PT16M");
        await SignInAsync(Password).Json();

        Task<HttpResponseMessage> SignInAsync(string password) =>
            browser.PostAsJsonAsync("/v1/session", new { name = "Nora", password });
    }

    [Fact]
    public async Task An_answer_that_nobody_fetches_is_gone_after_a_day()
    {
        using var admin = service.Admin();
        var (agent, _) = service.Searcher();
        using var _ = agent;
        using var later = new HttpRequestMessage(HttpMethod.Post, "/v1/searches")
        {
            Content = Requests.Form(
                new { galleries = new[] { SwitchedService.Gallery }, purpose = Requests.Purpose }, ("image", SwitchedService.Probe, "p")),
        };
        later.Headers.Add("Prefer", "respond-async");
        using var accepted = await agent.SendAsync(later);
        var operation = await EndedAsync(agent, accepted.Headers.Location!.ToString());
        var result = operation.GetProperty("result").GetString();
        await AdvanceAsync(admin, "PT23H");
        using (var head = new HttpRequestMessage(HttpMethod.Head, result))
        using (var looked = await agent.SendAsync(head))
            Assert.Equal(HttpStatusCode.OK, looked.StatusCode);
        await AdvanceAsync(admin, "PT1H1M");
        await agent.GetAsync(result).Code(404);
    }

    [Fact]
    public async Task A_persons_request_is_due_so_long_after_the_time_that_it_was_moved_to()
    {
        using var admin = service.Admin();
        await GalleryAsync(admin, "asked-for", new { owner = "searchers", approved = true });
        using var owner = service.As("searchers", Role.GalleryOwner);
        await AdvanceAsync(admin, "P1Y");
        var now = (await admin.GetAsync("/v1/sandbox/clock").Json()).GetProperty("now").GetDateTimeOffset();
        var recorded = await owner.PostAsJsonAsync(
            "/v1/redress-requests", new { gallery = "asked-for", subjectId = "S1", kind = "access", reference = "r" }).Json(201);
        Assert.InRange(recorded.GetProperty("recorded").GetDateTimeOffset(), now, now.AddMinutes(5));
        Assert.InRange(recorded.GetProperty("due").GetDateTimeOffset(), now.AddDays(1), now.AddYears(1));
    }

    [Fact]
    public async Task A_child_comes_of_age_and_a_day_of_capture_comes()
    {
        using var admin = service.Admin();
        using var owner = service.As("searchers", Role.GalleryOwner);
        await admin.CreateGalleryAsync("of-age", new { profile = "obim", owner = "searchers", approved = true });
        var now = (await admin.GetAsync("/v1/sandbox/clock").Json()).GetProperty("now").GetDateTimeOffset();
        var child = new { metadata = new { birth = $"{now.AddYears(-13):yyyy-MM-dd}" } };
        var later = new { metadata = new { captured_on = $"{now.AddMonths(6):yyyy-MM-dd}" } };
        var photo = FakeImage.Picture("of-age", new FakeFace(1));
        Assert.Equal("under_age", await CodeAsync("child", child));
        Assert.Equal("bad_value", await CodeAsync("later", later));
        await AdvanceAsync(admin, "P1Y1D");
        await owner.EnrolAsync("of-age", "child", photo, child);
        await owner.EnrolAsync("of-age", "later", FakeImage.Picture("later", new FakeFace(2)), later);

        Task<string> CodeAsync(string subject, object request) => owner.PostAsync(
            $"/v1/galleries/of-age/subjects/{subject}/encounters", Requests.Form(request, ("image", photo, "p"))).AnyCode();
    }

    private static Task<JsonElement> AdvanceAsync(HttpClient admin, string advance) =>
        admin.PostAsJsonAsync("/v1/sandbox/clock", new { advance }).Json();

    private static object Case(string number) => new { caseNumber = number, basis = "18 USC 1956", requester = "Agent Smith" };

    private async Task GalleryAsync(HttpClient admin, string name, object properties, int people = 1)
    {
        var owner = JsonSerializer.SerializeToElement(properties).GetProperty("owner").GetString()!;
        using var keeper = service.As(owner, Role.GalleryOwner);
        await admin.CreateGalleryAsync(name, properties);
        for (var i = 1; i <= people; i++)
            await keeper.EnrolAsync(name, $"S{i}", FakeImage.Picture(name, new FakeFace(i)));
    }

    /// <summary>A gallery for whose searches a supervisor is asked, and an agent.</summary>
    private async Task<(HttpClient Agent, string Account)> UnapprovedAsync(HttpClient admin, string gallery)
    {
        await GalleryAsync(admin, gallery, new { owner = "searchers", approved = false });
        var (account, key) = service.KeyOf("searchers", Role.Agent);
        return (service.Client(key), account);
    }

    private static async Task<JsonElement> EndedAsync(HttpClient client, string operation)
    {
        while (true)
        {
            var told = await client.GetAsync(operation).Json();
            if (told.GetProperty("state").GetString() is not ("queued" or "running"))
                return told;
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<string> AskAsync(HttpClient agent, string gallery, bool exigent = false) =>
        (await agent.PostAsJsonAsync("/v1/approvals", new
        {
            galleries = new[] { gallery }, purpose = Requests.Purpose, reason = "no other means", exigent,
        }).Json(201)).GetProperty("id").GetString()!;

    private static Task<HttpResponseMessage> DecideAsync(HttpClient supervisor, string approval) =>
        supervisor.PostAsJsonAsync($"/v1/approvals/{approval}/decision", new { granted = true, reason = "yes" });
}
