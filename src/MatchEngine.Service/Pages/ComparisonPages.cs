using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Comparing;
using MatchEngine.Frs.Probes;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Sharing;
using MatchEngine.Frs.Supervising;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Service.Access;
using MatchEngine.Service.Intake;

namespace MatchEngine.Service.Pages;

/// <summary>The page that compares.</summary>
/// <param name="Galleries">Those whose subjects may be compared with.</param>
/// <param name="Approval">The approval that the comparison will be made with; its gallery and purpose are fixed.</param>
public sealed record ComparisonModel(IReadOnlyList<GalleryOverview> Galleries, Approval? Approval);

/// <summary>What a sheet says of a comparison: the service keeps none, so the page is the sheet.</summary>
/// <param name="Purpose">Why it was made; null where nothing was said.</param>
/// <param name="Made">When.</param>
public sealed record ComparisonFacts(SearchPurpose? Purpose, DateTimeOffset Made);

/// <summary>Two photos, compared.</summary>
/// <param name="Faces">The score and what it is worth.</param>
/// <param name="First">That the first photo was deleted.</param>
/// <param name="Second">That the second photo was deleted.</param>
/// <param name="Shown">What the reader is told of the score.</param>
/// <param name="Disclaimer">What the reader is told beside it.</param>
/// <param name="Notices">What there is to say of the request and the photos.</param>
/// <param name="Facts">Why and when.</param>
public sealed record ComparisonAnswer(
    FaceComparison Faces, DeletionReceipt First, DeletionReceipt Second, ShownScore Shown, Disclaimer Disclaimer,
    IReadOnlyList<string> Notices, ComparisonFacts Facts);

/// <summary>A photo, compared with a subject.</summary>
/// <param name="Comparison">The score and what it is worth.</param>
/// <param name="Receipt">That the photo was deleted.</param>
/// <param name="Shown">What the reader is told of the score.</param>
/// <param name="Disclaimer">What the reader is told beside it.</param>
/// <param name="Notices">What there is to say of the request and the photo.</param>
/// <param name="Subject">The subject and its gallery.</param>
/// <param name="Facts">Why and when.</param>
public sealed record SubjectComparisonAnswer(
    SubjectComparison Comparison, DeletionReceipt Receipt, ShownScore Shown, Disclaimer Disclaimer, IReadOnlyList<string> Notices,
    string Subject, ComparisonFacts Facts);

/// <summary>Photos in, a score out.</summary>
internal static class ComparisonPages
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet(
            "/compare", (string? approval, HttpContext context, KeepingGalleries galleries, ApprovingSearches approvals) =>
                context.Page<ComparisonView, ComparisonModel>(new ComparisonModel(
                    galleries.List(context.Actor()).Where(gallery => gallery.MaySearch).ToList(),
                    approval is null ? null : approvals.Find(context.Actor(), approval))))
            .For(Policies.Compare);
        pages.MapPost("/compare", Compare).For(Policies.Compare).WhenReady();
        pages.MapPost("/compare/subject", CompareWithSubject).For(Policies.Compare).WhenReady();
    }

    private static async Task<IResult> Compare(HttpContext context, ComparingFaces comparing, Receipts receipts, TimeProvider clock)
    {
        ComparedFaces compared;
        SearchPurpose? purpose;
        using (var form = await PageForm.ReadAsync(context))
        {
            purpose = form.Purpose();
            compared = await comparing.CompareAsync(
                context.Actor(), Request(form), form.File("first").Content, form.File("second").Content, context.RequestAborted);
        }
        var answer = new ComparisonAnswer(
            compared.Faces, receipts.Deleted(compared.FirstDigest), receipts.Deleted(compared.SecondDigest),
            compared.Shown, compared.Disclaimer, compared.Notices, new ComparisonFacts(purpose, clock.GetUtcNow()));
        return context.WantsFragment()
            ? context.Page<ComparisonPart, ComparisonAnswer>(answer)
            : context.Page<ComparisonAnswerView, ComparisonAnswer>(answer);
    }

    private static async Task<IResult> CompareWithSubject(
        HttpContext context, ComparingFaces comparing, Receipts receipts, TimeProvider clock)
    {
        ComparedSubject compared;
        SearchPurpose? purpose;
        string subject;
        using (var form = await PageForm.ReadAsync(context))
        {
            (purpose, subject) = (form.Purpose(), $"{form.Exact("subject")} of {form.Text("gallery")}");
            compared = await comparing.CompareWithSubjectAsync(
                context.Actor(), form.Text("gallery") ?? "", form.Exact("subject") ?? "", Request(form), form.File("first").Content,
                context.RequestAborted);
        }
        var answer = new SubjectComparisonAnswer(
            compared.Comparison, receipts.Deleted(compared.Digest), compared.Shown, compared.Disclaimer, compared.Notices,
            subject, new ComparisonFacts(purpose, clock.GetUtcNow()));
        return context.WantsFragment()
            ? context.Page<SubjectComparisonPart, SubjectComparisonAnswer>(answer)
            : context.Page<SubjectComparisonView, SubjectComparisonAnswer>(answer);
    }

    private static ComparisonRequest Request(PageForm form) => new()
    {
        Face = FaceWords.Parse(form.Text("face")), Purpose = form.Purpose(), ApprovalId = form.Text("approvalId"),
        StatedAge = form.Number("statedAge"),
    };
}
