using MatchEngine.Galleries;
using MatchEngine.Service.Access;
using MatchEngine.Service.Extraction;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Intake;
using MatchEngine.Service.Resources;

namespace MatchEngine.Service.Pages;

/// <summary>The page that compares two photos.</summary>
public sealed record ComparisonModel;

/// <summary>Two photos in, a score out.</summary>
internal static class ComparisonPages
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/compare", (HttpContext context) => context.Page<ComparisonView, ComparisonModel>(new ComparisonModel()))
            .For(Policies.Compare);
        pages.MapPost("/compare", Compare).For(Policies.Compare);
    }

    private static async Task<IResult> Compare(
        HttpContext context, ExtractionWorkers workers, ServiceSettings settings, Readiness readiness, Receipts receipts, AuditTrail audit)
    {
        readiness.Require();
        string[] digests;
        FaceComparison comparison;
        using (var form = await PageForm.ReadAsync(context))
        {
            var (first, second) = (form.File("first").Content, form.File("second").Content);
            var choice = FaceWire.Parse(form.Text("face"));
            digests = [receipts.Digest(first.Span), receipts.Digest(second.Span)];
            comparison = await ComparisonsResource.CompareAsync(first, second, choice, workers, settings, context.RequestAborted);
        }
        var answer = await ComparisonsResource.Answer(comparison, digests, context, receipts, audit);
        return context.WantsFragment()
            ? context.Page<ComparisonPart, ComparisonResponse>(answer)
            : context.Page<ComparisonAnswerView, ComparisonResponse>(answer);
    }
}
