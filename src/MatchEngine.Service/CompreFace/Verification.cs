using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Comparing;
using MatchEngine.Frs.Probes;
using MatchEngine.Galleries.Search;
using MatchEngine.Service.Headers;
using MatchEngine.Service.Intake;

namespace MatchEngine.Service.CompreFace;

/// <summary><c>/api/v1/verification/verify</c> and <c>/api/v1/detection/detect</c>: images in, nothing kept.</summary>
internal static class Verification
{
    private const string Source = "source_image";
    private const string Target = "target_image";
    private const string File = "file";

    public sealed record VerifiedShape(IReadOnlyList<VerifiedPair> Result);

    public sealed record VerifiedPair(DetectedFace SourceImageFace, IReadOnlyList<ComparedFace> FaceMatches);

    public sealed record ComparedFace(BoxShape Box, double? Similarity);

    public sealed record DetectedShape(IReadOnlyList<DetectedFace> Result);

    public sealed record DetectedFace(BoxShape Box);

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/verification/verify", VerifyAsync).RequireAuthorization(Policies.Compare).WhenReady();
        api.MapPost("/detection/detect", DetectAsync).RequireAuthorization(Policies.Compare).WhenReady();
    }

    private static async Task<IResult> VerifyAsync(
        HttpContext context, KeepingClientSettings settings, ComparingFaces comparing, Receipts receipts)
    {
        var call = CompreFaceDialect.CallOf(context, settings);
        var confidence = call.Confidence;
        ComparedFaces compared;
        using (var images = await SentImages.ReadAsync(context, Source, Target))
        {
            compared = await comparing.CompareAsync(
                call.Actor, CompreFaceDialect.Comparison(call), images.Require(Source), images.Require(Target), call.Aborted);
        }
        Told.Reader(context.Response.Headers, compared.Disclaimer, [.. call.Unheeded, .. compared.Notices]);
        Told.Receipts(
            context.Response.Headers, [receipts.Deleted(compared.FirstDigest), receipts.Deleted(compared.SecondDigest)]);
        var (source, target) = (compared.Faces.First, compared.Faces.Second);
        CompreFaceDialect.RequireFaces([source], confidence);
        CompreFaceDialect.RequireFaces([target], confidence);
        return CompreFaceJson.Answer(new VerifiedShape(
        [
            new VerifiedPair(
                new DetectedFace(BoxShape.Of(source)),
                [new ComparedFace(BoxShape.Of(target), CompreFaceDialect.Similarity(compared.Shown))]),
        ]));
    }

    private static async Task<IResult> DetectAsync(
        HttpContext context, KeepingClientSettings settings, MeasuringQuality measuring, Receipts receipts)
    {
        var call = CompreFaceDialect.CallOf(context, settings);
        var (limit, confidence) = (call.Limit, call.Confidence);
        IReadOnlyList<ProbeFace> faces;
        string digest;
        using (var images = await SentImages.ReadAsync(context, File))
            (faces, digest) = await measuring.DetectAsync(call.Actor, images.Require(File), null, call.Aborted);
        Told.Notices(context.Response.Headers, [.. call.Unheeded]);
        Told.Receipts(context.Response.Headers, [receipts.Deleted(digest)]);
        return CompreFaceJson.Answer(new DetectedShape(
        [
            .. CompreFaceDialect.Limited(CompreFaceDialect.RequireFaces(faces, confidence), limit)
                .Select(face => new DetectedFace(BoxShape.Of(face))),
        ]));
    }
}
