using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Searching;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Interchange;
using MatchEngine.Interchange.Searches;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Profiles;

/// <summary>What profiles of an operator's own can say, as a client meets it; and that a service holds several of them.</summary>
public sealed class OwnProfilesTests(OwnProfilesService service) : IClassFixture<OwnProfilesService>
{
    private static readonly byte[] Probe = FakeImage.Of(new FakeFace(1, Variation: 3));

    [Fact]
    public async Task A_rank_alone_tells_the_score_nowhere()
    {
        using var owner = Owner();
        await MakeAsync(owner, "ranked", "ranks");

        var answer = await SearchAsync(owner, new { galleries = new[] { "ranked" } }).Json();

        Assert.Equal([1, 2, 3], answer.GetProperty("candidates").EnumerateArray().Select(row => row.GetProperty("rank").GetInt32()));
        foreach (var row in answer.GetProperty("candidates").EnumerateArray())
            Assert.All(
                (string[])["score", "scorePercent", "fmr", "strangersExpected"],
                key => Assert.Equal(JsonValueKind.Null, row.GetProperty(key).ValueKind));
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("strangersExpected").ValueKind);
        Assert.Empty(answer.GetProperty("populations").EnumerateArray());
        var search = answer.GetProperty("searchId").GetString();
        var record = await owner.GetAsync($"/v1/searches/{search}").Json();
        Assert.Equal(3, record.GetProperty("audit").GetProperty("candidates").GetArrayLength());
        Assert.DoesNotContain("score\"", record.GetProperty("audit").GetProperty("candidates").GetRawText(), StringComparison.Ordinal);
        // An auditor reads the event, where it stands.
        using var auditor = service.As("local", Role.Auditor);
        Assert.Contains("score\"", (await auditor.GetAsync($"/v1/searches/{search}").Json()).GetRawText(), StringComparison.Ordinal);
        // Nor on the pages.
        using var pages = await PageClient.SignedInAsync(service, "local", Role.Agent, Role.Supervisor);
        var listed = await (await pages.SendAsync(
            "/search", fragment: true, [("image", Probe, "p.jpg")],
            ("gallery", "ranked"), ("caseNumber", "C-1"), ("basis", "18 USC 1546"))).Content.ReadAsStringAsync();
        Assert.Contains("Rank 3", listed, StringComparison.Ordinal);
        Assert.Contains("not told: the rank alone", listed, StringComparison.Ordinal);
        Assert.DoesNotContain("False match rate", listed, StringComparison.Ordinal);
        Assert.DoesNotContain("data-strangers", listed, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"0\.\d{4}", await pages.TextAsync($"/searches/{search}"));
        Assert.DoesNotMatch(@"score 0\.\d{4}", await pages.TextAsync($"/bench?search={search}"));
        // A floor that is moved tells it to any digit, and so does the place between candidates whose scores are told.
        Assert.Equal("not_offered", await SearchAsync(owner, new { galleries = new[] { "ranked" }, scoreFloor = 0.5 }).Code(403));
        await MakeAsync(owner, "told", "percents");
        var both = await SearchAsync(owner, new { galleries = new[] { "ranked", "told" } }).Json();
        Assert.Equal(
            ["told", "told", "told", "ranked", "ranked", "ranked"],
            both.GetProperty("candidates").EnumerateArray().Select(row => row.GetProperty("gallery").GetString()!));
        Assert.Equal(
            [1, 2, 3, 4, 5, 6], both.GetProperty("candidates").EnumerateArray().Select(row => row.GetProperty("rank").GetInt32()));
        // A file has no place for a candidate without a score.
        using var file = new HttpRequestMessage(HttpMethod.Post, "/v1/searches")
        {
            Content = Requests.Form(new { galleries = new[] { "ranked" }, purpose = Requests.Purpose }, ("image", Probe, "p")),
        };
        file.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/x-ansi-nist-itl"));
        using var refused = await owner.SendAsync(file);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal("not_offered", ErrorResponse.Read(Transaction.Read(await refused.Content.ReadAsByteArrayAsync()))!.Code);
        // When the gallery is gone nobody can say any more that its scores were told.
        await owner.DeleteAsync("/v1/galleries/ranked").Json(204);
        Assert.DoesNotContain(
            "score\"", (await owner.GetAsync($"/v1/searches/{search}").Json()).GetProperty("audit").GetProperty("candidates").GetRawText(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_percentage_is_the_score_on_another_scale_and_the_profiles_words_stand_beside_it()
    {
        using var owner = Owner();
        await MakeAsync(owner, "scaled", "percents");
        await MakeAsync(owner, "plain", "default");
        await MakeAsync(owner, "silent", "ranks");

        var both = await SearchAsync(owner, new { galleries = new[] { "scaled", "plain", "silent" } }).Json();

        double Of(string gallery, string key) => both.GetProperty("candidates").EnumerateArray().First(row =>
            row.GetProperty("gallery").GetString() == gallery && row.GetProperty("subjectId").GetString() == "P1")
                .GetProperty(key).GetDouble();
        Assert.Equal((Of("plain", "score") + 1) * 50, Of("scaled", "scorePercent"), 0.01);
        Assert.All(
            both.GetProperty("candidates").EnumerateArray().Where(row => row.GetProperty("gallery").GetString() == "scaled"),
            row => Assert.Equal(JsonValueKind.Null, row.GetProperty("score").ValueKind));
        // Each gallery's words are there, and those of one that says nothing are not.
        Assert.Equal("p7+1", both.GetProperty("disclaimer").GetProperty("version").GetString());
        Assert.StartsWith("Ours is a scale.\n\n", both.GetProperty("disclaimer").GetProperty("text").GetString(), StringComparison.Ordinal);
        var silent = await SearchAsync(owner, new { galleries = new[] { "silent" } }).Json();
        Assert.Equal(
            ("none", ""),
            (silent.GetProperty("disclaimer").GetProperty("version").GetString(), silent.GetProperty("disclaimer")
                .GetProperty("text").GetString()));
        var scaled = await SearchAsync(owner, new { galleries = new[] { "scaled" } }).Json();
        Assert.Equal("p7", scaled.GetProperty("disclaimer").GetProperty("version").GetString());
        // In the audit, the record, a comparison and on the pages the same.
        Assert.Equal("p7", (await LastAsync("search&gallery=scaled")).GetProperty("disclaimerVersion").GetString());
        var record = await owner.GetAsync(scaled.GetProperty("candidates")[0].GetProperty("record").GetString()).Json();
        Assert.Equal("p7", record.GetProperty("disclaimer").GetProperty("version").GetString());
        var compared = await owner.PostAsync(
            "/v1/galleries/scaled/subjects/P1/comparisons",
            Requests.Form(new { purpose = Requests.Purpose }, ("first", Probe, "p"))).Json();
        Assert.Equal(
            (JsonValueKind.Null, "p7"),
            (compared.GetProperty("score").ValueKind, compared.GetProperty("disclaimer").GetProperty("version").GetString()));
        Assert.Equal(Of("scaled", "scorePercent"), compared.GetProperty("scorePercent").GetDouble(), 0.01);
        using var pages = await PageClient.SignedInAsync(service, "local", Role.Agent);
        var listed = await (await pages.SendAsync(
            "/search", fragment: true, [("image", Probe, "p.jpg")],
            ("gallery", "scaled"), ("caseNumber", "C-1"), ("basis", "18 USC 1546"))).Content.ReadAsStringAsync();
        Assert.Contains("Ours is a scale.", listed, StringComparison.Ordinal);
        Assert.Contains($"{Of("scaled", "scorePercent").ToString("0.00", System.Globalization.CultureInfo.InvariantCulture)} %", listed,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_purpose_is_one_of_those_that_the_profile_permits()
    {
        using var owner = Owner();
        await MakeAsync(owner, "documents", "fraud");
        foreach (var basis in (string[])["18 U.S.C. § 1546", "18 usc 1546(a)"])
            await SearchAsync(owner, new { galleries = new[] { "documents" } }, basis).Json();
        foreach (var basis in (string[])["18 USC 1956", "21 USC 841"])
        {
            Assert.Equal("purpose_refused", await SearchAsync(owner, new { galleries = new[] { "documents" } }, basis).Code(403));
            Assert.Equal("purpose_refused", await owner.PostAsync(
                "/v1/galleries/documents/subjects/P1/comparisons",
                Requests.Form(new { purpose = new { caseNumber = "C-1", basis } }, ("first", Probe, "p"))).Code(403));
        }
        // Of a search that names none it is left out, and told; without another gallery the search would be refused.
        await MakeAsync(owner, "undemanding", "default");
        var answer = await SearchAsync(owner, new { }, "21 USC 841").Json();
        Assert.Contains(
            answer.GetProperty("notices").EnumerateArray(),
            notice => notice.GetString()!.StartsWith("gallery 'documents': the basis is none", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_sender_says_of_a_childs_age_refuses_the_search_and_warns_at_enrolment()
    {
        using var owner = Owner();
        await MakeAsync(owner, "grown", "strict-age");
        Assert.Equal("under_age", await SearchAsync(owner, new { galleries = new[] { "grown" }, statedAge = 13 }).Code(422));
        Assert.Equal("under_age", await owner.PostAsync(
            "/v1/galleries/grown/subjects/P1/comparisons",
            Requests.Form(new { purpose = Requests.Purpose, statedAge = 0 }, ("first", Probe, "p"))).Code(422));
        await SearchAsync(owner, new { galleries = new[] { "grown" }, statedAge = 14 }).Json();
        Assert.Equal("bad_value", await SearchAsync(owner, new { galleries = new[] { "grown" }, statedAge = -1 }).Code(400));
        var enrolled = await owner.EnrolAsync("grown", "C", FakeImage.Picture("child", new FakeFace(9)), new { statedAge = 6 });
        Assert.Equal("under_age", enrolled.GetProperty("photos")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_profile_of_ones_own_searches_every_face_of_a_probe()
    {
        using var owner = Owner();
        await MakeAsync(owner, "crowd", "crowds");
        var answer = await owner.PostAsync("/v1/searches", Requests.Form(
            new { galleries = new[] { "crowd" }, listLength = 2 },
            ("image", FakeImage.Of(new FakeFace(2, Size: 120, X: 10), new FakeFace(3, Size: 60, X: 300)), "p"))).Json();
        Assert.Equal(["P2", "P3"], answer.GetProperty("candidates").EnumerateArray()
            .Select(row => row.GetProperty("subjectId").GetString()!).Order());
    }

    [Fact]
    public async Task A_gallery_follows_any_profile_of_the_service_by_name_and_no_other()
    {
        using var owner = Owner();
        Assert.Equal(
            "fraud", (await owner.CreateGalleryAsync("by-name", new { profile = "fraud" })).GetProperty("profile").GetString());
        Assert.Equal("bad_value", await owner.PostAsJsonAsync("/v1/galleries", new { name = "none", profile = "unknown" }).Code(400));
        await owner.PatchAsJsonAsync("/v1/galleries/by-name", new { profile = "percents" }).Json();
    }

    [Fact]
    public void Two_profiles_of_one_name_and_one_that_takes_the_services_place_are_refused()
    {
        using var folder = new TemporaryFolder();
        var one = OwnProfiles.Write(folder.Sub("a"), "twice", new Dictionary<string, object?>());
        var two = OwnProfiles.Write(folder.Sub("b"), "twice", new Dictionary<string, object?>());
        var own = OwnProfiles.Write(folder.Sub("c"), "default", new Dictionary<string, object?>());
        foreach (var profiles in (string[][])[[one, two], [own]])
        {
            var options = service.Get<Frs.FrsOptions>() with { Profiles = profiles };
            Assert.Equal("name", Assert.Throws<ProfileException>(() => new ServiceRules(
                options, service.Get<Frs.Sharing.ITermsAcceptances>(), service.Get<ITrainingCertificates>(),
                service.Get<Frs.Vetting.VettingLists>(), TimeProvider.System)).Key);
        }
    }

    private HttpClient Owner() => service.As("local", Role.GalleryOwner, Role.ServiceAdministrator, Role.Agent);

    private static async Task MakeAsync(HttpClient owner, string name, string profile)
    {
        await owner.CreateGalleryAsync(name, new { profile, approved = true });
        for (var person = 1; person <= 3; person++)
            await owner.EnrolAsync(name, $"P{person}", FakeImage.Picture($"{name} {person}", new FakeFace(person)));
    }

    private static Task<HttpResponseMessage> SearchAsync(HttpClient client, object request, string basis = "18 USC 1546")
    {
        var body = JsonSerializer.SerializeToNode(request)!.AsObject();
        body["purpose"] = JsonSerializer.SerializeToNode(new { caseNumber = "C-1", basis });
        return client.PostAsync("/v1/searches", Requests.Form(body, ("image", Probe, "probe.jpg")));
    }

    private async Task<JsonElement> LastAsync(string kind)
    {
        using var auditor = service.As("local", Role.ServiceAuditor);
        return (await auditor.GetAsync($"/v1/audit?newestFirst=true&kind={kind}").Json()).GetProperty("events")[0].GetProperty("payload");
    }
}
