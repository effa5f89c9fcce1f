using System.ComponentModel;
using MatchEngine.Faces;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Profiles;
using MatchEngine.Galleries.Search;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Extraction;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Intake;
using MatchEngine.Service.Searching;
using MatchEngine.Service.Store;
using MatchEngine.Vectors;

namespace MatchEngine.Service.Resources;

/// <summary>How two images are compared.</summary>
/// <param name="Face">Which face of each image is meant.</param>
public sealed record ComparisonRequest([property: Description(FaceWire.Description)] string? Face = null);

/// <summary>The answer to a comparison: a score and what it is worth. No personal data, no decision.</summary>
/// <param name="Score">Cosine similarity of the two templates, −1 … 1.</param>
/// <param name="Fmr">The false match rate at this score, by the model's calibration; null where the data cannot support one.</param>
/// <param name="FmrBelow">Where <c>fmr</c> is null: a bound on it, or null when nothing can be said.</param>
/// <param name="Model">The id of the model card.</param>
/// <param name="First">The face of the first image.</param>
/// <param name="Second">The face of the second image.</param>
/// <param name="Disclaimer">What every reader must be told.</param>
/// <param name="Receipts">That both images were deleted.</param>
public sealed record ComparisonResponse(
    double Score, double? Fmr, double? FmrBelow, string Model, ProbeWire First, ProbeWire Second, DisclaimerWire Disclaimer,
    IReadOnlyList<DeletionReceipt> Receipts);

/// <summary>How an image is compared with a subject.</summary>
/// <param name="Face">Which face of the image is meant.</param>
public sealed record SubjectComparisonRequest([property: Description(FaceWire.Description)] string? Face = null);

/// <summary>The answer to a comparison with one subject: a score and what it is worth.</summary>
/// <param name="Score">The best score of the subject's templates, −1 … 1.</param>
/// <param name="Fmr">The false match rate at this score; null where the data cannot support one.</param>
/// <param name="FmrBelow">Where <c>fmr</c> is null: a bound on it, or null.</param>
/// <param name="Model">The id of the model card.</param>
/// <param name="Disclaimer">What every reader must be told.</param>
/// <param name="Receipt">That the image was deleted.</param>
public sealed record SubjectComparisonResponse(
    double Score, double? Fmr, double? FmrBelow, string Model, DisclaimerWire Disclaimer, DeletionReceipt Receipt);

