using System.Text;
using System.Text.Json.Nodes;
using MatchEngine.Vetting.Targets;
using MatchEngine.Vetting.Tests.Fakes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace MatchEngine.Vetting.Tests.Rekognition;

/// <summary>
/// A <see cref="FakeService"/> with Rekognition's interface. Who sent a request is known by the access key id: signatures are checked by
/// the service's own dialect, in another test.
/// </summary>
internal static class FakeRekognitionServer
{
    private const string ExaminerId = "EXAMINERSID", OtherId = "OTHERSID";

    public static TargetOptions Options { get; } = FakeHttpServer.Options with
    {
        Credentials = new TargetCredentials($"{ExaminerId} {FakeHttpServer.ExaminerKey}", $"{OtherId} {FakeHttpServer.OtherKey}"),
    };

    public static double Similarity(double score) => Math.Round(50 * (score + 1), 4);

    public static Task<FakeHttpServer> StartAsync(FakeService service)
    {
        // Faces of subjects that the service's own enrolment does not know as such: it has subjects alone.
        var faces = new Dictionary<string, string>();
        return FakeHttpServer.StartAsync(app => app.MapPost("/", async (HttpRequest request) =>
        {
            var body = JsonNode.Parse(await new StreamReader(request.Body, Encoding.UTF8).ReadToEndAsync())!.AsObject();
            try
            {
                return Results.Json(
                    Answer(request, request.Headers["X-Amz-Target"].ToString().Split('.')[1], body),
                    contentType: "application/x-amz-json-1.1");
            }
            catch (FakeRefusal refusal)
            {
                if (refusal.Kind is FailureKind.SeveralFaces or FailureKind.PurposeMissing)
                    request.HttpContext.Response.Headers["x-matchengine-code"] = refusal.Code;
                return Results.Json(
                    new Dictionary<string, string> { ["__type"] = TypeOf(refusal.Kind), ["message"] = MessageOf(refusal) },
                    statusCode: 400);
            }
        }));

        JsonNode Answer(HttpRequest request, string operation, JsonObject body)
        {
            var caller = CallerOf(request);
            switch (operation)
            {
                case "DescribeCollection":
                    return new JsonObject { ["FaceCount"] = faces.Count, ["FaceModelVersion"] = service.Identify(caller).Model };
                case "IndexFaces":
                    var subject = (string)body["ExternalImageId"]!;
                    service.Enrol(caller, new EnrolmentQuery(subject, Photo(body["Image"]!)));
                    faces[$"face-{faces.Count}"] = subject;
                    return new JsonObject { ["FaceRecords"] = new JsonArray(new JsonObject()), ["UnindexedFaces"] = new JsonArray() };
                case "ListFaces":
                    // Two to a page: whoever wants all follows the token.
                    var from = (int?)body["NextToken"]?.GetValue<string>().Length ?? 0;
                    return new JsonObject
                    {
                        ["Faces"] = new JsonArray([.. faces.Skip(from).Take(2).Select(face => (JsonNode)new JsonObject
                        {
                            ["FaceId"] = face.Key, ["ExternalImageId"] = face.Value,
                        })]),
                        ["NextToken"] = from + 2 < faces.Count ? new string('x', from + 2) : null,
                    };
                case "DeleteFaces":
                    var deleted = body["FaceIds"]!.AsArray().Select(id => (string)id!).ToList();
                    foreach (var id in deleted)
                        if (faces.Remove(id, out var gone))
                            service.Remove(caller, gone);
                    return new JsonObject { ["DeletedFaces"] = new JsonArray([.. deleted.Select(id => (JsonNode)id)]) };
                case "SearchFacesByImage":
                    var answer = service.Search(caller, new SearchQuery(Photo(body["Image"]!))
                    {
                        ListLength = (int?)body["MaxFaces"],
                        ScoreFloor = (double)body["FaceMatchThreshold"]! is var floor and > 0 ? Math.Round(floor / 50 - 1, 9) : null,
                        Purpose = Purpose(request),
                    });
                    Tell(request, answer.Disclaimer, answer.SearchId, answer.Withheld);
                    return new JsonObject
                    {
                        ["FaceModelVersion"] = answer.Model,
                        ["FaceMatches"] = new JsonArray([.. answer.Candidates.Select(one => (JsonNode)new JsonObject
                        {
                            ["Similarity"] = Similarity(one.Score!.Value),
                            ["Face"] = new JsonObject { ["FaceId"] = "id", ["ExternalImageId"] = one.Subject },
                        })]),
                    };
                case "CompareFaces":
                    var compared = service.Compare(
                        caller,
                        new ComparisonQuery(Photo(body["SourceImage"]!), Photo(body["TargetImage"]!)) { Purpose = Purpose(request) });
                    Tell(request, compared.Disclaimer, null, 0);
                    request.HttpContext.Response.Headers["x-matchengine-model"] = compared.Model;
                    return new JsonObject
                    {
                        ["FaceMatches"] = new JsonArray(new JsonObject { ["Similarity"] = Similarity(compared.Score!.Value) }),
                    };
                default:
                    throw new FakeRefusal(FailureKind.Refused, "operation", operation);
            }
        }
    }

    private static void Tell(HttpRequest request, string? disclaimer, string? search, int withheld)
    {
        var headers = request.HttpContext.Response.Headers;
        headers["x-matchengine-disclaimer"] = Uri.EscapeDataString(disclaimer!);
        if (search is not null)
            headers["x-matchengine-search-id"] = search;
        headers["x-matchengine-withheld"] = $"{withheld}";
    }

    private static SearchPurpose? Purpose(HttpRequest request) => request.Headers["x-matchengine-case"].ToString() is { Length: > 0 } number
        ? new SearchPurpose(number, request.Headers["x-matchengine-basis"]!, request.Headers["x-matchengine-requester"]!)
        : null;

    private static Caller CallerOf(HttpRequest request) => request.Headers.Authorization.ToString() switch
    {
        var text when text.Contains($"Credential={ExaminerId}/", StringComparison.Ordinal) => Caller.Examiner,
        var text when text.Contains($"Credential={OtherId}/", StringComparison.Ordinal) => Caller.OtherOrganisation,
        "" => Caller.Nobody,
        _ => Caller.Stranger,
    };

    private static PhotoInput Photo(JsonNode image) => new(Convert.FromBase64String((string)image["Bytes"]!));

    private static string TypeOf(FailureKind kind) => kind switch
    {
        FailureKind.Unauthorised => "UnrecognizedClientException",
        FailureKind.PurposeMissing => "AccessDeniedException",
        FailureKind.NotFound => "ResourceNotFoundException",
        FailureKind.TooLarge => "ImageTooLargeException",
        FailureKind.UnreadableImage => "InvalidImageFormatException",
        _ => "InvalidParameterException",
    };

    private static string MessageOf(FakeRefusal refusal) =>
        refusal.Kind == FailureKind.NoFace ? "There are no faces in the image. Should be at least 1." : refusal.Message;
}
