using System.Net.Http.Json;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Rest;

/// <summary>An organisation's list of approved services and galleries, as its vetting unit keeps it.</summary>
public sealed class VettingTests : IAsyncLifetime
{
    private static readonly byte[] Probe = FakeImage.Of(new FakeFace(1, Variation: 3));

    private readonly MovableClock _clock = new();
    private readonly ClockedService _service;

    public VettingTests() => _service = new ClockedService(_clock);

    public ValueTask InitializeAsync() => _service.InitializeAsync();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task What_is_not_on_an_organisations_list_needs_its_supervisor_and_what_is_needs_none()
    {
        await MakeAsync("open", approved: true, "using", "free");
        await MakeAsync("closed", approved: false, "using", "free");
        using var vetter = _service.As("using", Role.Vetter);
        using var agent = _service.As("using", Role.Agent);
        using var supervisor = _service.As("using", Role.Supervisor);
        using var elsewhere = _service.As("free", Role.Agent);

        // Without a list what the service approves counts.
        await SearchAsync(agent, "open").Json();
        Assert.Equal("approval_required", await SearchAsync(agent, "closed").Code(403));
        await CompareAsync(agent).Json();

        await ApproveAsync(vetter, new { gallery = "closed", reason = "its tests were looked at" }).Json(201);

        await SearchAsync(agent, "closed").Json();
        Assert.False((await agent.GetAsync("/v1/galleries/closed").Json()).GetProperty("needsApproval").GetBoolean());
        Assert.True((await agent.GetAsync("/v1/galleries/open").Json()).GetProperty("needsApproval").GetBoolean());
        Assert.False((await elsewhere.GetAsync("/v1/galleries/open").Json()).GetProperty("needsApproval").GetBoolean());
        Assert.Equal("approval_required", await SearchAsync(agent, "open").Code(403));
        Assert.Equal("approval_required", await CompareAsync(agent).Code(403));
        Assert.Equal("approval_required", await CompareAsync(agent, "open").Code(403));
        await CompareAsync(agent, "closed").Json();
        var all = await SearchAsync(agent, null).Json();
        Assert.Equal(["closed"], all.GetProperty("galleries").EnumerateArray().Select(name => name.GetString()));
        Assert.Contains(
            all.GetProperty("notices").EnumerateArray(),
            notice => notice.GetString()!.StartsWith("gallery 'open': ", StringComparison.Ordinal));
        // The list is this organisation's, and no other's.
        await SearchAsync(elsewhere, "open").Json();
        Assert.Equal("approval_required", await SearchAsync(elsewhere, "closed").Code(403));

        // What cannot wait passes by the list, and not by the supervisor.
        var id = (await agent.PostAsJsonAsync("/v1/approvals", new
        {
            galleries = new[] { "open" }, purpose = Requests.Purpose, reason = "a missing child", exigent = true,
        }).Json(201)).GetProperty("id").GetString();
        Assert.Equal("approval_required", await SearchAsync(agent, "open", approval: id).Code(403));
        await supervisor.PostAsJsonAsync($"/v1/approvals/{id}/decision", new { granted = true, reason = "confirmed" }).Json();
        await SearchAsync(agent, "open", approval: id).Json();

        // The service itself: comparisons of two photos.
        await ApproveAsync(vetter, new { gallery = (string?)null, reason = "the comparison was looked at" }).Json(201);
        await CompareAsync(agent).Json();
    }

