using System.Text;
using System.Text.Json.Nodes;
using MatchEngine.Vetting.MappedHttp;
using MatchEngine.Vetting.Targets;
using MatchEngine.Vetting.Tests.Fakes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace MatchEngine.Vetting.Tests.MappedHttp;

/// <summary>The mapping that is shipped, against answers written by hand in the form of DeepFace 0.0.100.</summary>
public class DeepFaceMappingTests
{
    private static readonly string File = Path.Combine(AppContext.BaseDirectory, "mappings", "deepface.json");

    [Fact]
    public async Task Who_is_registered_is_found_by_the_smallest_distance()
    {
        var service = new FakeService();
        await using var server = await StartAsync(service);
        await using var target = Open(server.Address);
        for (var person = 0; person < 8; person++)
            Assert.True((await target.EnrolAsync(
                new EnrolmentQuery($"p{person}", FakeFace.Input(person)), CallTerms.Usual, CancellationToken.None)).Answered(out _));

        var list = await target.SearchAsync(
            new SearchQuery(FakeFace.Input(3, 1)) { ListLength = 4 }, CallTerms.Usual, CancellationToken.None);
        Assert.True(list.Answered(out var answer), list.Failure?.Detail);
        var own = service.Search(Caller.Examiner, new SearchQuery(FakeFace.Input(3, 1)) { ListLength = 4 });
        Assert.Equal(own.Candidates.Select(one => one.Subject), answer.Candidates.Select(one => one.Subject));
        Assert.Equal(own.Candidates.Select(one => Math.Round(one.Score!.Value - 1, 4)), answer.Candidates.Select(one => one.Score!.Value));
        Assert.Equal("Facenet512", answer.Model);

        var compared = await target.CompareAsync(
            new ComparisonQuery(FakeFace.Input(3), FakeFace.Input(3)), CallTerms.Usual, CancellationToken.None);
        Assert.Equal(0, compared.Value?.Score);
        Assert.Contains("facial_areas.img1.x", compared.Value!.Members);
    }

    [Fact]
    public async Task Its_refusals_have_their_kinds()
    {
        await using var server = await StartAsync(new FakeService());
        await using var target = Open(server.Address);
        Assert.Equal(FailureKind.NoFace, await KindAsync(Grey(), Caller.Examiner));
        Assert.Equal(FailureKind.UnreadableImage, await KindAsync("no image"u8.ToArray(), Caller.Examiner));
        Assert.Equal(FailureKind.Unauthorised, await KindAsync(FakeFace.Photo(1), Caller.Stranger));

        async Task<FailureKind?> KindAsync(byte[] photo, Caller caller) => (await target.SearchAsync(
            new SearchQuery(new PhotoInput(photo)), new CallTerms { Caller = caller }, CancellationToken.None)).Failure?.Kind;
    }

    [Fact]
    public async Task What_the_interface_lacks_is_said()
    {
        await using var target = Open(new Uri("http://127.0.0.1:9"));
        Assert.Equal(
            [
                Ability.EnrolTemplate, Ability.Remove, Ability.SearchTemplate, Ability.ScoreFloor, Ability.Purpose, Ability.Disclaimer,
                Ability.StrangersExpected, Ability.SearchRecord,
            ],
            target.Abilities.Missing.Keys.Order());
        var identity = (await target.IdentifyAsync(CallTerms.Usual, CancellationToken.None)).Value!;
        Assert.Equal(("DeepFace", "0.0.100", "Facenet512"), (identity.Product, identity.Version, identity.Model));
    }

    private static MappedTarget Open(Uri address) => MappedTarget.Open(
        MappingReader.Read(
            Encoding.UTF8.GetBytes(
                System.IO.File.ReadAllText(File).Replace("http://localhost:5005", address.ToString(), StringComparison.Ordinal)),
            "deepface.json"),
        "deepface.json", FakeHttpServer.Options);

    private static Task<FakeHttpServer> StartAsync(FakeService service) => FakeHttpServer.StartAsync(app =>
    {
        Map("/register", "registering", (caller, body) =>
        {
            service.Enrol(caller, new EnrolmentQuery((string)body["img_name"]!, Photo(body["img"])));
            return new JsonObject { ["inserted"] = 1 };
        });
        Map("/search", "searching", (caller, body) =>
        {
            Assert.True((bool)body["similarity_search"]!);
            var answer = service.Search(caller, new SearchQuery(Photo(body["img"])) { ListLength = (int?)body["k"] });
            return new JsonObject
            {
                ["results"] = new JsonArray(new JsonArray([.. answer.Candidates.Select(one => (JsonNode)new JsonObject
                {
                    ["id"] = 1, ["img_name"] = one.Subject, ["model_name"] = "Facenet512", ["threshold"] = 0.3,
                    ["distance"] = Math.Round(1 - one.Score!.Value, 4), ["confidence"] = 50,
                })])),
            };
        });
        Map("/verify", "verifying", (caller, body) => new JsonObject
        {
            ["verified"] = true,
            ["distance"] = Math.Round(
                1 - service.Compare(caller, new ComparisonQuery(Photo(body["img1"]), Photo(body["img2"]))).Score!.Value, 4),
            ["model"] = "Facenet512",
            ["facial_areas"] = new JsonObject { ["img1"] = new JsonObject { ["x"] = 1 } },
        });

        void Map(string path, string doing, Func<Caller, JsonNode, JsonNode> ask) => app.MapPost(path, async (HttpRequest request) =>
        {
            try
            {
                return Results.Json(ask(FakeHttpServer.CallerOf(request), (await request.ReadFromJsonAsync<JsonNode>())!));
            }
            catch (FakeRefusal refusal)
            {
                return refusal.Kind switch
                {
                    FailureKind.Unauthorised => Results.Json(new { message = "Invalid or missing authentication token" }, statusCode: 401),
                    FailureKind.UnreadableImage => Results.Json(new { exception = "Failed to decode image" }, statusCode: 400),
                    _ => Results.Json(
                        new { error = $"Exception while {doing}: Face could not be detected. Please confirm" }, statusCode: 400),
                };
            }
        });
    });

    private static PhotoInput Photo(JsonNode? image)
    {
        const string prefix = "data:image/jpeg;base64,";
        var text = image!.GetValue<string>();
        Assert.StartsWith(prefix, text, StringComparison.Ordinal);
        return new PhotoInput(Convert.FromBase64String(text[prefix.Length..]));
    }

    private static byte[] Grey()
    {
        using var image = new Faces.Images.Image(64, 64);
        image.Pixels.Fill(128);
        return Faces.Images.ImageEncoder.ToJpeg(image);
    }
}
