using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Profiles;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Settings;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Searching;

/// <summary>Searches of group photos, of which the service's profile has every face searched.</summary>
public class SearchingGalleriesTests(SearchingGalleriesTests.AllFacesService service)
    : IClassFixture<SearchingGalleriesTests.AllFacesService>
{
    // Largest first: persons 1 … 5.
    private static readonly FakeFace[] Five = [.. Enumerable.Range(1, 5).Select(i => new FakeFace(i, 1, 120 - (10 * i), 100 * i))];

    [Fact]
    public async Task Five_faces_are_one_pass_whose_strangers_are_those_of_five_searches()
    {
        using var admin = service.Admin();
        var alone = new List<double>();
        foreach (var face in Five)
        {
            var one = await SearchAsync(admin, "many", FakeImage.Of(face));
            Assert.Equal(320, Strangers(one).GetProperty("comparisons").GetInt32());
            alone.Add(Strangers(one).GetProperty("value").GetDouble());
        }
        var calls = service.Extractor.Calls;
        var all = await SearchAsync(admin, "many", FakeImage.Of(Five));

        Assert.Equal(calls + 1, service.Extractor.Calls);
        Assert.Equal(alone.Sum(), Strangers(all).GetProperty("value").GetDouble(), 0.001 * alone.Sum());
        Assert.Equal((5 * 320, "the 320 subjects of gallery 'many'", JsonValueKind.Null), (
            Strangers(all).GetProperty("comparisons").GetInt32(), Strangers(all).GetProperty("population").GetString(),
            Strangers(all).GetProperty("reason").ValueKind));
        Assert.InRange(
            Strangers(all).GetProperty("value").GetDouble(), Strangers(all).GetProperty("low").GetDouble(),
            Strangers(all).GetProperty("high").GetDouble());
        // Each person stands far above where strangers do.
        Assert.All(Candidates(all).Take(5), c => Assert.Equal("beyond-tail", Strangers(c).GetProperty("reason").GetString()));
        Assert.Equal(["P1", "P2", "P3", "P4", "P5"], Candidates(all).Take(5).Select(c => c.GetProperty("subjectId").GetString()!).Order());
        Assert.All(Candidates(all).Take(5), c => Assert.Equal(
            c.GetProperty("subjectId").GetString(), $"P{c.GetProperty("probeFace").GetInt32()}"));
        Assert.Equal([1, 2, 3, 4, 5], Faces(all).Select(face => face.GetProperty("number").GetInt32()));
        Assert.All(Faces(all), face => Assert.Equal(JsonValueKind.Null, face.GetProperty("notSearched").ValueKind));
        Assert.True(all.GetProperty("exhaustive").GetBoolean());
    }

    [Fact]
    public async Task A_blurred_face_of_several_is_listed_with_its_reason_and_left_out()
    {
        using var admin = service.Admin();
        var answer = await SearchAsync(admin, "many", FakeImage.Salted("\nquality 90 80 6 80 80", Five));

        Assert.Equal(4 * 320, Strangers(answer).GetProperty("comparisons").GetInt32());
        Assert.Equal(["P1", "P2", "P4", "P5"], Candidates(answer).Take(4).Select(c => c.GetProperty("subjectId").GetString()!).Order());
        var poor = Assert.Single(Faces(answer), face => face.GetProperty("notSearched").ValueKind != JsonValueKind.Null);
        Assert.Equal((3, 6.0), (poor.GetProperty("number").GetInt32(), Math.Round(poor.GetProperty("quality").GetDouble(), 3)));
        Assert.StartsWith("the face's quality is 6 of 100", poor.GetProperty("notSearched").GetString(), StringComparison.Ordinal);
        Assert.Contains(
            answer.GetProperty("notices").EnumerateArray(),
            notice => notice.GetString()!.StartsWith("face 3 of the probe was not searched", StringComparison.Ordinal));

        Assert.Equal("low_quality", await admin.PostAsync(
            "/v1/searches", Requests.Form(Request("many"), ("image", FakeImage.Salted("\nquality 6", Five), "p"))).Code(422));
    }

    [Fact]
    public async Task A_floor_is_chosen_for_the_probe_and_returned_or_refused_with_field_and_remedy()
    {
        using var admin = service.Admin();
        await admin.CreateGalleryAsync("few");
        await admin.EnrolAsync("few", "P1", FakeImage.Picture("", new FakeFace(1)));
        var probe = FakeImage.Of(Five[0]);
        object Asked(string gallery, double strangers, double? floor = null) => new
        {
            galleries = new[] { gallery },
            scoreFloorStrangers = strangers,
            scoreFloor = floor,
            purpose = Requests.Purpose,
        };

        var answer = await admin.PostAsync("/v1/searches", Requests.Form(Asked("many", 2), ("image", probe, "p"))).Json();
        Assert.InRange(Strangers(answer).GetProperty("value").GetDouble(), 1.9, 2);
        var floor = answer.GetProperty("scoreFloor").GetDouble();
        Assert.InRange(floor, 0.2, 0.45);
        Assert.All(Candidates(answer), c => Assert.True(c.GetProperty("score").GetDouble() >= floor));
        Assert.Contains(
            answer.GetProperty("notices").EnumerateArray(), notice => notice.GetString()!.Contains("was chosen", StringComparison.Ordinal));
        var higher = await admin.PostAsync("/v1/searches", Requests.Form(Asked("many", 2, 0.7), ("image", probe, "p"))).Json();
        Assert.Equal(0.7, higher.GetProperty("scoreFloor").GetDouble(), 1e-6);

        var few = admin.PostAsync("/v1/searches", Requests.Form(Asked("few", 2), ("image", probe, "p")));
        Assert.Equal("floor_unsaid", await few.Code(422));
        Assert.Equal("bad_value", await admin.PostAsync("/v1/searches", Requests.Form(Asked("few", 0), ("image", probe, "p"))).Code(400));
        var said = await SearchAsync(admin, "few", probe);
        Assert.Equal(("too-few-comparisons", JsonValueKind.Null, 1), (
            Strangers(said).GetProperty("reason").GetString(), Strangers(said).GetProperty("value").ValueKind,
            Strangers(said).GetProperty("comparisons").GetInt32()));
    }

    [Fact]
    public async Task The_page_says_in_plain_words_how_many_people_reach_the_floor_and_score_as_high()
    {
        using var admin = service.Admin();
        var owner = (await admin.GetAsync("/v1/galleries/many").Json()).GetProperty("owner").GetString()!;
        using var page = await PageClient.SignedInAsync(service, owner, Role.Agent);
        async Task<string> SearchAsync(params (string, string)[] fields)
        {
            using var answer = await page.SendAsync(
                "/search", fragment: true, [("image", FakeImage.Of(Five[0]), "p")],
                [("gallery", "many"), ("caseNumber", "C"), ("basis", "B"), ("requester", "R"), .. fields]);
            return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        }

        Assert.Matches(
            @"about [\d.]+ other people are expected to reach the floor, on average \([\d.]+ to [\d.]+\); measured in this search on "
                + "the 320 subjects of gallery 'many'",
            await SearchAsync(("scoreFloor", "0.2")));
        var chosen = await SearchAsync(("scoreFloorStrangers", "3"));
        Assert.Matches(@"the floor 0\.\d{4} was chosen for this probe: about 3 strangers reach it", chosen);
        Assert.Matches(@"floor 0\.\d{4}", chosen);
        Assert.Contains("other people are expected to score as high, on average", chosen, StringComparison.Ordinal);
        Assert.DoesNotContain("data-one-stranger", chosen, StringComparison.Ordinal);
        // Without a floor the list says where strangers begin.
        var open = await SearchAsync();
        Assert.Contains("where a gallery has no floor every place of its part is filled", open, StringComparison.Ordinal);
        var (above, below) = (open.Split("data-one-stranger")[0], open.Split("data-one-stranger")[1]);
        Assert.All(Rough(above), strangers => Assert.InRange(strangers, 0, 1.05));
        Assert.NotEmpty(Rough(below));
        Assert.All(Rough(below), strangers => Assert.InRange(strangers, 0.95, 320));

        static IEnumerable<double> Rough(string part) => Regex.Matches(part, @"about ([\d.]+) strangers? of 320").Select(
            found => double.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture));
    }

    private static JsonElement Strangers(JsonElement of) => of.GetProperty("strangersExpected");

    private static JsonElement[] Candidates(JsonElement answer) => [.. answer.GetProperty("candidates").EnumerateArray()];

    private static JsonElement[] Faces(JsonElement answer) => [.. answer.GetProperty("faces").EnumerateArray()];

    private static object Request(string gallery) => new { galleries = new[] { gallery }, scoreFloor = 0.4, purpose = Requests.Purpose };

    private static Task<JsonElement> SearchAsync(HttpClient client, string gallery, byte[] probe) =>
        client.PostAsync("/v1/searches", Requests.Form(Request(gallery), ("image", probe, "p"))).Json();

    /// <summary>A service whose own profile is the default one, but for what becomes of several faces.</summary>
    public sealed class AllFacesService : TestService
    {
        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            // As many as say something of strangers.
            using var admin = Admin();
            await admin.CreateGalleryAsync("many");
            await Parallel.ForEachAsync(
                Enumerable.Range(1, 320), new ParallelOptions { MaxDegreeOfParallelism = 4 },
                async (person, _) => await admin.EnrolAsync("many", $"P{person}", FakeImage.Picture("", new FakeFace(person))));
        }

        internal override ServiceSettings Settings()
        {
            using var stream = typeof(Profile).Assembly.GetManifestResourceStream(
                typeof(Profile).Assembly.GetManifestResourceNames().Single(
                    name => name.EndsWith("default.json", StringComparison.Ordinal)))!;
            var profile = JsonNode.Parse(stream)!;
            profile["name"] = "all-faces";
            profile["rules"]!["severalFaces"]!["value"] = "allSearched";
            var file = Folder.Sub("all-faces.json");
            File.WriteAllText(file, profile.ToJsonString());
            var settings = base.Settings();
            settings.Profile = file;
            return settings;
        }
    }
}
