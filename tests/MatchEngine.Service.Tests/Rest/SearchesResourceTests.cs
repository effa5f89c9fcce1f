using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Rest;

public class SearchesResourceTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task A_probe_gives_the_ranked_list_with_everything_a_reader_needs()
    {
        using var admin = service.Admin();
        await admin.CreateGalleryAsync("people");
        for (var person = 1; person <= 5; person++)
            await admin.EnrolAsync(
                "people", $"P{person}", FakeImage.Picture("", new FakeFace(person)),
                new { metadata = new { name = $"Person {person}" }, sourceUrl = $"https://example.org/{person}" });

        var answer = await admin.SearchAsync(FakeImage.Of(new FakeFace(3, Variation: 7)), "people");

        var candidates = answer.GetProperty("candidates").EnumerateArray().ToList();
        Assert.Equal(5, candidates.Count);
        Assert.Equal([1, 2, 3, 4, 5], candidates.Select(c => c.GetProperty("rank").GetInt32()));
        Assert.Equal("P3", candidates[0].GetProperty("subjectId").GetString());
        Assert.Equal("Person 3", candidates[0].GetProperty("biographics").GetProperty("name").GetString());
        Assert.Equal("https://example.org/3", candidates[0].GetProperty("sourceUrl").GetString());
        var scores = candidates.Select(c => c.GetProperty("score").GetDouble()).ToList();
        Assert.Equal(scores.OrderDescending(), scores);
        Assert.Equal(5, answer.GetProperty("gallerySize").GetInt64());
        Assert.Equal("fake", answer.GetProperty("model").GetString());
        Assert.Equal(20, answer.GetProperty("listLength").GetInt32());
        Assert.Contains("not a positive identification", answer.GetProperty("disclaimer").GetProperty("text").GetString());
        Assert.Equal("deleted", answer.GetProperty("receipt").GetProperty("status").GetString());
        Assert.Equal(64, answer.GetProperty("receipt").GetProperty("digest").GetString()!.Length);
    }

    [Fact]
    public async Task Two_photos_have_one_score_compared_searched_or_compared_with_the_subject()
    {
        using var admin = service.Admin();
        await admin.CreateGalleryAsync("one-score");
        for (var person = 1; person <= 5; person++)
            await admin.EnrolAsync("one-score", $"P{person}", FakeImage.Picture("", new FakeFace(person)));
        var probe = FakeImage.Of(new FakeFace(3, Variation: 7));
        foreach (var candidate in (await admin.SearchAsync(probe, "one-score")).GetProperty("candidates").EnumerateArray())
        {
            var subject = candidate.GetProperty("subjectId").GetString()!;
            var photo = FakeImage.Picture("", new FakeFace(int.Parse(subject[1..])));
            var compared = await admin.PostAsync(
                "/v1/comparisons", Requests.Form(null, ("first", photo, "a"), ("second", probe, "b"))).Json();
            var withSubject = await admin.PostAsync(
                $"/v1/galleries/one-score/subjects/{subject}/comparisons", Requests.Form(null, ("first", probe, "p"))).Json();
            Assert.Equal(candidate.GetProperty("score").GetRawText(), compared.GetProperty("score").GetRawText());
            Assert.Equal(candidate.GetProperty("score").GetRawText(), withSubject.GetProperty("score").GetRawText());
        }
    }

    [Fact]
    public async Task Nobody_above_the_floor_is_an_empty_list()
    {
        using var admin = service.Admin();
        await admin.CreateGalleryAsync("floor");
        await admin.EnrolAsync("floor", "A", FakeImage.Picture("", new FakeFace(1)));
        var answer = await admin.PostAsync("/v1/searches", Requests.Form(
            new { galleries = new[] { "floor" }, scoreFloor = 0.99, purpose = Requests.Purpose },
            ("image", FakeImage.Of(new FakeFace(2)), "p.jpg"))).Json();
        Assert.Equal("[]", answer.GetProperty("candidates").GetRawText());
    }
}
