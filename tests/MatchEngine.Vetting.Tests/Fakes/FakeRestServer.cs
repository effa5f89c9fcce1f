using System.Text.Json;
using System.Text.Json.Serialization;
using MatchEngine.Client;
using MatchEngine.Vetting.Targets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace MatchEngine.Vetting.Tests.Fakes;

/// <summary>A <see cref="FakeService"/> that speaks the project's own REST interface, in the types of its client.</summary>
internal static class FakeRestServer
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public static Task<FakeHttpServer> StartAsync(FakeService service) => FakeHttpServer.StartAsync(app =>
    {
        app.MapGet("/v1/galleries/{gallery}", (string gallery, HttpRequest request) => Answer(() =>
        {
            var identity = service.Identify(FakeHttpServer.CallerOf(request));
            return new GalleryResponse { Name = gallery, Owner = "tests", Model = identity.Model!, Profile = "default", Approved = true };
        }));
        app.MapPost(
            "/v1/galleries/{gallery}/subjects/{subject}/encounters", (string subject, HttpRequest request) => AnswerAsync(async () =>
        {
            var body = await ReadAsync<EncounterRequest>(request);
            var answer = service.Enrol(
                FakeHttpServer.CallerOf(request), new EnrolmentQuery(subject, new PhotoInput(body.Image[0])));
            return new EnrolmentResponse { Enrolled = answer.New ? 1 : 0, Duplicates = answer.New ? 0 : 1 };
        }));
        app.MapDelete("/v1/galleries/{gallery}/subjects/{subject}", (string subject, HttpRequest request) => Answer<object?>(() =>
        {
            service.Remove(FakeHttpServer.CallerOf(request), subject);
            return null;
        }));
        app.MapPost("/v1/searches", (HttpRequest request) => AnswerAsync(async () =>
        {
            var body = await ReadAsync<SearchRequest>(request);
            return Response(service.Search(
                FakeHttpServer.CallerOf(request),
                new SearchQuery(new PhotoInput(body.Image))
                {
                    ListLength = body.ListLength, ScoreFloor = Double(body.ScoreFloor), Purpose = Purpose(body.Purpose),
                }));
        }));
        app.MapGet("/v1/searches/{search}", (string search, HttpRequest request) => Answer(() =>
        {
            var record = service.Read(FakeHttpServer.CallerOf(request), search);
            var audit = new Client.JsonElement();
            var words = record.Purpose!.Split("; ");
            audit.AdditionalProperties["purpose"] = new { caseNumber = words[0], basis = words[1], requester = words[2] };
            return new SearchRecord { SearchId = record.SearchId, Searched = record.Recorded!.Value, Audit = audit };
        }));
        app.MapPost("/v1/comparisons", (HttpRequest request) => AnswerAsync(async () =>
        {
            var body = await ReadAsync<ComparisonRequest>(request);
            var answer = service.Compare(
                FakeHttpServer.CallerOf(request),
                new ComparisonQuery(new PhotoInput(body.First), new PhotoInput(body.Second)) { Purpose = Purpose(body.Purpose) });
            var told = JsonSerializer.SerializeToNode(new ComparisonResponse
            {
                Score = answer.Score, Model = answer.Model!, Disclaimer = new DisclaimerWire { Version = "1", Text = answer.Disclaimer! },
                First = null!, Second = null!,
            }, Json)!;
            foreach (var more in answer.Members.Except(["score", "model", "disclaimer"]))
                told[more] = "told";
            return told;
        }));
    });

    private static SearchResponse Response(SearchAnswer answer) => new()
    {
        SearchId = answer.SearchId!,
        Candidates =
        [
            .. answer.Candidates.Select(one => new CandidateResponse
            {
                Rank = one.Rank, SubjectId = one.Subject, Score = one.Score, Gallery = "vetting",
                Biographics = one.Biographics.ToDictionary(name => name, _ => "told"), Record = "",
                StrangersExpected = Strangers(one.StrangersExpected),
            }),
        ],
        Disclaimer = answer.Disclaimer is { } text ? new DisclaimerWire { Version = "1", Text = text } : null!,
        Model = answer.Model!,
        Withheld = answer.Withheld,
        StrangersExpected = answer.StrangersUnsaid is { } reason
            ? new StrangersWire { Reason = reason, Population = "tests" }
            : Strangers(answer.StrangersExpected),
    };

    private static StrangersWire? Strangers(ExpectedStrangers? told) => told is null
        ? null
        : new StrangersWire { Value = told.Value, Low = told.Low, High = told.High, Population = "tests" };

    // As the wire's single precision has it.
    private static double? Double(float? floor) => floor is { } value ? Math.Round(value, 6) : null;

    private static SearchPurpose? Purpose(PurposeWire? wire) =>
        wire is null ? null : new SearchPurpose(wire.CaseNumber!, wire.Basis!, wire.Requester!);

    private static async Task<T> ReadAsync<T>(HttpRequest request) => (await request.ReadFromJsonAsync<T>(Json))!;

    private static IResult Answer<T>(Func<T> ask)
    {
        try
        {
            return ask() is { } answer ? Results.Json(answer, Json) : Results.NoContent();
        }
        catch (FakeRefusal refusal)
        {
            return Problem(refusal);
        }
    }

    private static async Task<IResult> AnswerAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return Results.Json(await ask(), Json);
        }
        catch (FakeRefusal refusal)
        {
            return Problem(refusal);
        }
    }

    private static IResult Problem(FakeRefusal refusal) => Results.Json(
        new ProblemResponse
        {
            Code = refusal.Code, Detail = refusal.Message, Status = FakeHttpServer.Status(refusal.Kind), Type = "", Title = "",
            RequestId = "r",
        },
        Json, "application/problem+json", FakeHttpServer.Status(refusal.Kind));
}
