using MatchEngine.Faces;
using MatchEngine.Frs.Comparing;
using MatchEngine.Frs.Probes;
using MatchEngine.Frs.Searching;
using MatchEngine.Service.Headers;

namespace MatchEngine.Service.Rekognition;

/// <summary>Images in, nothing kept: the comparison of two, the faces of one.</summary>
internal static class FaceComparisons
{
    public sealed record CompareRequest(
        ImageShape? SourceImage = null, ImageShape? TargetImage = null, double? SimilarityThreshold = null);

    public sealed record CompareMatch(double? Similarity, FaceDetailShape Face);

    public sealed record Compared(
        FaceDetailShape SourceImageFace, IReadOnlyList<CompareMatch> FaceMatches, IReadOnlyList<FaceDetailShape> UnmatchedFaces);

    public sealed record DetectRequest(ImageShape? Image = null);

    public sealed record Detected(IReadOnlyList<FaceDetailShape> FaceDetails);

    public static async Task<Reply> CompareAsync(RekognitionCall call)
    {
        var request = call.Read<CompareRequest>();
        // What the threshold parts is told apart by the client's own number, and nobody here says what it means.
        var floor = FaceSearches.Floor(request.SimilarityThreshold, nameof(request.SimilarityThreshold)) ?? -1;
        var compared = await call.Use<ComparingFaces>().CompareAsync(
            call.Actor,
            new ComparisonRequest { Face = FaceChoice.Largest, Purpose = call.Purpose, ApprovalId = call.Approval },
            call.Image("SourceImage", request.SourceImage), call.Image("TargetImage", request.TargetImage), call.Aborted);
        var (faces, target) = (compared.Faces, FaceDetailShape.Of(compared.Faces.Second));
        var reached = faces.Score >= floor;
        return new Reply(new Compared(
            FaceDetailShape.Of(faces.First), reached ? [new CompareMatch(SimilarityScale.Of(compared.Shown), target)] : [],
            reached ? [] : [target]))
        {
            Tell = headers =>
            {
                var receipts = call.Use<Receipts>();
                Told.Reader(headers, compared.Disclaimer, compared.Notices);
                Told.Receipts(headers, [receipts.Deleted(compared.FirstDigest), receipts.Deleted(compared.SecondDigest)]);
            },
        };
    }

    public static async Task<Reply> DetectAsync(RekognitionCall call)
    {
        var request = call.Read<DetectRequest>();
        var (faces, digest) = await call.Use<MeasuringQuality>().DetectAsync(
            call.Actor, call.Image("Image", request.Image), null, call.Aborted);
        return new Reply(new Detected([.. faces.Select(FaceDetailShape.Of)]))
        {
            Tell = headers => Told.Receipts(headers, [call.Use<Receipts>().Deleted(digest)]),
        };
    }
}
