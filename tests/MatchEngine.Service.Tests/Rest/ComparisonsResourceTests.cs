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
        Assert.Equal("terms_not_accepted", await WithSubject(agent, "selfies", null).Code(403));
        await AcceptAsync(agent, "smartlink");
        await WithSubject(agent, "selfies", null).Json();
    }

    [Fact]
    public async Task A_face_that_was_left_out_is_named_by_a_comparison_and_an_enrolment_as_by_a_search()
    {
        await MakeAsync("curls", "default");
        using var agent = service.As("local", Role.Agent);
        using var owner = service.As("local", Role.GalleryOwner);
        // The second face is less than a fifth as wide as the first.
        var curl = FakeImage.Picture("curl", new FakeFace(1, Size: 100, X: 5), new FakeFace(2, Size: 10, X: 150));
        Task<HttpResponseMessage> search = agent.PostAsync(
            "/v1/searches", Requests.Form(new { galleries = new[] { "curls" }, purpose = Requests.Purpose }, ("image", curl, "p")));
        Assert.Contains(
            Notices(await search.Json()), notice => notice.StartsWith("face 2 of the probe was not searched: ", StringComparison.Ordinal));

        var subject = await agent.PostAsync(
            "/v1/galleries/curls/subjects/A/comparisons", Requests.Form(new { purpose = Requests.Purpose }, ("first", curl, "p"))).Json();
        Assert.StartsWith("face 2 of the image was not compared: ", Assert.Single(Notices(subject)), StringComparison.Ordinal);
        var two = await agent.PostAsync(
            "/v1/comparisons", Requests.Form(new { purpose = Requests.Purpose }, ("first", Photo, "a"), ("second", curl, "b"))).Json();
        Assert.StartsWith("face 2 of the second image was not compared: ", Assert.Single(Notices(two)), StringComparison.Ordinal);
        var enrolled = (await owner.EnrolAsync("curls", "P2", curl)).GetProperty("photos")[0];
        Assert.StartsWith("face 2 of the photo was not enrolled: ", Assert.Single(Notices(enrolled)), StringComparison.Ordinal);

        using var pages = await PageClient.SignedInAsync(service, "local", Role.Agent, Role.GalleryOwner);
        var compared = await (await pages.SendAsync(
            "/compare", fragment: true, [("first", Photo, "a.jpg"), ("second", curl, "b.jpg")],
            ("caseNumber", "C-1"), ("basis", "18 USC 1956"))).Content.ReadAsStringAsync();
        Assert.Contains("face 2 of the second image was not compared", compared, StringComparison.Ordinal);
        var page = await (await pages.SendAsync(
            "/galleries/curls/enrol", fragment: true, [("image", FakeImage.Picture("curl 2", new FakeFace(1, Size: 100, X: 5),
                new FakeFace(2, Size: 10, X: 150)), "P3.jpg")])).Content.ReadAsStringAsync();
        Assert.Contains("face 2 of the photo was not enrolled", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_examiner_asks_for_approval_of_a_comparison_and_of_no_search()
    {
        await MakeAsync("examined-unvetted", "default", approved: false);
        using var examiner = service.As("local", Role.Examiner);
        var purpose = Requests.Purpose;
        Assert.Equal("approval_required", await WithSubject(examiner, "examined-unvetted", new { purpose }).Code(403));
        Assert.Equal("forbidden", await examiner.PostAsJsonAsync(
            "/v1/approvals", new { galleries = new[] { "examined-unvetted" }, purpose, reason = "r" }).Code(403));

        var approvalId = await ApprovedAsync(service, examiner, "comparison", "examined-unvetted");
        Assert.Single((await examiner.GetAsync("/v1/approvals").Json()).EnumerateArray());
        await WithSubject(examiner, "examined-unvetted", new { purpose, approvalId }).Json();

        using var pages = await PageClient.SignedInAsync(service, "local", Role.Examiner);
        var form = await pages.TextAsync("/approvals/new");
        Assert.Contains("value=\"comparison\"", form, StringComparison.Ordinal);
        Assert.DoesNotContain("value=\"search\"", form, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"exigent\"", form, StringComparison.Ordinal);
        using var asked = await pages.SendAsync(
            "/approvals", ("use", "comparison"), ("gallery", "examined-unvetted"), ("caseNumber", "C-1"), ("basis", "18 USC 1956"),
            ("reason", "the list's first place"));
        Assert.Equal("/approvals?done=approval-requested", asked.Headers.Location!.OriginalString);
    }

    private static IEnumerable<string> Notices(JsonElement answer) =>
        answer.GetProperty("notices").EnumerateArray().Select(notice => notice.GetString()!);

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
        using var owner = service.As("local", Role.GalleryOwner, Role.ServiceAdministrator);
        await owner.CreateGalleryAsync(gallery, new { profile, approved });
        await owner.EnrolAsync(
            gallery, "A", FakeImage.Picture(gallery, new FakeFace(1)), new { agreedTerms = profile == "smartlink" ? "1" : null });
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