    [Fact]
    public async Task An_approval_is_for_its_case_until_its_time_and_ends_when_it_is_withdrawn()
    {
        await MakeAsync("cases", approved: true, "casework");
        using var vetter = _service.As("casework", Role.Vetter);
        using var agent = _service.As("casework", Role.Agent);
        var until = _clock.GetUtcNow().AddDays(10);
        var ofCase = await ApproveAsync(vetter, new { gallery = "cases", caseNumber = " C-1 ", until, reason = "for this case" }).Json(201);
        Assert.Equal("C-1", ofCase.GetProperty("caseNumber").GetString());

        await SearchAsync(agent, "cases", "C-1").Json();
        Assert.Equal("approval_required", await SearchAsync(agent, "cases", "C-2").Code(403));
        _clock.Advance(TimeSpan.FromDays(10));
        Assert.Equal("approval_required", await SearchAsync(agent, "cases", "C-1").Code(403));
        Assert.Equal("bad_value", await ApproveAsync(vetter, new { gallery = "cases", until, reason = "too late" }).Code(400));

        var every = (await ApproveAsync(vetter, new { gallery = "cases", reason = "for all" }).Json(201)).GetProperty("id").GetString();
        await SearchAsync(agent, "cases", "C-2").Json();
        using var stranger = _service.As("elsewhere", Role.Vetter);
        await stranger.DeleteAsync($"/v1/vetting/{every}").Code(404);
        Assert.Empty((await stranger.GetAsync("/v1/vetting").Json()).EnumerateArray());
        await vetter.DeleteAsync($"/v1/vetting/{every}").Json();
        Assert.Equal("approval_required", await SearchAsync(agent, "cases", "C-2").Code(403));
        await vetter.DeleteAsync($"/v1/vetting/{every}").Code(404);

        // Who approved and withdrew what stays, on the list and in the audit.
        using var auditor = _service.As("casework", Role.Auditor);
        var list = (await auditor.GetAsync("/v1/vetting").Json()).EnumerateArray().ToDictionary(row => row.GetProperty("id").GetString()!);
        Assert.Equal(2, list.Count);
        Assert.All(list.Values, row => Assert.False(row.GetProperty("good").GetBoolean()));
        Assert.Equal(
            list[every!].GetProperty("approvedBy").GetString(), list[every!].GetProperty("withdrawnBy").GetString());
        foreach (var kind in (string[])["vetting.approved", "vetting.withdrawn"])
            Assert.Contains(every!, (await auditor.GetAsync($"/v1/audit?kind={kind}").Json()).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_later_gallery_of_the_name_is_another_one_and_nobody_approves_what_the_organisation_may_not_search()
    {
        await MakeAsync("again", approved: true, "careful");
        await MakeAsync("hidden", approved: true);
        using var vetter = _service.As("careful", Role.Vetter);
        using var agent = _service.As("careful", Role.Agent);
        await ApproveAsync(vetter, new { gallery = "again", reason = "looked at" }).Json(201);
        await ApproveAsync(vetter, new { gallery = "hidden", reason = "unseen" }).Code(404);
        await ApproveAsync(vetter, new { gallery = "again" }).Code(400);
        await SearchAsync(agent, "again").Json();
        using (var owner = _service.As("local", Role.GalleryOwner))
            await owner.DeleteAsync("/v1/galleries/again").Json(204);
        await MakeAsync("again", approved: true, "careful");
        Assert.Equal("approval_required", await SearchAsync(agent, "again").Code(403));
        Assert.Equal("forbidden", await ApproveAsync(agent, new { gallery = "again", reason = "mine" }).Code(403));
    }

    [Fact]
    public async Task The_pages_keep_and_show_the_same_list()
    {
        await MakeAsync("shown", approved: true, "paper");
        using var vetter = await PageClient.SignedInAsync(_service, "paper", Role.Vetter);
        using var agent = await PageClient.SignedInAsync(_service, "paper", Role.Agent);
        Assert.Contains("keeps no list", await agent.TextAsync("/vetting"), StringComparison.Ordinal);
        Assert.DoesNotContain("needs approval", await agent.TextAsync("/search"), StringComparison.Ordinal);
        using (var listed = await vetter.SendAsync(
            "/vetting", ("gallery", "shown"), ("caseNumber", "C-9"), ("until", "2030-01-31"), ("reason", "its <b>tests</b>")))
            Assert.Equal("/vetting?done=vetting-approved", listed.Headers.Location!.OriginalString);
        var page = await vetter.TextAsync("/vetting");
        Assert.Contains("its &lt;b&gt;tests&lt;/b&gt;", page, StringComparison.Ordinal);
        Assert.Contains("case C-9", page, StringComparison.Ordinal);
        Assert.Contains("2030-02-01", page, StringComparison.Ordinal);
        Assert.DoesNotContain("method=\"post\" action=\"/vetting", await agent.TextAsync("/vetting"), StringComparison.Ordinal);
        // For any other case the search needs a supervisor.
        Assert.Contains("needs approval", await agent.TextAsync("/search"), StringComparison.Ordinal);
        var use = System.Text.RegularExpressions.Regex.Match(page, "/vetting/([0-9a-f]+)/withdrawal").Groups[1].Value;
        using (var withdrawn = await vetter.SendAsync($"/vetting/{use}/withdrawal"))
            Assert.Equal("/vetting?done=vetting-withdrawn", withdrawn.Headers.Location!.OriginalString);
        Assert.Contains("Withdrawn", await agent.TextAsync("/vetting"), StringComparison.Ordinal);
    }

    private async Task MakeAsync(string name, bool approved, params string[] searchers)
    {
        using var owner = _service.As("local", Role.GalleryOwner, Role.ServiceAdministrator);
        await owner.CreateGalleryAsync(name, new { approved });
        await owner.EnrolAsync(name, "S", FakeImage.Picture(name, new FakeFace(1)));
        foreach (var searcher in searchers)
            await owner.ShareAsync(_service, name, searcher);
    }

    private static Task<HttpResponseMessage> ApproveAsync(HttpClient client, object request) =>
        client.PostAsJsonAsync("/v1/vetting", request);

    private static Task<HttpResponseMessage> SearchAsync(
        HttpClient client, string? gallery, string caseNumber = "C-1", string? approval = null) => client.PostAsync(
        "/v1/searches", Requests.Form(
            new
            {
                galleries = gallery is null ? null : new[] { gallery },
                purpose = approval is null ? (object)new { caseNumber, basis = "18 USC 1956" } : Requests.Purpose,
                approvalId = approval,
            },
            ("image", Probe, "probe.jpg")));

    private static Task<HttpResponseMessage> CompareAsync(HttpClient client, string? gallery = null) => gallery is null
        ? client.PostAsync("/v1/comparisons", Requests.Form(
            new { purpose = Requests.Purpose }, ("first", Probe, "a"), ("second", Probe, "b")))
        : client.PostAsync($"/v1/galleries/{gallery}/subjects/S/comparisons", Requests.Form(
            new { purpose = Requests.Purpose }, ("first", Probe, "a")));
}
