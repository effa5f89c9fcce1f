using MatchEngine.Faces;
using MatchEngine.Frs.Probes;
using MatchEngine.Frs.Searching;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Rekognition;

/// <summary>Searches of a collection: by an image's largest face, or by an enrolled one.</summary>
internal static class FaceSearches
{
    /// <summary>What AWS takes where a request names no threshold.</summary>
    public const double DefaultThreshold = 80;

    public sealed record ByImageRequest(
        string? CollectionId = null, ImageShape? Image = null, int? MaxFaces = null, double? FaceMatchThreshold = null);

    public sealed record ByFaceRequest(
        string? CollectionId = null, string? FaceId = null, int? MaxFaces = null, double? FaceMatchThreshold = null);

    /// <summary>A candidate; without similarity where the gallery's profile tells no scores.</summary>
    public sealed record FaceMatch(double? Similarity, FaceShape Face);

    public sealed record FoundByImage(
        BoundingBoxShape? SearchedFaceBoundingBox, double? SearchedFaceConfidence, IReadOnlyList<FaceMatch> FaceMatches,
        string FaceModelVersion);

    public sealed record FoundByFace(string SearchedFaceId, IReadOnlyList<FaceMatch> FaceMatches, string FaceModelVersion);

    public static async Task<Reply> ByImageAsync(RekognitionCall call)
    {
        var request = call.Read<ByImageRequest>();
        var answer = await ByImageAsync(
            call, request.CollectionId, request.Image, request.MaxFaces, request.FaceMatchThreshold, nameof(request.FaceMatchThreshold));
        var face = answer.List.Probe is { } probe ? FaceDetailShape.Of(probe) : null;
        return Told(call, answer, new FoundByImage(face?.BoundingBox, face?.Confidence, Matches(answer), answer.List.Model));
    }

    public static async Task<Reply> ByFaceAsync(RekognitionCall call)
    {
        var request = call.Read<ByFaceRequest>();
        var encounter = FaceShape.EncounterOf(request.FaceId);
        var answer = await call.Use<SearchingGalleries>().SearchAsync(
            call.Actor,
            Request(call, request.CollectionId, request.MaxFaces, request.FaceMatchThreshold, nameof(request.FaceMatchThreshold)) with
            {
                EncounterId = encounter,
                EncounterGallery = request.CollectionId,
            },
            null, call.Aborted);
        return Told(call, answer, new FoundByFace(FaceShape.IdOf(encounter), Matches(answer), answer.List.Model));
    }

    /// <summary>Searches for the largest face of an image, as AWS takes it.</summary>
    public static Task<SearchAnswer> ByImageAsync(
        RekognitionCall call, string? collection, ImageShape? image, int? length, double? threshold, string thresholdName) =>
        call.Use<SearchingGalleries>().SearchAsync(
            call.Actor, Request(call, collection, length, threshold, thresholdName) with { Face = FaceChoice.Largest },
            call.Image("Image", image), call.Aborted);

    /// <summary>The answer with what is told in headers: the receipt too, once the buffers are cleared.</summary>
    /// <param name="call">The request.</param>
    /// <param name="answer">The list.</param>
    /// <param name="body">What is told of it.</param>
    /// <param name="withheld">How many of it are not told, because they would be too few.</param>
    public static Reply Told(RekognitionCall call, SearchAnswer answer, object body, int withheld = 0) => new(body)
    {
        Tell = headers =>
        {
            Headers.Told.Search(headers, answer, withheld);
            var receipts = call.Use<Receipts>();
            if (answer.Digest is { } digest)
                Headers.Told.Receipts(headers, [answer.Examination is null ? receipts.Deleted(digest) : receipts.Sealed(digest)]);
        },
    };

    /// <summary>The floor that a threshold is; 0: none.</summary>
    /// <exception cref="ProblemException">It is no threshold.</exception>
    public static float? Floor(double? threshold, string name) => (threshold ?? DefaultThreshold) switch
    {
        0 => null,
        > 0 and <= 100 and var similarity => SimilarityScale.ScoreOf(similarity),
        _ => throw new ProblemException(Problem.BadValue, $"{name} lies within 0 … 100"),
    };

    private static SearchRequest Request(RekognitionCall call, string? collection, int? length, double? threshold, string name) => new()
    {
        Galleries = [Collections.Require(collection)],
        ListLength = length,
        ScoreFloor = Floor(threshold, name),
        Purpose = call.Purpose,
        ApprovalId = call.Approval,
    };

    private static List<FaceMatch> Matches(SearchAnswer answer) =>
    [
        .. answer.List.Candidates.Select(candidate => new FaceMatch(
            SimilarityScale.Of(answer.ScoreOf(candidate)), FaceShape.Of(candidate))),
    ];
}
