using System.Net.Http.Json;
using System.Text.Json;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Settings;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Rest;

/// <summary>A comparison obeys what a search obeys: approval, terms, purpose, and whether it is offered at all.</summary>
public class ComparisonsResourceTests(TestService service) : IClassFixture<TestService>
{
    private static readonly byte[] Photo = FakeImage.Of(new FakeFace(1));

    [Fact]
    public async Task A_comparison_states_its_purpose_where_the_profile_demands_one_and_the_audit_holds_it()
    {
        await MakeAsync("stated", "default");
        await MakeAsync("unstated", "vendor");
        using var agent = service.As("local", Role.Agent);
        foreach (var purpose in (object?[])[null, new { caseNumber = "C-1" }, new { caseNumber = "C-1", basis = " " }])
        {
            Assert.Equal("purpose_required", await WithSubject(agent, "stated", new { purpose }).Code(400));
            Assert.Equal("purpose_required", await OfPhotos(agent, new { purpose }).Code(400));
        }
        await WithSubject(agent, "unstated", null).Json();

        await WithSubject(agent, "stated", new { purpose = Requests.Purpose }).Json();
        await OfPhotos(agent, new { purpose = Requests.Purpose }).Json();

        foreach (var kind in (string[])["comparison.subject&gallery=stated", "comparison"])
        {
            var payload = await LastAsync(service, kind);
            Assert.Equal("18 USC 1956", payload.GetProperty("purpose").GetProperty("basis").GetString());
            Assert.Equal("default", payload.GetProperty("profile").GetString());
        }
    }

    [Fact]
    public async Task A_comparison_needs_the_terms_of_its_gallery_and_is_made_only_where_the_profile_offers_it()
    {
        await MakeAsync("termed", "state-lea");
        await MakeAsync("searched-only", "ngi-ips");
        await MakeAsync("selfies", "smartlink");
        using var agent = service.As("local", Role.Agent);
        var purpose = new { purpose = Requests.Purpose };

        Assert.Equal("terms_not_accepted", await WithSubject(agent, "termed", purpose).Code(403));
        await AcceptAsync(agent, "state-lea");
        await WithSubject(agent, "termed", purpose).Json();
        Assert.Equal("not_offered", await WithSubject(agent, "searched-only", purpose).Code(403));
        await WithSubject(agent, "selfies", null).Json();
    }

    [Fact]
    public async Task An_unapproved_gallery_is_compared_with_once_for_each_approval_of_a_comparison()
    {
        await MakeAsync("unvetted", "default", approved: false);
        await MakeAsync("another", "default", approved: false);
        using var agent = service.As("local", Role.Agent);
        using var other = service.As("local", Role.Agent);
        var purpose = Requests.Purpose;
        Assert.Equal("approval_required", await WithSubject(agent, "unvetted", new { purpose }).Code(403));
        Assert.Equal("approval_required", await WithSubject(agent, "unvetted", new { purpose, approvalId = "none" }).Code(403));

        foreach (var wrong in (string[])
        [
            await ApprovedAsync(service, agent, "search", "unvetted"), await ApprovedAsync(service, agent, "comparison", "another"),
            await ApprovedAsync(service, agent, "comparison"), await ApprovedAsync(service, other, "comparison", "unvetted"),
        ])
            Assert.Equal("approval_required", await WithSubject(agent, "unvetted", new { purpose, approvalId = wrong }).Code(403));
        var approvalId = await ApprovedAsync(service, agent, "comparison", "unvetted");
        Assert.Equal(
            "approval_required",
            await WithSubject(agent, "unvetted", new { purpose = new { caseNumber = "C-2", basis = "b" }, approvalId }).Code(403));
        // A photo without a face does not use it up.
        await WithSubject(
            agent, "unvetted", new { purpose, approvalId }, FakeImage.Failing(MatchEngine.Faces.AcquisitionFailure.NoFace)).Code(422);
        await WithSubject(agent, "unvetted", new { purpose, approvalId }).Json();
        Assert.Equal("approval_required", await WithSubject(agent, "unvetted", new { purpose, approvalId }).Code(403));

        Assert.Equal("used", (await agent.GetAsync($"/v1/approvals/{approvalId}").Json()).GetProperty("state").GetString());
        Assert.Equal(
            approvalId, (await LastAsync(service, "comparison.subject&gallery=unvetted")).GetProperty("approvalId").GetString());
        Assert.Equal(approvalId, (await LastAsync(service, "approval.used")).GetProperty("approval").GetString());
        // Nor is it good for a search.
        var forSearch = await ApprovedAsync(service, agent, "comparison", "unvetted");
        await agent.PostAsync("/v1/searches", Requests.Form(
            new { galleries = new[] { "unvetted" }, purpose, approvalId = forSearch }, ("image", Photo, "p"))).Code(403);
    }

