using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Pages;

public class SupervisionPagesTests(TestService service) : IClassFixture<TestService>
{
    private static readonly (string, string)[] Purpose = [("caseNumber", "C-7"), ("basis", "18 USC 1956"), ("requester", "Smith")];

    [Fact]
    public async Task A_search_that_needs_approval_is_asked_for_approved_and_made_once_and_looked_at_by_all_who_should()
    {
        using var agent = await PageClient.SignedInAsync(service, "sup", Role.Agent, Role.GalleryOwner);
        using var supervisor = await PageClient.SignedInAsync(service, "sup", Role.Supervisor);
        using var auditor = await PageClient.SignedInAsync(service, "sup", Role.Auditor);
        (await agent.SendAsync("/galleries", ("name", "closed"), ("unapproved", "on"))).Dispose();
        (await agent.SendAsync("/galleries/closed/enrol", true, [
            ("image", FakeImage.Picture("", new FakeFace(1)), "one.ppm"),
            ("image", FakeImage.Picture("", new FakeFace(2)), "two.ppm")])).Dispose();

        using (var refused = await SearchAsync(agent, [("gallery", "closed"), .. Purpose]))
            Assert.Contains("data-problem=\"approval_required\"", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using (var asked = await agent.SendAsync(
            "/approvals", [("gallery", "closed"), .. Purpose, ("reason", "no other means <b>left</b>")]))
            Assert.Equal(HttpStatusCode.Redirect, asked.StatusCode);
        var pending = await supervisor.TextAsync("/approvals");
        // What somebody wrote is text, never markup.
        Assert.Contains("no other means &lt;b&gt;left&lt;/b&gt;", pending, StringComparison.Ordinal);
        var approval = Regex.Match(pending, "action=\"/approvals/([0-9a-f]+)\"").Groups[1].Value;
        Assert.DoesNotContain($"action=\"/approvals/{approval}\"", await agent.TextAsync("/approvals"), StringComparison.Ordinal);
        using (var decided = await supervisor.SendAsync($"/approvals/{approval}", ("decision", "grant"), ("reason", "justified")))
            Assert.Equal("/approvals?done=approval-decided", decided.Headers.Location!.OriginalString);

        Assert.Contains("decided on your request", await agent.TextAsync("/notifications"), StringComparison.Ordinal);
        var form = await agent.TextAsync($"/search?approval={approval}");
        Assert.Contains("value=\"C-7\"", form, StringComparison.Ordinal);
        string search;
        using (var made = await SearchAsync(agent, [("gallery", "closed"), .. Purpose, ("approvalId", approval)]))
            search = Regex.Match(await made.Content.ReadAsStringAsync(), "href=\"/searches/([0-9a-f-]+)\"").Groups[1].Value;
        Assert.NotEmpty(search);
        using (var again = await SearchAsync(agent, [("gallery", "closed"), .. Purpose, ("approvalId", approval)]))
            Assert.Equal(HttpStatusCode.Forbidden, again.StatusCode);

        var card = WebUtility.HtmlDecode(await supervisor.TextAsync("/oversight"));
        // What for, where, whom it gave, and what a finding leads to, without opening the search: whose it is, is told of that alone.
        foreach (var part in new[]
        {
            search, "C-7 · 18 USC 1956 · Smith", "closed, 2 templates", $"/v1/searches/{search}/candidates/1/crop",
            "its candidates are open",
        })
            Assert.Contains(part, card, StringComparison.Ordinal);
        Assert.DoesNotContain("opened a search of yours", await agent.TextAsync("/notifications"), StringComparison.Ordinal);
        Assert.Contains(search, await supervisor.TextAsync("/oversight?case=C-7"), StringComparison.Ordinal);
        Assert.DoesNotContain(search, await supervisor.TextAsync("/oversight?case=C-8"), StringComparison.Ordinal);
        Assert.DoesNotContain(search, await supervisor.TextAsync("/oversight?account=nobody"), StringComparison.Ordinal);
        using (var finding = await supervisor.SendAsync($"/oversight/{search}", ("finding", "follow-up"), ("note", "ask why")))
            Assert.Equal(HttpStatusCode.Redirect, finding.StatusCode);
        Assert.Contains("ask why", await supervisor.TextAsync("/oversight"), StringComparison.Ordinal);
        Assert.Contains("Rank 1", await supervisor.TextAsync($"/bench?search={search}"), StringComparison.Ordinal);
        Assert.Contains("opened a search of yours", await agent.TextAsync("/notifications"), StringComparison.Ordinal);
        Assert.Contains("Record of rank 1", await supervisor.TextAsync($"/searches/{search}/candidates/1"), StringComparison.Ordinal);

        // The auditor sees the search and not whom it named.
        var seen = await auditor.TextAsync($"/searches/{search}");
        Assert.Contains("C-7", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("candidates/1", seen, StringComparison.Ordinal);
        Assert.Contains(search, await auditor.TextAsync("/audit?kind=search"), StringComparison.Ordinal);
        Assert.Contains("No such events", await auditor.TextAsync("/audit?kind=nothing"), StringComparison.Ordinal);
        var audit = WebUtility.HtmlDecode(await auditor.TextAsync("/audit?case=C-7"));
        Assert.Contains("searched closed for case C-7 (18 USC 1956): ", audit, StringComparison.Ordinal);
        Assert.DoesNotContain("signed in", audit, StringComparison.Ordinal);
        Assert.Contains("<option value=\"search.reviewed\"", audit, StringComparison.Ordinal);
        Assert.Matches("event [0-9,]+, <code>[0-9a-f]{64}</code>", audit);
        var table = await auditor.TextAsync("/audit/export?case=C-7&format=csv");
        Assert.StartsWith("sequence,time,kind,what,account,name,organisation,payload,expires,hash\r\n", table, StringComparison.Ordinal);
        Assert.Contains(",search,searched closed for case C-7", table, StringComparison.Ordinal);
        Assert.Contains("took events of the audit away", await auditor.TextAsync("/audit?kind=audit.exported"), StringComparison.Ordinal);
        using var check = await auditor.SendAsync("/audit");
        Assert.Contains("The chain is whole", await check.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var foreign = await auditor.SendAsync("/audit", ("head", new string('0', 63) + "1"));
        Assert.Contains("The chain is broken", await foreign.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_that_cannot_wait_is_asked_for_flagged_said_yes_to_and_reviewed_by_another_on_the_pages()
    {
        using var agent = await PageClient.SignedInAsync(service, "haste", Role.Agent, Role.GalleryOwner);
        using var first = await PageClient.SignedInAsync(service, "haste", Role.Supervisor);
        using var second = await PageClient.SignedInAsync(service, "haste", Role.Supervisor);
        (await agent.SendAsync("/galleries", ("name", "urgent"), ("unapproved", "on"))).Dispose();
        (await agent.SendAsync("/galleries/urgent/enrol", true, [
            ("image", FakeImage.Picture("u1", new FakeFace(1)), "one.ppm"), ("image", FakeImage.Picture("u2", new FakeFace(2)), "two.ppm"),
        ])).Dispose();
        Assert.Contains("name=\"exigent\"", await agent.TextAsync("/approvals/new"), StringComparison.Ordinal);
        using (var asked = await agent.SendAsync(
            "/approvals", [("gallery", "urgent"), .. Purpose, ("reason", "a missing child"), ("exigent", "on")]))
            Assert.Equal("/approvals?done=approval-requested", asked.Headers.Location!.OriginalString);

        // The supervisors are told at once, and the yes comes before the search all the same.
        Assert.Contains("cannot wait", await first.TextAsync("/notifications"), StringComparison.Ordinal);
        var pending = await first.TextAsync("/approvals");
        Assert.Contains("⚑ Cannot wait", pending, StringComparison.Ordinal);
        Assert.Contains("To be decided by", pending, StringComparison.Ordinal);
        var approval = Regex.Match(pending, "action=\"/approvals/([0-9a-f]+)\"").Groups[1].Value;
        (string, string)[] fields = [("gallery", "urgent"), .. Purpose, ("approvalId", approval)];
        using (var early = await SearchAsync(agent, fields))
            Assert.Contains("data-problem=\"approval_required\"", await early.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        (await first.SendAsync($"/approvals/{approval}", ("decision", "grant"), ("reason", "confirmed"))).Dispose();
        string search;
        using (var made = await SearchAsync(agent, fields))
            search = Regex.Match(await made.Content.ReadAsStringAsync(), "href=\"/searches/([0-9a-f-]+)\"").Groups[1].Value;
        Assert.NotEmpty(search);

        Assert.Contains("a missing child", await second.TextAsync($"/searches/{search}"), StringComparison.Ordinal);
        Assert.Contains(search, await second.TextAsync("/oversight"), StringComparison.Ordinal);
        using (var own = await first.SendAsync($"/oversight/{search}", ("finding", "proper")))
            Assert.Equal(HttpStatusCode.Forbidden, own.StatusCode);
        using (var reviewed = await second.SendAsync($"/oversight/{search}", ("finding", "proper")))
            Assert.Equal(HttpStatusCode.Redirect, reviewed.StatusCode);
    }

    [Fact]
    public async Task A_gallery_is_shared_restricted_changed_and_deleted_by_its_owner_alone()
    {
        using var owner = await PageClient.SignedInAsync(service, "owner", Role.GalleryOwner);
        using var reader = await PageClient.SignedInAsync(service, "reader", Role.Agent, Role.GalleryOwner);
        (await owner.SendAsync("/galleries", ("name", "shared"), ("retentionDays", "30"))).Dispose();
        Assert.Contains("30 days from enrolment", await owner.TextAsync("/galleries/shared"), StringComparison.Ordinal);
        Assert.DoesNotContain("shared", await reader.TextAsync("/galleries"), StringComparison.Ordinal);
        using (var hidden = await reader.GetAsync("/galleries/shared"))
            Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        (await owner.SendAsync("/galleries/shared/permissions", ("organisation", "reader"), ("maySearch", "on"), ("fields", "name, year")))
            .Dispose();
        Assert.Contains("name, year", await owner.TextAsync("/galleries/shared"), StringComparison.Ordinal);
        using (var offered = await reader.GetAsync("/galleries/shared"))
            Assert.Equal(HttpStatusCode.NotFound, offered.StatusCode);
        Assert.Contains("/galleries/shared/sharing", await reader.TextAsync("/galleries"), StringComparison.Ordinal);
        Assert.Contains("offers to share a gallery", await reader.TextAsync("/notifications"), StringComparison.Ordinal);
        using (var unsaid = await reader.SendAsync("/galleries/shared/sharing", ("answer", "perhaps")))
            Assert.Equal(HttpStatusCode.BadRequest, unsaid.StatusCode);
        using (var accepted = await reader.SendAsync("/galleries/shared/sharing", ("answer", "accept")))
            Assert.Equal("/galleries?done=sharing-accepted", accepted.Headers.Location!.OriginalString);
        var page = await reader.TextAsync("/galleries/shared");
        Assert.DoesNotContain("name, year", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Delete the gallery", page, StringComparison.Ordinal);
        using (var enrol = await reader.GetAsync("/galleries/shared/enrol"))
            Assert.Equal(HttpStatusCode.NotFound, enrol.StatusCode);
        (await reader.SendAsync("/galleries/shared/sharing", ("answer", "decline"))).Dispose();
        Assert.Contains("declined", await owner.TextAsync("/galleries/shared"), StringComparison.Ordinal);
        using (var withdrawn = await reader.GetAsync("/galleries/shared"))
            Assert.Equal(HttpStatusCode.NotFound, withdrawn.StatusCode);
        (await owner.SendAsync("/galleries/shared/permissions/revocation", ("organisation", "reader"))).Dispose();
        Assert.DoesNotContain("shared", await reader.TextAsync("/galleries"), StringComparison.Ordinal);
        using (var careless = await owner.SendAsync("/galleries/shared/deletion", ("name", "other")))
            Assert.Equal(HttpStatusCode.BadRequest, careless.StatusCode);
        using (var deleted = await owner.SendAsync("/galleries/shared/deletion", ("name", "shared")))
            Assert.Equal("/galleries?done=gallery-deleted", deleted.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task A_report_is_shown_in_a_frame_that_is_cut_off_and_nothing_beside_the_folder_is_served()
    {
        using var client = await PageClient.SignedInAsync(service, "reports", Role.Agent);
        var folder = Path.Combine(service.Data, "reports", "lfw-a");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "report.html"), "<!DOCTYPE html><title>r</title>a report");
        Assert.Contains("/reports/lfw-a", await client.TextAsync("/reports"), StringComparison.Ordinal);
        Assert.Contains("not said in a form", await client.TextAsync("/reports"), StringComparison.Ordinal);
        Assert.Contains("sandbox=\"allow-same-origin\"", await client.TextAsync("/reports/lfw-a"), StringComparison.Ordinal);
        using var page = await client.GetAsync("/reports/lfw-a/page");
        Assert.Equal("<!DOCTYPE html><title>r</title>a report", await page.Content.ReadAsStringAsync());
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("sandbox allow-same-origin; default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("allow-scripts", policy, StringComparison.Ordinal);
        foreach (var path in new[] { "/reports/..", "/reports/%2e%2e/page", "/reports/..%2f..%2fservice.db/page", "/reports/none/page" })
        {
            using var absent = await client.GetAsync(path);
            Assert.NotEqual(HttpStatusCode.OK, absent.StatusCode);
        }
    }

    [Fact]
    public async Task Reports_say_in_the_list_what_was_tested_and_two_of_them_are_compared()
    {
        using var client = await PageClient.SignedInAsync(service, "measured", Role.Agent);
        foreach (var (name, system, fnmr, low, high) in new[] { ("one", "A", 0.01, 0.008, 0.012), ("two", "B", 0.02, 0.017, 0.023) })
        {
            var folder = Path.Combine(service.Data, "reports", name);
            Directory.CreateDirectory(folder);
            await File.WriteAllTextAsync(Path.Combine(folder, "report.html"), "a report");
            await File.WriteAllTextAsync(Path.Combine(folder, "report.json"), JsonSerializer.Serialize(new
            {
                kind = "verification",
                provenance = new { system, dataSet = new { name = "faces" }, protocol = new { name = "all-pairs" } },
                counts = new { images = 400, subjects = 200, mated = 300, impostors = 79500 },
                operatingPoints = new[]
                {
                    new
                    {
                        supported = true, fmr = 1e-3, threshold = 0.4, fnmr, fnmrLow = low, fnmrHigh = high,
                        fnmrText = $"of 300; {low}…{high}",
                    },
                },
            }));
        }
        var list = WebUtility.HtmlDecode(await client.TextAsync("/reports"));
        Assert.Contains("A on faces: 300 mated and 79,500 impostor comparisons of 200 subjects.", list, StringComparison.Ordinal);
        Assert.Contains("400 photos · 200 subjects", list, StringComparison.Ordinal);
        Assert.Contains("FNMR at FMR", list, StringComparison.Ordinal);
        var compared = await client.TextAsync("/reports?compare=one&compare=two");
        Assert.Contains("the intervals lie apart", compared, StringComparison.Ordinal);
        Assert.DoesNotContain("do not compare two systems", compared, StringComparison.Ordinal);
        using var odd = await client.GetAsync("/reports?compare=one");
        Assert.Equal(HttpStatusCode.BadRequest, odd.StatusCode);
        using var absent = await client.GetAsync("/reports?compare=one&compare=none");
        Assert.Equal(HttpStatusCode.NotFound, absent.StatusCode);
    }

    [Fact]
    public async Task A_supervisor_sees_what_soon_ends_in_the_own_organisation_and_no_other()
    {
        using var supervisor = await PageClient.SignedInAsync(service, "ending", Role.Supervisor);
        using var member = await PageClient.SignedInAsync(service, "ending", Role.Agent);
        using var stranger = await PageClient.SignedInAsync(service, "elsewhere-ending", Role.Agent);
        foreach (var (client, name, days) in new[] { (member, "soon", "5"), (member, "later", "60"), (stranger, "foreign", "5") })
            (await client.SendAsync("/keys", ("name", name), ("expiresInDays", days))).Dispose();
        var page = await supervisor.TextAsync("/oversight/expiring");
        Assert.Contains("<td>soon</td>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<td>later</td>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("foreign", page, StringComparison.Ordinal);
        Assert.Contains("<td>later</td>", await supervisor.TextAsync("/oversight/expiring?days=90"), StringComparison.Ordinal);
        using var program = service.As("ending", Role.Supervisor);
        Assert.Contains(
            (await program.GetAsync("/v1/expiring?days=90").Json()).EnumerateArray(),
            one => one.GetProperty("what").GetString() == "later" && one.GetProperty("kind").GetString() == "key");
        await program.GetAsync("/v1/expiring?days=0").Code(400);
    }

    private static Task<HttpResponseMessage> SearchAsync(PageClient client, (string, string)[] fields) =>
        client.SendAsync("/search", true, [("image", FakeImage.Of(new FakeFace(2, Variation: 1)), "p.jpg")], fields);
}
