using System.ComponentModel;
using MatchEngine.Faces.Quality;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Comparing;
using MatchEngine.Frs.Probes;
using MatchEngine.Service.Access;
using MatchEngine.Service.Intake;

namespace MatchEngine.Service.Rest;

/// <summary>Whose quality is asked for.</summary>
/// <param name="Face">Which face of the image is meant.</param>
/// <param name="Idc">Which face of a file with several face records is meant.</param>
public sealed record QualityRequest(
    [property: Description(FaceWords.Description)] string? Face = null,
    [property: Description(InterchangeProbe.IdcDescription)] int? Idc = null);

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
        .Needs(Policies.Compare).WhenReady().WithName("assessQuality")
        .WithSummary("Find the face of an image and measure its quality; nothing is searched, nothing is kept").WithTags("searches")
        .TakesImages<QualityRequest>(new ImageField(ImageName, "The image"))
        .Produces<QualityAnswer>();

    private static async Task<QualityAnswer> Assess(HttpContext context, MeasuringQuality measuring, Receipts receipts)
    {
        MeasuredFace measured;
        using (var submission = await Submission.ReadAsync(context, ImageName))
        {
            var choice = FaceWords.Parse(submission.Read<QualityRequest>().Face);
            measured = await measuring.MeasureAsync(
                context.Actor(), submission.RequireImage(ImageName).Content, choice, context.RequestAborted);
        }
        return new QualityAnswer(
            ProbeWire.Of(measured.Face), measured.Face.Quality is { } quality ? QualityResponse.Of(quality) : null,
            DeletionReceipt.Of(receipts.Deleted(measured.Digest)));
    }
}
