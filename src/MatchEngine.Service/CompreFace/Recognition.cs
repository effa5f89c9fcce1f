using MatchEngine.Faces;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Probes;
using MatchEngine.Frs.Searching;
using MatchEngine.Galleries.Search;
using MatchEngine.Service.Headers;
using MatchEngine.Service.Intake;

namespace MatchEngine.Service.CompreFace;

/// <summary><c>/api/v1/recognition/recognize</c>: a search, whose list is told face by face.</summary>
internal static class Recognition
{
    private const string File = "file";

    public sealed record RecognisedShape(IReadOnlyList<RecognisedFace> Result, IReadOnlyDictionary<string, string>? PluginsVersions);

    /// <param name="Box">The face of the image.</param>
    /// <param name="Subjects">The candidates that it found, in rank order.</param>
    /// <param name="ExecutionTime">Milliseconds, for all faces together.</param>
    public sealed record RecognisedFace(
        BoxShape Box, IReadOnlyList<SimilarSubject> Subjects, IReadOnlyDictionary<string, double>? ExecutionTime);

    /// <param name="Subject">A candidate: a lead, never an identification.</param>
    /// <param name="Similarity">Absent where the gallery's profile tells no scores.</param>
    public sealed record SimilarSubject(string Subject, double? Similarity);

    public static void Map(RouteGroupBuilder recognition) =>
        recognition.MapPost("/recognize", RecogniseAsync).RequireAuthorization(Policies.Search).WhenReady();

    private static async Task<IResult> RecogniseAsync(
        HttpContext context, KeepingClientSettings settings, SearchingGalleries searching, Receipts receipts)
    {
        var call = CompreFaceDialect.CallOf(context, settings);
        var confidence = call.Confidence;
        var request = new SearchRequest
        {
            Galleries = [call.Gallery],
            ListLength = call.Number("prediction_count", 1, int.MaxValue) ?? 1,
            // The biggest one is asked for by a limit of 1; what becomes of several the profile says.
            Face = call.Limit == 1 ? FaceChoice.Largest : null,
            Purpose = call.Purpose,
            ApprovalId = call.Approval,
        };
        SearchAnswer answer;
        using (var images = await SentImages.ReadAsync(context, File))
            answer = await searching.SearchAsync(call.Actor, request, images.Require(File), call.Aborted);
        Told.Search(context.Response.Headers, answer with { Notices = [.. call.Unheeded, .. answer.Notices] });
        Told.Receipts(
            context.Response.Headers,
            [answer.Examination is null ? receipts.Deleted(answer.Digest!) : receipts.Sealed(answer.Digest!)]);
        var faces = answer.List.Faces.Where(face => face.Refusal is null).ToList();
        // Told with all faces or not at all: a part of the list could be fewer candidates than its rule demands.
        CompreFaceDialect.RequireFaces(faces, confidence);
        return CompreFaceJson.Answer(new RecognisedShape(
            [.. faces.Select(face => Face(answer, face, call.Status))],
            call.Status ? new Dictionary<string, string> { ["calculator"] = answer.List.Model } : null));
    }

    private static RecognisedFace Face(SearchAnswer answer, ProbeFace face, bool status) => new(
        BoxShape.Of(face),
        [
            .. answer.List.Candidates.Where(candidate => candidate.Face is not { } number || number == face.Number)
                .Select(candidate => new SimilarSubject(candidate.SubjectId, CompreFaceDialect.Similarity(answer.ScoreOf(candidate)))),
        ],
        status
            ? new Dictionary<string, double>
            {
                ["detector"] = Milliseconds(answer.List.Elapsed.Decode + answer.List.Elapsed.Detect),
                ["calculator"] = Milliseconds(answer.List.Elapsed.Embed),
            }
            : null);

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 1);
}
