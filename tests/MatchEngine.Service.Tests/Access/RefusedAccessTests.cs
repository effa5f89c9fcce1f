using System.Net.Http.Json;
using System.Text.Json;
using MatchEngine.Faces;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Access;

/// <summary>What is refused leaves an event, and so does a look at the audit.</summary>
public sealed class RefusedAccessTests(TestService service) : IClassFixture<TestService>
{
    private static readonly byte[] Probe = FakeImage.Picture("refused-marker-88d1", new FakeFace(1, Variation: 3));

    [Fact]
    public async Task Refused_searches_and_comparisons_are_events_that_say_who_what_and_why()
    {
        using var owner = service.As("local", Role.GalleryOwner);
        await owner.CreateGalleryAsync("closed", new { approved = false });
        await owner.EnrolAsync("closed", "A", FakeImage.Picture("A", new FakeFace(1)));
        var (account, key) = service.KeyOf("refused", Role.Agent);
        var (own, ownKey) = service.KeyOf("local", Role.Agent);
        using var foreign = service.Client(key);
        using var agent = service.Client(ownKey);
        using var auditor = service.As("local", Role.ServiceAuditor);

        await Search(foreign, new { galleries = new[] { "closed" }, purpose = Requests.Purpose }).Code(404);
        await Search(agent, new { galleries = new[] { "closed" }, purpose = Requests.Purpose }).Code(403);
        await Search(agent, new { galleries = new[] { "closed" } }).Code(400);
        await Search(agent, new { galleries = new[] { "no/gallery <b>" }, purpose = Requests.Purpose }).Code(404);
        await Search(
            agent, new { galleries = new[] { "closed" }, purpose = Requests.Purpose, approvalId = "none" },
            FakeImage.Failing(AcquisitionFailure.NoFace)).Code(403);
        await agent.PostAsync("/v1/comparisons", Requests.Form(new { }, ("first", Probe, "a"), ("second", Probe, "b"))).Code(400);
        await agent.PostAsync(
            "/v1/galleries/closed/subjects/A/comparisons",
            Requests.Form(new { purpose = Requests.Purpose }, ("first", Probe, "p"))).Code(403);
        await agent.PostAsync(
            "/v1/galleries/closed/subjects/nobody/comparisons",
            Requests.Form(new { purpose = Requests.Purpose }, ("first", Probe, "p"))).Code(404);

        var events = (await auditor.GetAsync("/v1/audit?count=1000").Json()).GetProperty("events").EnumerateArray()
            .Where(row => row.GetProperty("actor").GetString() is { } actor && (actor == account || actor == own)).ToList();
        Assert.Equal(
            [
                "search.refused not_found", "search.refused approval_required", "search.refused purpose_required",
                "search.refused not_found", "search.refused approval_required", "comparison.refused purpose_required",
                "comparison.refused approval_required", "comparison.refused not_found",
            ],
            events.Select(row =>
                $"{row.GetProperty("kind").GetString()} {Code(row)}"));
        var payload = events[1].GetProperty("payload");
        Assert.Equal(
            ("closed", "C-1"), (payload.GetProperty("galleries")[0].GetString(),
                payload.GetProperty("purpose").GetProperty("caseNumber").GetString()));
        Assert.Equal("A", events[6].GetProperty("payload").GetProperty("subject").GetString());
        // What is no name stands nowhere, and no photo does.
        Assert.Empty(events[3].GetProperty("payload").GetProperty("galleries").EnumerateArray());
        Assert.DoesNotContain("<b>", string.Concat(events.Select(row => row.GetRawText())), StringComparison.Ordinal);

        static string Code(JsonElement row) => row.GetProperty("payload").GetProperty("code").GetString() is { } code
            && code == "gallery_not_found" ? "not_found" : row.GetProperty("payload").GetProperty("code").GetString()!;
    }

    [Fact]
    public async Task A_look_at_the_audit_is_an_event_once_and_a_refused_one_too()
    {
        var (account, key) = service.KeyOf("looked", Role.Auditor);
        using var auditor = service.Client(key);
        using var all = service.As("local", Role.ServiceAuditor);
        for (long after = 0, pages = 0; pages < 3; pages++)
            await auditor.GetAsync($"/v1/audit?kind=search&count=1&after={after}").Json();
        await auditor.GetAsync("/v1/audit?gallery=closed&actor=John%20Doe").Json();
        await auditor.GetAsync("/v1/audit/verification").Json();
        await auditor.GetAsync("/v1/audit?organisation=local").Code(403);

        var events = (await all.GetAsync($"/v1/audit?actor={account}&count=1000").Json()).GetProperty("events").EnumerateArray().ToList();

        Assert.Equal(
            ["audit.read", "audit.read", "audit.verified", "audit.refused"], events.Select(row => row.GetProperty("kind").GetString()));
        Assert.Equal("search", events[0].GetProperty("payload").GetProperty("kind").GetString());
        Assert.Equal("closed", events[1].GetProperty("payload").GetProperty("galleries")[0].GetString());
        Assert.DoesNotContain("John", events[1].GetRawText(), StringComparison.Ordinal);
        // The look of another is not in the own organisation's log.
        Assert.DoesNotContain(
            (await auditor.GetAsync("/v1/audit?count=1000").Json()).GetProperty("events").EnumerateArray(),
            row => row.GetProperty("organisation").GetString() != "looked");
    }

    [Fact]
    public async Task Whoevers_roles_do_not_suffice_is_written_down_with_the_policy()
    {
        var (account, key) = service.KeyOf("doors", Role.Agent);
        using var agent = service.Client(key);
        using var all = service.As("local", Role.ServiceAuditor);
        using var page = await PageClient.SignedInAsync(service, "doors", Role.Examiner);
        await agent.GetAsync("/v1/audit").Code(403);
        await agent.PutAsJsonAsync("/v1/reviews/x", new { finding = "proper" }).Code(403);
        Assert.Equal(403, (int)(await page.GetAsync("/search")).StatusCode);

        var events = (await all.GetAsync("/v1/audit?kind=access.refused&organisation=doors").Json()).GetProperty("events")
            .EnumerateArray().ToList();

        Assert.Equal(["audit", "supervise", "search"], events.Select(row => row.GetProperty("payload").GetProperty("policy").GetString()));
        Assert.Equal(account, events[0].GetProperty("actor").GetString());
    }

    private static Task<HttpResponseMessage> Search(HttpClient client, object request, byte[]? probe = null) =>
        client.PostAsync("/v1/searches", Requests.Form(request, ("image", probe ?? Probe, "p")));
}
