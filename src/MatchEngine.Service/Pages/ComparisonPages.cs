using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Comparing;
using MatchEngine.Frs.Probes;
using MatchEngine.Galleries;
using MatchEngine.Service.Access;
using MatchEngine.Service.Intake;

namespace MatchEngine.Service.Pages;

/// <summary>The page that compares two photos.</summary>
public sealed record ComparisonModel;

/// <summary>Two photos, compared.</summary>
/// <param name="Faces">The score and what it is worth.</param>
/// <param name="First">That the first photo was deleted.</param>
/// <param name="Second">That the second photo was deleted.</param>
public sealed record ComparisonAnswer(FaceComparison Faces, DeletionReceipt First, DeletionReceipt Second);

/// <summary>Two photos in, a score out.</summary>
internal static class ComparisonPages
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/compare", (HttpContext context) => context.Page<ComparisonView, ComparisonModel>(new ComparisonModel()))
            .For(Policies.Compare);
        pages.MapPost("/compare", Compare).For(Policies.Compare).WhenReady();
    }

    private static async Task<IResult> Compare(HttpContext context, ComparingFaces comparing, Receipts receipts)
    {
        ComparedFaces compared;
        using (var form = await PageForm.ReadAsync(context))
            compared = await comparing.CompareAsync(
                context.Actor(), form.File("first").Content, form.File("second").Content, FaceWords.Parse(form.Text("face")),
                context.RequestAborted);
        var answer = new ComparisonAnswer(
            compared.Faces, receipts.Deleted(compared.FirstDigest), receipts.Deleted(compared.SecondDigest));
        return context.WantsFragment()
            ? context.Page<ComparisonPart, ComparisonAnswer>(answer)
            : context.Page<ComparisonAnswerView, ComparisonAnswer>(answer);
    }
}
