using System.ComponentModel;
using System.Text.Json;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Answers;
using MatchEngine.Frs.Batches;
using MatchEngine.Service.Access;
using MatchEngine.Service.Intake;

namespace MatchEngine.Service.Rest;

/// <summary>An enrolled encounter that is a probe.</summary>
/// <param name="EncounterId">The encounter.</param>
/// <param name="EncounterGallery">The gallery that holds it; needed unless one gallery is named to be searched.</param>
/// <param name="ApprovalId">A supervisor's approval, where one is needed: each is good for one search.</param>
public sealed record BatchProbe(string EncounterId, string? EncounterGallery = null, string? ApprovalId = null);

/// <summary>Many searches. The probes are the images that come with it, in their order, and then the encounters.</summary>
/// <param name="Galleries">As for one search, and so are the others.</param>
/// <param name="ListLength">The largest number of candidates of each list.</param>
/// <param name="ScoreFloor">Candidates score this or more, −1 … 1; null for no floor.</param>
/// <param name="ScoreFloorStrangers">How many strangers are to be expected at or above a floor that is chosen for each probe.</param>
/// <param name="Filter">Conditions on biographics.</param>
/// <param name="Purpose">Why the searches are made.</param>
/// <param name="Face">Which face of each image is meant.</param>
/// <param name="StatedAge">The age of the people in the probes in years, by the word of who sends them.</param>
/// <param name="Encounters">Enrolled encounters as probes.</param>
/// <param name="IncludeOwnSubject">Whether an encounter's own subject may be a candidate.</param>
public sealed record SearchBatchRequest(
    IReadOnlyList<string>? Galleries = null,
    int? ListLength = null,
    float? ScoreFloor = null,
    double? ScoreFloorStrangers = null,
    IReadOnlyList<string>? Filter = null,
    PurposeWire? Purpose = null,
    [property: Description(FaceWords.Description)] string? Face = null,
    int? StatedAge = null,
    IReadOnlyList<BatchProbe>? Encounters = null,
    bool IncludeOwnSubject = false)
{
    internal SearchRequest ToCommon() => new(
        Galleries, ListLength, ScoreFloor, ScoreFloorStrangers, Filter, Purpose, Face, StatedAge, IncludeOwnSubject: IncludeOwnSubject);
}

/// <summary>A photo that is sent again.</summary>
/// <param name="Idc">Which face of a file with several face records is meant.</param>
public sealed record ResentProbe([property: Description(InterchangeProbe.IdcDescription)] int? Idc = null);

/// <summary>What a probe gave.</summary>
/// <param name="Number">The probe's number, from 1.</param>
/// <param name="State">Whether it was searched with.</param>
/// <param name="Answer">The answer that a search of its own would have had; null where there is none.</param>
/// <param name="Problem">Why there is none.</param>
public sealed record BatchResult(int Number, ProbeState State, SearchResponse? Answer, ProblemResponse? Problem);

/// <summary>A page of what the probes gave.</summary>
/// <param name="Results">By the numbers of the probes, as far as they are there and were not fetched.</param>
/// <param name="Next">Give this as <c>after</c> for the next page, which says that this one arrived;
/// null where there is nothing yet.</param>
/// <param name="Operation">How far it has come.</param>
public sealed record BatchResultsPage(IReadOnlyList<BatchResult> Results, int? Next, OperationResponse Operation);

/// <summary><c>/v1/search-batches</c>: many searches by one request, which share a pass of the index.</summary>
internal static class SearchBatchesResource
{
    private const string ImageName = "image";

    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapPost("/search-batches", async (HttpContext context, SearchingBatches batches) =>
            {
                using var submission = await Submission.ReadAsync(context, ImageName);
                var request = submission.Read<SearchBatchRequest>();
                var photos = submission.Images.Select(image => (ReadOnlyMemory<byte>)image.Content).ToList();
                var batch = batches.Submit(context.Actor(), new NewBatch(
                    SearchBatch.Many, JsonSerializer.SerializeToUtf8Bytes(request.ToCommon(), WireJson.Options), new AnswerForm(),
                    photos.Count == 0 ? null : new HeldPhotos(photos, submission.HandOver()),
                    [.. (request.Encounters ?? []).Select(probe => new EncounterProbe(
                        probe.EncounterId, probe.EncounterGallery, probe.ApprovalId))]));
                return Results.Accepted($"/v1/operations/{batch.Id}", OperationResponse.Of(batch));
            })
            .Needs(Policies.Search).WhenReady().WithName("searchMany").WithTags("searches")
            .WithSummary("Search with many probes: images, enrolled encounters. Each is a search of its own in audit, rules and list")
            .TakesImages<SearchBatchRequest>(new ImageField(ImageName, "A probe: a still image", Required: false, Several: true))
            .Produces<OperationResponse>(StatusCodes.Status202Accepted).Problems(404, 409);
        v1.MapGet("/search-batches/{batch}/results", (
                string batch, [Description("Behind which probe the page begins; the results up to it are deleted")] int? after, int? count,
                HttpContext context, SearchingBatches batches) =>
            {
                var actor = context.Actor();
                // Whoever asks for the headers alone, which is answered as GET, has received nothing.
                var answers = batches.Answers(
                    actor, batch, after ?? 0, count, areReceived: context.Features.Get<AskedByHead>() is null);
                return new BatchResultsPage(
                    [.. answers.Select(answer => Result(answer.Number, answer.State, answer.Answer))],
                    answers.Count > 0 ? answers[^1].Number : null, OperationResponse.Of(batches.Find(actor, batch)));
            })
            .Needs(Policies.Search).WithName("getSearchBatchResults").WithTags("searches")
            .WithSummary("What the probes gave, as far as they have come: kept until the next page is asked for, or they expire")
            .Produces<BatchResultsPage>().Problems(400, 404);
        v1.MapPut("/search-batches/{batch}/probes/{number:int}", async (
                string batch, int number, HttpContext context, SearchingBatches batches) =>
            {
                using var submission = await Submission.ReadAsync(context, ImageName);
                var image = submission.RequireImage(ImageName);
                submission.Read<ResentProbe>();
                var taken = batches.Resend(
                    context.Actor(), batch, number, new HeldPhotos([image.Content], submission.HandOver()));
                return Results.Accepted($"/v1/operations/{taken.Id}", OperationResponse.Of(taken));
            })
            .Needs(Policies.Search).WhenReady().WithName("resendProbe").WithTags("searches")
            .WithSummary("Send the photo of a probe again that was lost when the service ended")
            .TakesImages<ResentProbe>(new ImageField(ImageName, "The probe"))
            .Produces<OperationResponse>(StatusCodes.Status202Accepted).Problems(404, 409);
    }

    private static BatchResult Result(int number, ProbeState state, KeptAnswer? answer) => answer switch
    {
        null => new BatchResult(number, state, null, null),
        { Status: StatusCodes.Status200OK } => new BatchResult(
            number, state, JsonSerializer.Deserialize<SearchResponse>(answer.Body.Span, WireJson.Options), null),
        _ => new BatchResult(number, state, null, JsonSerializer.Deserialize<ProblemResponse>(answer.Body.Span, WireJson.Options)),
    };
}
