using System.ComponentModel;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Comparing;
using MatchEngine.Frs.Probes;
using MatchEngine.Service.Access;
using MatchEngine.Service.Intake;

namespace MatchEngine.Service.Rest;

/// <summary>How two images are compared.</summary>
/// <param name="Face">Which face of each image is meant.</param>
/// <param name="Purpose">Why they are compared; the service's profile says whether it must be given, and with what.</param>
/// <param name="ApprovalId">A supervisor's approval of a comparison, where one is needed.</param>
/// <param name="StatedAge">The age of the youngest of the two people in years, by the word of who sends the images.</param>
/// <param name="Idc">Which face of a file with several face records is meant.</param>
public sealed record ComparisonRequest(
    [property: Description(FaceWords.Description)] string? Face = null, PurposeWire? Purpose = null, string? ApprovalId = null,
    int? StatedAge = null,
    [property: Description(InterchangeProbe.IdcDescription)] int? Idc = null)
{
    internal Frs.Comparing.ComparisonRequest ToRequest() =>
        new() { Face = FaceWords.Parse(Face), Purpose = Purpose?.ToPurpose(), ApprovalId = ApprovalId, StatedAge = StatedAge };
}

/// <summary>The answer to a comparison: a score and what it is worth. No personal data, no decision.</summary>
/// <param name="Score">Cosine similarity of the two templates, −1 … 1; null where the profile tells it as a percentage.</param>
/// <param name="ScorePercent">The same on a scale of 0 … 100 (−1 is 0), where the profile tells it so; else null. No probability.</param>
/// <param name="Fmr">The false match rates at this score, each with whom it was measured on; null where nobody has measured the
/// model.</param>
/// <param name="Populations">Whom the rates were measured on.</param>
/// <param name="Model">The id of the model card.</param>
/// <param name="First">The face of the first image.</param>
/// <param name="Second">The face of the second image.</param>
/// <param name="Disclaimer">What every reader must be told.</param>
/// <param name="Receipts">That both images were deleted.</param>
/// <param name="Notices">What the profile says of the request; faces that were left out.</param>
public sealed record ComparisonResponse(
    double? Score, double? ScorePercent, FmrWire? Fmr, IReadOnlyList<PopulationWire> Populations,
    string Model, ProbeWire First, ProbeWire Second,
    DisclaimerWire Disclaimer, IReadOnlyList<DeletionReceipt> Receipts, IReadOnlyList<string> Notices);

/// <summary>How an image is compared with a subject.</summary>
/// <param name="Face">Which face of the image is meant.</param>
/// <param name="Purpose">Why they are compared; the gallery's profile says whether it must be given, and with what.</param>
/// <param name="ApprovalId">A supervisor's approval of a comparison with this gallery, where one is needed.</param>
/// <param name="StatedAge">The age of the person in the image in years, by the word of who sends it.</param>
/// <param name="Idc">Which face of a file with several face records is meant.</param>
public sealed record SubjectComparisonRequest(
    [property: Description(FaceWords.Description)] string? Face = null, PurposeWire? Purpose = null, string? ApprovalId = null,
    int? StatedAge = null,
    [property: Description(InterchangeProbe.IdcDescription)] int? Idc = null)
{
    internal Frs.Comparing.ComparisonRequest ToRequest() =>
        new() { Face = FaceWords.Parse(Face), Purpose = Purpose?.ToPurpose(), ApprovalId = ApprovalId, StatedAge = StatedAge };
}

