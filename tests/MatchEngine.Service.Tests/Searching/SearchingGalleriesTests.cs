using System.Text.Json;
using System.Text.Json.Nodes;
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
        using var admin = await GalleryAsync("strangers");
        var one = await SearchAsync(admin, "strangers", FakeImage.Of(Five[0]));
        var calls = service.Extractor.Calls;
        var all = await SearchAsync(admin, "strangers", FakeImage.Of(Five));

        Assert.Equal(calls + 1, service.Extractor.Calls);
        // 1,000 of a million comparisons reach the floor of 0.4, of each of eight templates.
        Assert.Equal(0.008, Strangers(one), 1e-5);
        Assert.Equal(0.04, Strangers(all), 1e-5);
        Assert.Equal(["P1", "P2", "P3", "P4", "P5"], Candidates(all).Select(c => c.GetProperty("subjectId").GetString()!).Order());
        Assert.All(Candidates(all), c => Assert.Equal(
            c.GetProperty("subjectId").GetString(), $"P{c.GetProperty("probeFace").GetInt32()}"));
        Assert.Equal([1, 2, 3, 4, 5], Faces(all).Select(face => face.GetProperty("number").GetInt32()));
        Assert.All(Faces(all), face => Assert.Equal(JsonValueKind.Null, face.GetProperty("notSearched").ValueKind));
        Assert.True(all.GetProperty("exhaustive").GetBoolean());
    }

    [Fact]
    public async Task A_blurred_face_of_several_is_listed_with_its_reason_and_left_out()
    {
        using var admin = await GalleryAsync("blurred");
        var answer = await SearchAsync(admin, "blurred", FakeImage.Salted("\nquality 90 80 6 80 80", Five));

        Assert.Equal(0.032, Strangers(answer), 1e-5);
        Assert.Equal(["P1", "P2", "P4", "P5"], Candidates(answer).Select(c => c.GetProperty("subjectId").GetString()!).Order());
        var poor = Assert.Single(Faces(answer), face => face.GetProperty("notSearched").ValueKind != JsonValueKind.Null);
        Assert.Equal((3, 6.0), (poor.GetProperty("number").GetInt32(), Math.Round(poor.GetProperty("quality").GetDouble(), 3)));
        Assert.StartsWith("the face's quality is 6 of 100", poor.GetProperty("notSearched").GetString(), StringComparison.Ordinal);
        Assert.Contains(
            answer.GetProperty("notices").EnumerateArray(),
            notice => notice.GetString()!.StartsWith("face 3 of the probe was not searched", StringComparison.Ordinal));

        Assert.Equal("low_quality", await admin.PostAsync(
            "/v1/searches", Requests.Form(Request("blurred"), ("image", FakeImage.Salted("\nquality 6", Five), "p"))).Code(422));
    }

    private static double Strangers(JsonElement answer) => answer.GetProperty("expectedNonMatesAboveFloor").GetDouble();

    private static JsonElement[] Candidates(JsonElement answer) => [.. answer.GetProperty("candidates").EnumerateArray()];

    private static JsonElement[] Faces(JsonElement answer) => [.. answer.GetProperty("faces").EnumerateArray()];

    private static object Request(string gallery) => new { galleries = new[] { gallery }, scoreFloor = 0.4, purpose = Requests.Purpose };

    private static Task<JsonElement> SearchAsync(HttpClient client, string gallery, byte[] probe) =>
        client.PostAsync("/v1/searches", Requests.Form(Request(gallery), ("image", probe, "p"))).Json();

    private async Task<HttpClient> GalleryAsync(string name)
    {
        var admin = service.Admin();
        await admin.CreateGalleryAsync(name);
        for (var person = 1; person <= 8; person++)
            await admin.EnrolAsync(name, $"P{person}", FakeImage.Picture("", new FakeFace(person)));
        return admin;
    }

    /// <summary>A service whose own profile is the default one, but for what becomes of several faces.</summary>
    public sealed class AllFacesService : TestService
    {
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