    [Fact]
    public async Task What_is_asked_for_of_a_comparison_is_one_gallery_or_none()
    {
        await MakeAsync("first-of-two", "default");
        await MakeAsync("second-of-two", "default");
        using var agent = service.As("local", Role.Agent);
        await AskAsync(agent, "comparison", "first-of-two", "second-of-two").Code(400);
        await AskAsync(agent, "search").Code(400);
        await AskAsync(agent, "sorting", "first-of-two").Code(400);
    }

    [Theory]
    [InlineData("ngi-ips")]
    [InlineData("smartlink")]
    public async Task Two_photos_are_not_compared_where_the_services_own_profile_offers_none(string profile)
    {
        await using var own = new OwnService(profile);
        await own.InitializeAsync();
        using var agent = own.As("local", Role.Agent);
        Assert.Equal("not_offered", await OfPhotos(agent, new { purpose = Requests.Purpose }).Code(403));
    }

    [Fact]
    public async Task Two_photos_need_the_services_terms_and_approval()
    {
        await using var own = new OwnService("state-lea", approved: false);
        await own.InitializeAsync();
        using var agent = own.As("local", Role.Agent);
        var purpose = Requests.Purpose;
        // Without a gallery that follows it: the terms are the service's.
        Assert.Equal("terms_not_accepted", await OfPhotos(agent, new { purpose }).Code(403));
        await AcceptAsync(agent, "state-lea");
        Assert.Equal("approval_required", await OfPhotos(agent, new { purpose }).Code(403));
        var approvalId = await ApprovedAsync(own, agent, "comparison");
        await OfPhotos(agent, new { purpose, approvalId }).Json();
        Assert.Equal("approval_required", await OfPhotos(agent, new { purpose, approvalId }).Code(403));
        Assert.Equal("state-lea", (await LastAsync(own, "comparison")).GetProperty("profile").GetString());
    }

    private async Task MakeAsync(string gallery, string profile, bool approved = true)
    {
        using var owner = service.As("local", Role.GalleryOwner, Role.Administrator);
        await owner.CreateGalleryAsync(gallery, new { profile, approved });
        await owner.EnrolAsync(gallery, "A", FakeImage.Picture(gallery, new FakeFace(1)));
    }

    private static Task<HttpResponseMessage> WithSubject(HttpClient client, string gallery, object? request, byte[]? photo = null) =>
        client.PostAsync($"/v1/galleries/{gallery}/subjects/A/comparisons", Requests.Form(request, ("first", photo ?? Photo, "p")));

    private static Task<HttpResponseMessage> OfPhotos(HttpClient client, object? request) =>
        client.PostAsync("/v1/comparisons", Requests.Form(request, ("first", Photo, "a"), ("second", Photo, "b")));

    private static async Task AcceptAsync(HttpClient client, string profile)
    {
        var version = (await client.GetAsync("/v1/terms").Json()).EnumerateArray()
            .Single(terms => terms.GetProperty("profile").GetString() == profile).GetProperty("version").GetString();
        await client.PostAsJsonAsync("/v1/terms/acceptance", new { profile, version }).Json();
    }

    private static Task<HttpResponseMessage> AskAsync(HttpClient agent, string use, params string[] galleries) =>
        agent.PostAsJsonAsync("/v1/approvals", new { use, galleries, purpose = Requests.Purpose, reason = "other means failed" });

    private static async Task<string> ApprovedAsync(TestService service, HttpClient agent, string use, params string[] galleries)
    {
        var id = (await AskAsync(agent, use, galleries).Json(201)).GetProperty("id").GetString()!;
        using var supervisor = service.As("local", Role.Supervisor);
        await supervisor.PostAsJsonAsync($"/v1/approvals/{id}/decision", new { granted = true, reason = "yes" }).Json();
        return id;
    }

    private static async Task<JsonElement> LastAsync(TestService service, string kind)
    {
        using var auditor = service.As("local", Role.ServiceAuditor);
        return (await auditor.GetAsync($"/v1/audit?kind={kind}&newestFirst=true").Json()).GetProperty("events").EnumerateArray()
            .MaxBy(written => written.GetProperty("sequence").GetInt64()).GetProperty("payload");
    }

    private sealed class OwnService(string profile, bool approved = true) : TestService
    {
        internal override ServiceSettings Settings()
        {
            var settings = base.Settings();
            (settings.Profile, settings.Approved) = (profile, approved);
            return settings;
        }
    }
}
