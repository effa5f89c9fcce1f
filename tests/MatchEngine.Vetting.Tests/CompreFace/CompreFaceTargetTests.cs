using System.Globalization;
using System.Text.Json.Nodes;
using MatchEngine.Vetting.CompreFace;
using MatchEngine.Vetting.Targets;
using MatchEngine.Vetting.Tests.Fakes;
using MatchEngine.Vetting.Tests.Targets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace MatchEngine.Vetting.Tests.CompreFace;

public sealed class CompreFaceTargetContractTests : TargetContract
{
    protected override bool IdentityNamesModel => false;

    protected override double Told(double score) => CompreFaceTargetTests.Similarity(score);

    internal override Task<ISystemUnderTest> OpenAsync(FakeService service) => CompreFaceTargetTests.OpenAsync(service);
}

public class CompreFaceTargetTests
{
    internal static async Task<ISystemUnderTest> OpenAsync(FakeService service)
    {
        var server = await StartAsync(service);
        return new WithServer(CompreFaceTarget.Open(server.Address, FakeHttpServer.Options), server);
    }

    internal static double Similarity(double score) => Math.Round((score + 1) / 2, 4);

    [Fact]
    public async Task What_the_interface_lacks_is_said()
    {
        await using var target = await OpenAsync(new FakeService());
        Assert.Equal(
            [Ability.EnrolTemplate, Ability.SearchTemplate, Ability.ScoreFloor, Ability.StrangersExpected, Ability.SearchRecord],
            target.Abilities.Missing.Keys.Order());
    }

    /// <summary>An answer written by hand from the description of the interface.</summary>
    [Fact]
    public async Task A_list_as_the_description_shows_it_is_read()
    {
        await using var server = await FakeHttpServer.StartAsync(
            app => app.MapPost("/api/v1/recognition/recognize", (HttpRequest request) =>
        {
            Assert.Equal("?prediction_count=3&status=true", request.QueryString.Value);
            Assert.Equal(FakeHttpServer.ExaminerKey, request.Headers["x-api-key"]);
            return Results.Text(
                """
                {
                  "result" : [ {
                    "age" : { "probability": 0.9308982491493225, "high": 32, "low": 25 },
                    "embedding" : [ 9.424854069948196E-4 ],
                    "box" : { "probability" : 1.0, "x_max" : 1420, "y_max" : 1368, "x_min" : 548, "y_min" : 295 },
                    "landmarks" : [ [ 814, 713 ], [ 1104, 829 ] ],
                    "subjects" : [ { "similarity" : 0.97858, "subject" : "subject1" }, { "similarity" : 0.5, "subject" : "subject2" } ],
                    "execution_time" : { "detector" : 117.0, "calculator" : 45.0 }
                  } ],
                  "plugins_versions" : { "age" : "agegender.AgeDetector", "detector" : "facenet.FaceDetector",
                                         "calculator" : "facenet.Calculator" }
                }
                """, "application/json");
        }));
        await using var target = CompreFaceTarget.Open(server.Address, FakeHttpServer.Options);
        var list = (await target.SearchAsync(
            new SearchQuery(FakeFace.Input(1)) { ListLength = 3 }, CallTerms.Usual, TestContext.Current.CancellationToken)).Value!;
        Assert.Equal(
            [(1, "subject1", 0.97858), (2, "subject2", 0.5)], list.Candidates.Select(one => (one.Rank, one.Subject, one.Score!.Value)));
        Assert.Equal(("facenet.Calculator", null), (list.Model, list.Disclaimer));
    }

    /// <summary>Numbers of the description's table of errors.</summary>
    [Theory]
    [InlineData("""{"message" : "No face is found in the given image", "code" : 28}""", 400, FailureKind.NoFace)]
    [InlineData("""{"code":31,"message":"Found more than one face"}""", 400, FailureKind.SeveralFaces)]
    [InlineData("""{"message":"Incorrect file","code":21}""", 400, FailureKind.UnreadableImage)]
    [InlineData("""{"message":"another","code":2100}""", 400, FailureKind.Refused)]
    [InlineData("""{"message":"Missing header in request","code":20}""", 400, FailureKind.Unauthorised)]
    [InlineData("<html>", 502, FailureKind.TargetFault)]
    public async Task An_error_is_told_in_the_words_of_the_port(string body, int status, FailureKind kind)
    {
        await using var server = await FakeHttpServer.StartAsync(app => app.MapPost(
            "/api/v1/recognition/recognize", () => Results.Text(body, "application/json", statusCode: status)));
        await using var target = CompreFaceTarget.Open(server.Address, FakeHttpServer.Options);
        Assert.Equal(kind, (await target.SearchAsync(
            new SearchQuery(FakeFace.Input(1)), CallTerms.Usual, TestContext.Current.CancellationToken)).Failure!.Kind);
    }

