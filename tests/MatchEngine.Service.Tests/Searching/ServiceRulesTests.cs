using System.Net.Http.Json;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Searching;

/// <summary>Profiles as they act on a search: of the service, and of a gallery.</summary>
public class ServiceRulesTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task A_list_of_ngi_ips_has_two_to_fifty_candidates_and_the_floor_gives_way()
    {
        using var admin = await GalleryAsync("ngi", "ngi-ips", people: 60);
        var answer = await SearchAsync(
            admin, new { galleries = new[] { "ngi" }, listLength = 60, scoreFloor = 0.95, purpose = Requests.Purpose });
        Assert.Equal(50, answer.GetProperty("listLength").GetInt32());
        Assert.Equal(2, answer.GetProperty("candidates").GetArrayLength());
        Assert.True(answer.GetProperty("floorGaveWay").GetBoolean());
        Assert.Contains(
            answer.GetProperty("notices").EnumerateArray(), notice => notice.GetString()!.Contains("PIA-054", StringComparison.Ordinal));
        var usual = await SearchAsync(admin, new { galleries = new[] { "ngi" }, purpose = Requests.Purpose });
        Assert.Equal(20, usual.GetProperty("candidates").GetArrayLength());
    }

    [Fact]
    public async Task A_gallery_of_one_person_names_nobody_under_a_multi_candidate_rule()
    {
        using var admin = await GalleryAsync("alone", "ngi-ips", people: 1);
        var answer = await SearchAsync(admin, new { galleries = new[] { "alone" }, purpose = Requests.Purpose });
        Assert.Equal(0, answer.GetProperty("candidates").GetArrayLength());
        Assert.Equal(1, answer.GetProperty("withheld").GetInt32());
    }

    [Fact]
    public async Task A_vendor_gives_the_source_but_no_biographics()
    {
        using var admin = await GalleryAsync("web", "vendor", people: 4);
        var answer = await SearchAsync(
            admin, new { galleries = new[] { "web" }, listLength = 2, purpose = Requests.Purpose }, FakeImage.Of(new FakeFace(2)));
        var found = answer.GetProperty("candidates").EnumerateArray().ToDictionary(c => c.GetProperty("subjectId").GetString()!);
        Assert.Equal("https://example.org/2", found["P2"].GetProperty("sourceUrl").GetString());
        Assert.Equal("{}", found["P2"].GetProperty("biographics").GetRawText());
    }

    [Fact]
    public async Task Smartlink_compares_with_a_named_subject_and_does_not_search()
    {
        using var admin = await GalleryAsync("link", "smartlink", people: 2);
        using var refused = await admin.PostAsync(
            "/v1/searches",
            Requests.Form(new { galleries = new[] { "link" }, purpose = Requests.Purpose }, ("image", FakeImage.Of(new FakeFace(1)), "p")));
        Assert.Equal(403, (int)refused.StatusCode);
        async Task<double> Score(string subject)
        {
            var answer = await admin.PostAsync(
                $"/v1/galleries/link/subjects/{subject}/comparisons",
                Requests.Form(null, ("first", FakeImage.Of(new FakeFace(1)), "selfie"))).Json();
            Assert.DoesNotContain(
                "Name", answer.GetRawText().Replace("\"disclaimer\"", "", StringComparison.Ordinal), StringComparison.Ordinal);
            return answer.GetProperty("score").GetDouble();
        }
        Assert.InRange(await Score("P1"), 0.98, 1);
        Assert.InRange(await Score("P2"), -0.5, 0.5);
        await admin.PostAsync(
            "/v1/galleries/link/subjects/none/comparisons",
            Requests.Form(null, ("first", FakeImage.Of(new FakeFace(1)), "selfie"))).Code(404);
    }

    [Fact]
    public async Task Several_galleries_give_one_list_and_an_enrolled_encounter_can_be_the_probe()
    {
        using var admin = await GalleryAsync("one", "default", people: 3);
        (await GalleryAsync("two", "default", people: 3)).Dispose();
        var answer = await SearchAsync(admin, new { galleries = new[] { "one", "two" }, purpose = Requests.Purpose });
        Assert.Equal(6, answer.GetProperty("candidates").GetArrayLength());
        Assert.Equal(
            ["one", "two"],
            answer.GetProperty("candidates").EnumerateArray().Take(2).Select(c => c.GetProperty("gallery").GetString()).Order());
        Assert.Equal(6, answer.GetProperty("gallerySize").GetInt64());

        var encounter = answer.GetProperty("candidates")[0].GetProperty("encounter").GetProperty("id").GetString();
        var home = answer.GetProperty("candidates")[0].GetProperty("gallery").GetString();
        var by = await admin.PostAsJsonAsync("/v1/searches", new
        {
            galleries = new[] { "one", "two" },
            encounterId = encounter,
            encounterGallery = home,
            purpose = Requests.Purpose,
        }).Json();
        Assert.Equal("P1", by.GetProperty("candidates")[0].GetProperty("subjectId").GetString());
        Assert.NotEqual(home, by.GetProperty("candidates")[0].GetProperty("gallery").GetString());
        Assert.Equal("null", by.GetProperty("receipt").GetRawText());
        await admin.PostAsJsonAsync(
            "/v1/searches", new { galleries = new[] { "one" }, encounterId = "none", purpose = Requests.Purpose }).Code(404);
    }

    [Fact]
    public async Task Values_beyond_what_there_is_are_refused()
    {
        using var admin = await GalleryAsync("values", "default", people: 1);
        foreach (var odd in (object[])[
            new { listLength = 0 }, new { listLength = 100_000 }, new { scoreFloor = 1.5 }, new { face = "left" }, new { face = "0" }])
            await admin.PostAsync("/v1/searches", Requests.Form(odd, ("image", FakeImage.Of(new FakeFace(1)), "p"))).Code(400);
    }

    private static Task<System.Text.Json.JsonElement> SearchAsync(HttpClient client, object request, byte[]? probe = null) =>
        client.PostAsync("/v1/searches", Requests.Form(request, ("image", probe ?? FakeImage.Of(new FakeFace(1)), "p"))).Json();

    private async Task<HttpClient> GalleryAsync(string name, string profile, int people)
    {
        var admin = service.Admin();
        await admin.CreateGalleryAsync(name, new { profile });
        for (var person = 1; person <= people; person++)
            await admin.EnrolAsync(
                name, $"P{person}", FakeImage.Picture("", new FakeFace(person)),
                new { metadata = new { name = $"Name {person}" }, sourceUrl = $"https://example.org/{person}", agreedTerms = "1" });
        await service.PrepareAsync(admin);
        return admin;
    }
}
