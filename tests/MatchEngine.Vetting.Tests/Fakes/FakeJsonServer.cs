using System.Globalization;
using System.Text.Json.Nodes;
using MatchEngine.Vetting.Targets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace MatchEngine.Vetting.Tests.Fakes;

/// <summary>
/// A <see cref="FakeService"/> that speaks a small JSON interface of nobody's: distances in place of scores, a search in a multipart body,
/// enrolment in base64.
/// </summary>
internal static class FakeJsonServer
{
    /// <summary>The mapping that describes it.</summary>
    public static string Mapping(Uri address) => $$"""
        {
          "address": "{{address}}",
          "headers": { "Authorization": "Bearer {credential}", "X-Client": "vetting" },
          "scores": { "better": "smaller", "low": 0, "high": 2 },
          "identity": {
            "request": { "method": "GET", "path": "/about" },
            "product": "$.name", "version": "$.about.version", "model": "$.about.model",
            "settings": { "minimum": "$.about.minimum", "by": "hand" }
          },
          "enrol": {
            "method": "POST", "path": "/people/{subject}/photos",
            "json": { "photo": { "type": "{mediaType}", "content": "{image}" } }
          },
          "remove": { "method": "DELETE", "path": "/people/{subject}" },
          "search": {
            "method": "POST", "path": "/find",
            "multipart": {
              "photo": "{image}", "most": "{listLength}", "furthest": "{scoreFloor}",
              "why": "{caseNumber}; {basis}; {requester}"
            },
            "candidates": "$.found[*]", "subject": "$.person.id", "score": "$.distance", "rank": "$.place", "biographics": "$.person.known",
            "searchId": "$.number", "disclaimer": "$.notice", "model": "$.model", "strangersExpected": "$.strangers", "withheld": "$.kept"
          },
          "compare": {
            "method": "POST", "path": "/pair",
            "json": { "a": "{first}", "b": "{second}", "why": "{caseNumber}; {basis}; {requester}" },
            "score": "$.distance", "disclaimer": "$.notice", "model": "$.model"
          },
          "record": { "method": "GET", "path": "/log/{searchId}", "purpose": "$.why", "recorded": "$.at" },
          "failures": [
            { "status": 422, "contains": "two faces", "kind": "severalFaces" },
            { "status": 422, "kind": "noFace" },
            { "status": 400, "contains": "say why", "kind": "purposeMissing" }
          ]
        }
        """;

    public static Task<FakeHttpServer> StartAsync(FakeService service) => FakeHttpServer.StartAsync(app =>
    {
        app.MapGet("/about", (HttpRequest request) => AnswerAsync(() =>
        {
            var identity = service.Identify(FakeHttpServer.CallerOf(request));
            return Task.FromResult<JsonNode>(new JsonObject
            {
                ["name"] = identity.Product,
                ["about"] = new JsonObject
                {
                    ["version"] = identity.Version, ["model"] = identity.Model, ["minimum"] = identity.Settings["minimum"],
                },
            });
        }));
        app.MapPost("/people/{person}/photos", (string person, HttpRequest request) => AnswerAsync(async () =>
        {
            var photo = Convert.FromBase64String((await BodyAsync(request))["photo"]!["content"]!.GetValue<string>());
            service.Enrol(FakeHttpServer.CallerOf(request), new EnrolmentQuery(person, new PhotoInput(photo)));
            return new JsonObject();
        }));
        app.MapDelete("/people/{person}", (string person, HttpRequest request) => AnswerAsync(() =>
        {
            service.Remove(FakeHttpServer.CallerOf(request), person);
            return Task.FromResult<JsonNode>(new JsonObject());
        }));
        app.MapPost("/find", (HttpRequest request) => AnswerAsync(async () =>
        {
            var form = await request.ReadFormAsync();
            var photo = new MemoryStream();
            await form.Files["photo"]!.CopyToAsync(photo);
            var answer = service.Search(
                FakeHttpServer.CallerOf(request),
                new SearchQuery(new PhotoInput(photo.ToArray()))
                {
                    ListLength = form.TryGetValue("most", out var most) ? int.Parse(most!, CultureInfo.InvariantCulture) : null,
                    ScoreFloor = form.TryGetValue("furthest", out var furthest)
                        ? Math.Round(1 - double.Parse(furthest!, CultureInfo.InvariantCulture), 9)
                        : null,
                    Purpose = Purpose(form.TryGetValue("why", out var why) ? why.ToString() : null),
                });
            return new JsonObject
            {
                ["number"] = answer.SearchId,
                ["notice"] = answer.Disclaimer,
                ["model"] = answer.Model,
                ["kept"] = answer.Withheld,
                ["strangers"] = answer.StrangersExpected?.Value,
                ["found"] = new JsonArray([.. answer.Candidates.Select(one => (JsonNode)new JsonObject
                {
                    ["place"] = one.Rank,
                    ["distance"] = Distance(one.Score),
                    ["person"] = new JsonObject { ["id"] = one.Subject, ["known"] = new JsonObject() },
                })]),
            };
        }));
        app.MapPost("/pair", (HttpRequest request) => AnswerAsync(async () =>
        {
            var body = await BodyAsync(request);
            var answer = service.Compare(
                FakeHttpServer.CallerOf(request),
                new ComparisonQuery(Photo(body["a"]!), Photo(body["b"]!)) { Purpose = Purpose((string?)body["why"]) });
            return new JsonObject { ["distance"] = Distance(answer.Score), ["notice"] = answer.Disclaimer, ["model"] = answer.Model };
        }));
        app.MapGet("/log/{search}", (string search, HttpRequest request) => AnswerAsync(() =>
        {
            var record = service.Read(FakeHttpServer.CallerOf(request), search);
            return Task.FromResult<JsonNode>(new JsonObject { ["why"] = record.Purpose, ["at"] = record.Recorded!.Value.ToString("o") });
        }));
    });

    private static double? Distance(double? score) => score is { } value ? Math.Round(1 - value, 4) : null;

    private static PhotoInput Photo(JsonNode base64) => new(Convert.FromBase64String(base64.GetValue<string>()));

    private static SearchPurpose? Purpose(string? why) =>
        why?.Split("; ") is [var number, var basis, var requester] ? new SearchPurpose(number, basis, requester) : null;

    private static async Task<JsonNode> BodyAsync(HttpRequest request) => (await request.ReadFromJsonAsync<JsonNode>())!;

    private static async Task<IResult> AnswerAsync(Func<Task<JsonNode>> ask)
    {
        try
        {
            return Results.Json(await ask());
        }
        catch (FakeRefusal refusal)
        {
            return Results.Json(new { error = refusal.Message }, statusCode: FakeHttpServer.Status(refusal.Kind));
        }
    }
}