/// <summary><c>/v1/comparisons</c>: two images in, a score out.</summary>
internal static class ComparisonsResource
{
    private const string First = "first";
    private const string Second = "second";

    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapPost("/comparisons", Compare)
        .Needs(Policies.Compare).WithName("compare")
        .WithSummary("Compare one face of each of two images: a score, no personal data, no decision").WithTags("searches")
        .TakesImages<ComparisonRequest>(new ImageField(First, "An image"), new ImageField(Second, "Another image"))
        .Produces<ComparisonResponse>();
        v1.MapPost("/galleries/{gallery}/subjects/{subject}/comparisons", CompareWithSubject)
            .Needs(Policies.Compare).WithName("compareWithSubject").WithTags("searches")
            .WithSummary(
                "Compare an image with the enrolled photos of one named subject: the best score, no "
                    + "personal data, no search (PIA-054, SmartLINK)")
            .TakesImages<SubjectComparisonRequest>(new ImageField(First, "The image"))
            .Produces<SubjectComparisonResponse>().Problems(404, 409);
    }

    private static async Task<SubjectComparisonResponse> CompareWithSubject(
        string gallery, string subject, HttpContext context, GalleryAccess access, ServiceRules rules, TermsAcceptances acceptances,
        ExtractionWorkers workers, ServiceSettings settings, Readiness readiness, Receipts receipts, AuditTrail audit)
    {
        readiness.Require();
        var caller = context.Caller();
        var (found, _) = access.Searchable(caller, [gallery])[0];
        var encounters = found.FindSubject(subject)?.Encounters
            ?? throw new ProblemException(Problem.NotFound, "the gallery has no such subject");
        string digest;
        float best;
        int years;
        using (var submission = await Submission.ReadAsync(context, First))
        {
            var request = submission.Read<SubjectComparisonRequest>();
            years = rules.Apply(caller, ProfileUse.Comparison, null, [found.Properties], acceptances).AuditYears;
            var choice = FaceWire.Parse(request.Face);
            var image = submission.RequireImage(First).Content;
            digest = receipts.Digest(image.Span);
            best = await workers.RunAsync(
                found.Model.Id,
                extractor => Best(extractor, image.Span, choice, settings.MinProbeQuality, found, encounters, context.RequestAborted),
                context.RequestAborted);
        }
        await audit.WriteAsync("comparison.subject", context, new
        {
            galleries = new[] { gallery },
            subject,
            score = best,
            model = found.Model.Id,
            disclaimerVersion = Disclaimer.Current.Version,
        }, years);
        var rate = workers.Card(found.Model.Id).Calibration?.At(best) ?? default;
        return new SubjectComparisonResponse(
            WireJson.Score(best), WireJson.Rate(rate.Fmr), WireJson.Rate(rate.FmrBelow), found.Model.Id,
            DisclaimerWire.Of(Disclaimer.Current), receipts.Deleted(digest));
    }

    private static float Best(
        IFaceExtractor extractor, ReadOnlySpan<byte> image, FaceChoice choice, double minQuality, Gallery gallery,
        IReadOnlyList<Encounter> encounters, CancellationToken cancellationToken)
    {
        using var probe = Probe.Of(extractor, image, choice, minQuality, cancellationToken);
        var best = -1f;
        foreach (var encounter in encounters)
        {
            if (gallery.FindTemplate(encounter.Id) is not var (_, stored))
                continue;
            best = Math.Max(best, Template.Similarity(probe.Templates[0], stored.Template));
            stored.Template.Erase();
        }
        return best;
    }

    private static async Task<ComparisonResponse> Compare(
        HttpContext context, ExtractionWorkers workers, ServiceSettings settings, Readiness readiness, Receipts receipts, AuditTrail audit)
    {
        readiness.Require();
        string[] digests;
        FaceComparison comparison;
        using (var submission = await Submission.ReadAsync(context, First, Second))
        {
            var choice = FaceWire.Parse(submission.Read<ComparisonRequest>().Face);
            var (first, second) = (submission.RequireImage(First).Content, submission.RequireImage(Second).Content);
            digests = [receipts.Digest(first.Span), receipts.Digest(second.Span)];
            comparison = await CompareAsync(first, second, choice, workers, settings, context.RequestAborted);
        }
        return await Answer(comparison, digests, context, receipts, audit);
    }

    internal static Task<FaceComparison> CompareAsync(
        ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second, FaceChoice choice, ExtractionWorkers workers, ServiceSettings settings,
        CancellationToken cancellationToken) =>
        workers.RunAsync(
            settings.Model,
            extractor => FaceComparison.Compare(extractor, first.Span, second.Span, choice, settings.MinProbeQuality, cancellationToken),
            cancellationToken);

    /// <summary>Writes the event and makes the answer, when both images are gone.</summary>
    internal static async Task<ComparisonResponse> Answer(
        FaceComparison comparison, string[] digests, HttpContext context, Receipts receipts, AuditTrail audit)
    {
        await audit.WriteAsync(
            "comparison", context, new { comparison.Score, comparison.Model, disclaimerVersion = Disclaimer.Current.Version });
        return new ComparisonResponse(
            WireJson.Score(comparison.Score),
            WireJson.Rate(comparison.Fmr),
            WireJson.Rate(comparison.FmrBelow),
            comparison.Model,
            ProbeWire.Of(comparison.First),
            ProbeWire.Of(comparison.Second),
            DisclaimerWire.Of(Disclaimer.Current),
            [.. digests.Select(receipts.Deleted)]);
    }
}