/// <summary>The answer to a comparison with one subject: a score and what it is worth.</summary>
/// <param name="Score">The best score of the subject's templates, −1 … 1; null where the profile tells it as a percentage.</param>
/// <param name="ScorePercent">The same on a scale of 0 … 100 (−1 is 0), where the profile tells it so; else null. No probability.</param>
/// <param name="Fmr">The false match rates at this score, each with whom it was measured on; null where nobody has measured the model.
/// Never that of the subject's recorded group, which would tell what is recorded.</param>
/// <param name="Populations">Whom the rates were measured on.</param>
/// <param name="Model">The id of the model card.</param>
/// <param name="Disclaimer">What every reader must be told.</param>
/// <param name="Receipt">That the image was deleted.</param>
/// <param name="Notices">What the profile says of the request; faces that were left out.</param>
public sealed record SubjectComparisonResponse(
    double? Score, double? ScorePercent, FmrWire? Fmr, IReadOnlyList<PopulationWire> Populations, string Model, DisclaimerWire Disclaimer,
    DeletionReceipt Receipt, IReadOnlyList<string> Notices);

/// <summary><c>/v1/comparisons</c>: two images in, a score out.</summary>
internal static class ComparisonsResource
{
    private const string First = "first";
    private const string Second = "second";

    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapPost("/comparisons", Compare)
            .Needs(Policies.Compare).WhenReady().WithName("compare")
            .WithSummary("Compare one face of each of two images: a score, no personal data, no decision").WithTags("searches")
            .TakesImages<ComparisonRequest>(new ImageField(First, "An image"), new ImageField(Second, "Another image"))
            .Produces<ComparisonResponse>();
        v1.MapPost("/galleries/{gallery}/subjects/{subject}/comparisons", CompareWithSubject)
            .Needs(Policies.Compare).WhenReady().WithName("compareWithSubject").WithTags("searches")
            .WithSummary(
                "Compare an image with the enrolled photos of one named subject: the best score, no "
                    + "personal data, no search (PIA-054, SmartLINK)")
            .TakesImages<SubjectComparisonRequest>(new ImageField(First, "The image"))
            .Produces<SubjectComparisonResponse>().Problems(404, 409);
    }

    private static async Task<ComparisonResponse> Compare(HttpContext context, ComparingFaces comparing, Receipts receipts)
    {
        ComparedFaces compared;
        using (var submission = await Submission.ReadAsync(context, First, Second))
        {
            compared = await comparing.CompareAsync(
                context.Actor(), submission.Read<ComparisonRequest>().ToRequest(), submission.RequireImage(First).Content,
                submission.RequireImage(Second).Content, context.RequestAborted);
        }
        var faces = compared.Faces;
        return new ComparisonResponse(
            WireJson.Score(compared.Shown.Score),
            WireJson.Percent(compared.Shown.Percent),
            FmrWire.Of(faces.Fmr),
            PopulationWire.AllOf(faces.Fmr),
            faces.Model,
            ProbeWire.Of(faces.First),
            ProbeWire.Of(faces.Second),
            DisclaimerWire.Of(compared.Disclaimer),
            [
                DeletionReceipt.Of(receipts.Deleted(compared.FirstDigest)), DeletionReceipt.Of(receipts.Deleted(compared.SecondDigest)),
            ],
            compared.Notices);
    }

    private static async Task<SubjectComparisonResponse> CompareWithSubject(
        string gallery, string subject, HttpContext context, ComparingFaces comparing, Receipts receipts)
    {
        comparing.Require(context.Actor(), gallery, subject);
        ComparedSubject compared;
        using (var submission = await Submission.ReadAsync(context, First))
        {
            compared = await comparing.CompareWithSubjectAsync(
                context.Actor(), gallery, subject, submission.Read<SubjectComparisonRequest>().ToRequest(),
                submission.RequireImage(First).Content, context.RequestAborted);
        }
        var comparison = compared.Comparison;
        return new SubjectComparisonResponse(
            WireJson.Score(compared.Shown.Score), WireJson.Percent(compared.Shown.Percent), FmrWire.Of(comparison.Fmr),
            PopulationWire.AllOf(comparison.Fmr), comparison.Model,
            DisclaimerWire.Of(compared.Disclaimer), DeletionReceipt.Of(receipts.Deleted(compared.Digest)),
            compared.Notices);
    }
}
