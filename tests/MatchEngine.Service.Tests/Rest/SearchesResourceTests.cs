using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Rest;

public class SearchesResourceTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task A_face_that_could_not_be_used_itself_is_left_out_of_searches_comparisons_and_enrolment_and_told()
    {
        using var admin = service.Admin();
        await admin.CreateGalleryAsync("curl");
        var faces = new[] { new FakeFace(41, Size: 120), new FakeFace(42, Size: 60), new FakeFace(43, Size: 20) };
        var photo = FakeImage.Picture("\nquality 90 25 90", faces);
        Assert.Equal("enrolled", (await admin.EnrolAsync("curl", "A", photo)).GetProperty("photos")[0].GetProperty("status").GetString());

        var answer = await admin.SearchAsync(photo, "curl");

        Assert.Equal("A", answer.GetProperty("candidates")[0].GetProperty("subjectId").GetString());
        var left = answer.GetProperty("faces").EnumerateArray().Select(face => face.GetProperty("notSearched").GetString()).ToList();
        Assert.Equal(3, left.Count);
        Assert.Null(left[0]);
        Assert.StartsWith("the face's quality is 25 of 100", left[1], StringComparison.Ordinal);
        Assert.StartsWith("the face is 20 pixels wide beside one of 120", left[2], StringComparison.Ordinal);
        Assert.Equal(2, answer.GetProperty("notices").EnumerateArray().Count(
            notice => notice.GetString()!.Contains("was not searched", StringComparison.Ordinal)));
        var purpose = new { purpose = Requests.Purpose };
        await admin.PostAsync("/v1/comparisons", Requests.Form(purpose, ("first", photo, "a"), ("second", photo, "b"))).Json();
        await admin.PostAsync(
            "/v1/galleries/curl/subjects/A/comparisons", Requests.Form(purpose, ("first", photo, "p"))).Json();
        await admin.PostAsync("/v1/quality", Requests.Form(null, ("image", photo, "p"))).Json();
        // Two that could be meant are still several.
        var two = FakeImage.Picture("\nquality 90 90", faces[..2]);
        Assert.Equal("multiple_faces", await admin.PostAsync("/v1/searches", Requests.Form(
            new { galleries = new[] { "curl" }, purpose = Requests.Purpose }, ("image", two, "p"))).Code(422));
    }

    [Fact]
    public async Task A_prepared_probe_is_searched_as_described_and_answer_audit_and_book_say_how()
    {
        using var admin = service.Admin();
        await admin.CreateGalleryAsync("prepared");
        await admin.EnrolAsync("prepared", "A", FakeImage.Picture("", new FakeFace(51)));
        await admin.EnrolAsync("prepared", "B", FakeImage.Picture("", new FakeFace(52)));
        var photo = FakeImage.Picture("two", new FakeFace(51, Size: 40), new FakeFace(52, Size: 30, X: 100));
        Task<HttpResponseMessage> Search(object? preparation, string? face = null) => admin.PostAsync("/v1/searches", Requests.Form(
            new { galleries = new[] { "prepared" }, purpose = Requests.Purpose, preparation, face }, ("image", photo, "p")));
        var crop = new { x = 80, y = 0, width = 120, height = 150 };

        var answer = await Search(new { crop, turn = -12.5, brightness = 120, contrast = 100, gamma = 1.2 }, "only").Json();

        Assert.Equal("B", answer.GetProperty("candidates")[0].GetProperty("subjectId").GetString());
        var told = answer.GetProperty("preparation");
        Assert.Equal((120, -12.5), (told.GetProperty("crop").GetProperty("width").GetInt32(), told.GetProperty("turn").GetDouble()));
        Assert.Equal(
            "the photo was prepared before the search: cut to 120 × 150 pixels at 80, 0; turned 12.5° anticlockwise; brightness 120 %; "
                + "gamma 1.2. The digest is that of the photo as it came",
            answer.GetProperty("notices")[0].GetString());
        Assert.Equal(
            service.Get<Frs.Probes.Receipts>().Digest(photo), answer.GetProperty("receipt").GetProperty("digest").GetString());
        var id = answer.GetProperty("searchId").GetString()!;
        var record = (await admin.GetAsync($"/v1/searches/{id}").Json()).GetProperty("audit").GetProperty("preparation");
        Assert.Equal((80, 1.2), (record.GetProperty("crop").GetProperty("x").GetInt32(), record.GetProperty("gamma").GetDouble()));
        using var auditor = service.As("local", Role.Auditor);
        var written = (await auditor.GetAsync("/v1/audit?kind=search&gallery=prepared").Json()).GetProperty("events").EnumerateArray()
            .Select(found => found.GetProperty("payload")).Single(payload => payload.GetProperty("searchId").GetString() == id);
        Assert.True(System.Text.Json.JsonElement.DeepEquals(record, written.GetProperty("preparation")), written.GetRawText());

        // The original, unless somebody says otherwise; nothing described is nothing done.
        foreach (var nothing in new object?[] { null, new { turn = 0 } })
        {
            var original = await Search(nothing, "115,35").Json();
            Assert.Equal(System.Text.Json.JsonValueKind.Null, original.GetProperty("preparation").ValueKind);
            Assert.Equal("B", original.GetProperty("candidates")[0].GetProperty("subjectId").GetString());
        }
        foreach (var (wrong, member) in new (object, string)[]
        {
            (new { turn = 181 }, "turn"), (new { gamma = 0 }, "gamma"), (new { brightness = 1e300 }, "brightness"),
            (new { contrast = -5 }, "contrast"), (new { crop = new { x = -1, y = 0, width = 5, height = 5 } }, "crop"),
            (new { crop = new { x = 0, y = 0, width = 0, height = 5 } }, "crop"),
        })
            Assert.StartsWith(
                $"preparation: {member}", (await Search(wrong).Json(400)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("no_such_face", await Search(null, "600,400").Code(422));
        Assert.Equal("bad_value", await Search(null, "1,2,3").Code(400));
        Assert.Equal("bad_value", await Search(null, "NaN,2").Code(400));
        Assert.Equal("bad_value", await admin.PostAsync("/v1/searches", System.Net.Http.Json.JsonContent.Create(new
        {
            galleries = new[] { "prepared" }, purpose = Requests.Purpose, encounterId = "e", preparation = new { turn = 5 },
        })).Code(400));
    }

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
                "/v1/comparisons", Requests.Form(new { purpose = Requests.Purpose }, ("first", photo, "a"), ("second", probe, "b"))).Json();
            var withSubject = await admin.PostAsync(
                $"/v1/galleries/one-score/subjects/{subject}/comparisons",
                Requests.Form(new { purpose = Requests.Purpose }, ("first", probe, "p"))).Json();
            Assert.Equal(candidate.GetProperty("score").GetRawText(), compared.GetProperty("score").GetRawText());
            Assert.Equal(candidate.GetProperty("score").GetRawText(), withSubject.GetProperty("score").GetRawText());
        }
    }

    [Fact]
    public async Task Every_rate_names_whom_it_was_measured_on_and_a_recorded_group_has_its_own()
    {
        using var admin = service.Admin();
        await admin.CreateGalleryAsync("rates");
        await admin.EnrolAsync(
            "rates", "P1", FakeImage.Picture("", new FakeFace(1)), new { metadata = new { sex = "F", race = "a" } });
        await admin.EnrolAsync("rates", "P2", FakeImage.Picture("", new FakeFace(2)));
        var probe = FakeImage.Of(new FakeFace(1, Variation: 7));
        var answer = await admin.SearchAsync(probe, "rates");
        var populations = answer.GetProperty("populations").EnumerateArray().ToDictionary(one => one.GetProperty("id").GetString()!);
        Assert.Equal(FakeCalibrations.Set.All.Select(one => one.Population.Id), populations.Keys);
        Assert.All(populations.Values, one => Assert.Equal(
            ("test set", "children"),
            (one.GetProperty("dataSet").GetString(), Assert.Single(one.GetProperty("notSupported").EnumerateArray()).GetString())));
        Assert.Contains("measured on test set only", populations["test set/random-pairs"].GetProperty("description").GetString());
        foreach (var candidate in answer.GetProperty("candidates").EnumerateArray())
        {
            var (fmr, score) = (candidate.GetProperty("fmr"), candidate.GetProperty("score").GetDouble());
            var expected = FakeCalibrations.Set.At(score);
            Assert.Equal("test set/random-pairs", fmr.GetProperty("randomPairs").GetProperty("population").GetString());
            Assert.Equal("test set/worst-group/F, a", fmr.GetProperty("worstGroup").GetProperty("population").GetString());
            // The score in the answer is rounded to four decimals.
            if (expected.WorstGroup!.Value is { } value)
                Assert.Equal(value, fmr.GetProperty("worstGroup").GetProperty("value").GetDouble(), 0.01 * value);
            else if (expected.WorstGroup.Below is { } below)
                Assert.Equal(below, fmr.GetProperty("worstGroup").GetProperty("below").GetDouble(), 0.01 * below);
            var own = fmr.GetProperty("group");
            if (candidate.GetProperty("subjectId").GetString() == "P1")
                Assert.Equal("test set/group/F, a", own.GetProperty("population").GetString());
            else
                Assert.Equal("null", own.GetRawText());
        }
        // A comparison tells nothing of what is recorded.
        var compared = await admin.PostAsync(
            "/v1/galleries/rates/subjects/P1/comparisons", Requests.Form(new { purpose = Requests.Purpose }, ("first", probe, "p"))).Json();
        Assert.Equal("null", compared.GetProperty("fmr").GetProperty("group").GetRawText());
        Assert.Equal(
            ["test set/random-pairs", "test set/worst-group/F, a"],
            compared.GetProperty("populations").EnumerateArray().Select(one => one.GetProperty("id").GetString()));
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
