using System.ComponentModel;
using MatchEngine.Faces;
using MatchEngine.Faces.Quality;
using MatchEngine.Service.Access;
using MatchEngine.Service.Extraction;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Intake;

namespace MatchEngine.Service.Resources;

/// <summary>Whose quality is asked for.</summary>
/// <param name="Face">Which face of the image is meant.</param>
public sealed record QualityRequest([property: Description(FaceWire.Description)] string? Face = null);

/// <summary>How well a face can be compared.</summary>
/// <param name="Overall">0 (worst) … 100.</param>
/// <param name="Components">What it is made of.</param>
public sealed record QualityResponse(double Overall, IReadOnlyList<QualityComponentWire> Components)
{
    internal static QualityResponse Of(FaceQuality quality) => new(
        Math.Round(quality.Overall, 1),
        [.. quality.Components.Select(component => new QualityComponentWire(
            component.Name, Rounded(component.Value, 3), component.Unit, Rounded(component.Score, 1), component.Limit, component.Advice))]);

    private static double? Rounded(double? value, int digits) => value is { } number ? Math.Round(number, digits) : null;
}

/// <summary>One property of a face image, named as ISO/IEC 29794-5 names it.</summary>
/// <param name="Name">The component.</param>
/// <param name="Value">Its native value.</param>
/// <param name="Unit">The value's unit.</param>
/// <param name="Score">0 (worst) … 100.</param>
/// <param name="Limit">The value beyond which there is advice.</param>
/// <param name="Advice">What to do about it; null when the value is fine.</param>
public sealed record QualityComponentWire(string Name, double? Value, string Unit, double? Score, double? Limit, string? Advice);

/// <summary>What an image is worth as a probe.</summary>
/// <param name="Face">The face.</param>
/// <param name="Quality">Its quality; null where the model's card names no networks to measure it.</param>
/// <param name="Receipt">That the image was deleted.</param>
public sealed record QualityAnswer(ProbeWire Face, QualityResponse? Quality, DeletionReceipt Receipt);

/// <summary><c>/v1/quality</c>: whether an image is fit to be a probe, before anything is searched.</summary>
internal static class QualityResource
{
    private const string ImageName = "image";

    public static void Map(IEndpointRouteBuilder v1) => v1.MapPost("/quality", Assess)
        .Needs(Policies.Compare).WithName("assessQuality")
        .WithSummary("Find the face of an image and measure its quality; nothing is searched, nothing is kept").WithTags("searches")
        .TakesImages<QualityRequest>(new ImageField(ImageName, "The image"))
        .Produces<QualityAnswer>();

    private static async Task<QualityAnswer> Assess(
        HttpContext context, ExtractionWorkers workers, ServiceSettings settings, Readiness readiness, Receipts receipts)
    {
        readiness.Require();
        string digest;
        ProbeWire face;
        QualityResponse? quality;
        using (var submission = await Submission.ReadAsync(context, ImageName))
        {
            var choice = FaceWire.Parse(submission.Read<QualityRequest>().Face);
            var image = submission.RequireImage(ImageName).Content;
            digest = receipts.Digest(image.Span);
            (face, quality) = await workers.RunAsync(
                settings.Model, extractor => Measure(extractor, image.Span, choice, context.RequestAborted), context.RequestAborted);
        }
        return new QualityAnswer(face, quality, receipts.Deleted(digest));
    }

    internal static (ProbeWire Face, QualityResponse? Quality) Measure(
        IFaceExtractor extractor, ReadOnlySpan<byte> image, FaceChoice choice, CancellationToken cancellationToken)
    {
        var extraction = extractor.Extract(image, new ExtractionRequest(choice) { Quality = true }, cancellationToken);
        extraction.Clear();
        return (
            new ProbeWire(FaceBox.Of(extraction.Faces[0].Box), extraction.FacesFound, extraction.Width, extraction.Height),
            extraction.Faces[0].Quality is { } quality ? QualityResponse.Of(quality) : null);
    }
}