    private static Task<FakeHttpServer> StartAsync(FakeService service) => FakeHttpServer.StartAsync(app =>
    {
        app.MapPost("/api/v1/recognition/faces", (HttpRequest request) => AnswerAsync(request, async form =>
        {
            var subject = request.Query["subject"].ToString();
            service.Enrol(CallerOf(request), new EnrolmentQuery(subject, await PhotoAsync(form, "file")));
            return new JsonObject { ["image_id"] = "i", ["subject"] = subject };
        }));
        app.MapDelete("/api/v1/recognition/subjects/{subject}", (string subject, HttpRequest request) => AnswerAsync(request, _ =>
        {
            service.Remove(CallerOf(request), subject);
            return Task.FromResult<JsonNode>(new JsonObject { ["deleted"] = 1 });
        }));
        app.MapPost("/api/v1/recognition/recognize", (HttpRequest request) => AnswerAsync(request, async form =>
        {
            Assert.Equal("vetting", request.Headers["x-matchengine-gallery"]);
            var answer = service.Search(CallerOf(request), new SearchQuery(await PhotoAsync(form, "file"))
            {
                ListLength = request.Query.TryGetValue("prediction_count", out var count)
                    ? int.Parse(count!, CultureInfo.InvariantCulture)
                    : null,
                Purpose = Purpose(request),
            });
            var headers = request.HttpContext.Response.Headers;
            (headers["x-matchengine-disclaimer"], headers["x-matchengine-search-id"]) =
                (Uri.EscapeDataString(answer.Disclaimer!), answer.SearchId);
            headers["x-matchengine-withheld"] = $"{answer.Withheld}";
            return new JsonObject
            {
                ["result"] = new JsonArray(new JsonObject
                {
                    ["subjects"] = new JsonArray([.. answer.Candidates.Select(one => (JsonNode)new JsonObject
                    {
                        ["subject"] = one.Subject, ["similarity"] = Similarity(one.Score!.Value),
                    })]),
                }),
                ["plugins_versions"] = new JsonObject { ["calculator"] = answer.Model },
            };
        }));
        app.MapPost("/api/v1/verification/verify", (HttpRequest request) => AnswerAsync(request, async form =>
        {
            var answer = service.Compare(
                CallerOf(request),
                new ComparisonQuery(await PhotoAsync(form, "source_image"), await PhotoAsync(form, "target_image"))
                {
                    Purpose = Purpose(request),
                });
            request.HttpContext.Response.Headers["x-matchengine-disclaimer"] = Uri.EscapeDataString(answer.Disclaimer!);
            return new JsonObject
            {
                ["result"] = new JsonArray(new JsonObject
                {
                    ["face_matches"] = new JsonArray(new JsonObject { ["similarity"] = Similarity(answer.Score!.Value) }),
                }),
            };
        }));
    });

    private static async Task<IResult> AnswerAsync(HttpRequest request, Func<IFormCollection, Task<JsonNode>> ask)
    {
        try
        {
            return Results.Json(await ask(request.HasFormContentType ? await request.ReadFormAsync() : FormCollection.Empty));
        }
        catch (FakeRefusal refusal)
        {
            var (status, code) = refusal.Kind switch
            {
                FailureKind.Unauthorised => (401, 20),
                FailureKind.NotFound => (404, 11),
                FailureKind.NoFace => (400, 28),
                FailureKind.SeveralFaces => (400, 31),
                FailureKind.UnreadableImage => (400, 21),
                _ => (400, 0),
            };
            var message = refusal.Kind == FailureKind.PurposeMissing ? "a purpose is demanded" : refusal.Message;
            return Results.Json(new { message, code }, statusCode: status);
        }
    }

    private static async Task<PhotoInput> PhotoAsync(IFormCollection form, string name)
    {
        using var photo = new MemoryStream();
        await form.Files[name]!.CopyToAsync(photo);
        return new PhotoInput(photo.ToArray());
    }

    private static SearchPurpose? Purpose(HttpRequest request) => request.Headers["x-matchengine-case"].ToString() is { Length: > 0 } number
        ? new SearchPurpose(number, request.Headers["x-matchengine-basis"]!, request.Headers["x-matchengine-requester"]!)
        : null;

    private static Caller CallerOf(HttpRequest request) => request.Headers["x-api-key"].ToString() switch
    {
        FakeHttpServer.ExaminerKey => Caller.Examiner,
        FakeHttpServer.OtherKey => Caller.OtherOrganisation,
        "" => Caller.Nobody,
        _ => Caller.Stranger,
    };
}
