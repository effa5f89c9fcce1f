using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.FacialExamination;
using MatchEngine.Service.Intake;
using MatchEngine.Service.Resources;
using MatchEngine.Service.Store;

namespace MatchEngine.Service.Pages;

/// <summary>Examinations.</summary>
/// <param name="Examinations">One's requests; for examiners and supervisors, those of the organisation.</param>
/// <param name="Names">Names of accounts by their ids.</param>
public sealed record ExaminationsModel(IReadOnlyList<ExaminationResponse> Examinations, IReadOnlyDictionary<string, string> Names);

/// <summary>An examination.</summary>
/// <param name="Examination">The examination.</param>
/// <param name="Rank">The candidate that lies on the bench; null when there is none.</param>
/// <param name="Whole">Whether whole photos lie there, and not faces.</param>
/// <param name="Names">Names of accounts by their ids.</param>
public sealed record ExaminationModel(ExaminationResponse Examination, int? Rank, bool Whole, IReadOnlyDictionary<string, string> Names);

/// <summary>
/// The examiner's work on a list: take it, look at each candidate beside the probe, say how far the photos support it, finish.
/// </summary>
internal static class ExaminationPages
{
    /// <summary>What stands in the choice beside the levels.</summary>
    public const string SetAside = "set-aside";

    public static void Map(IEndpointRouteBuilder pages)
    {
        const string one = "/examinations/{examination}";
        pages.MapGet(
            "/examinations", (HttpContext context, Examining examining, Examinations examinations, Receipts receipts, Accounts accounts) =>
                context.Page<ExaminationsView, ExaminationsModel>(
                    new ExaminationsModel(ExaminationsResource.List(null, context, examining, examinations, receipts), accounts.Names())))
            .For(Policies.ReadExamination);
        pages.MapPost("/examinations", async (HttpContext context, Examining examining) =>
            {
                Examination added;
                using (var form = await PageForm.ReadAsync(context))
                    added = examining.Request(
                        context, form.Text("search") ?? "", form.File("image").Content,
                        ExaminationsResource.Text(form.Text("note"), "note"));
                return WebPages.Done($"/examinations/{added.Id}", "examination-requested");
            })
            .For(Policies.Search);
        pages.MapGet(one, (
                string examination, int? rank, bool? whole, HttpContext context, Examining examining, Examinations examinations,
                Receipts receipts, Accounts accounts) =>
            {
                var found = ExaminationsResource.Response(
                    examining.Find(context.Caller(), examination), context.Caller(), examinations, receipts);
                // The first of which nothing was said, unless one is named.
                var next = found.Candidates?.FirstOrDefault(candidate => candidate.Kept is null)
                    ?? (found.Candidates is [var first, ..] ? first : null);
                return context.Page<ExaminationView, ExaminationModel>(
                    new ExaminationModel(found, rank ?? next?.Rank, whole ?? false, accounts.Names()));
            })
            .For(Policies.ReadExamination);
        pages.MapPost(one + "/take", async (
                string examination, HttpContext context, Examining examining, Examinations examinations,
                Receipts receipts, AuditTrail audit) =>
            {
                using var form = await PageForm.ReadAsync(context);
                ExaminationsResource.Take(examination, context, examining, examinations, receipts, audit);
                return WebPages.Done($"/examinations/{examination}", "examination-taken");
            })
            .For(Policies.Examine);
        pages.MapPost(one + "/release", async (
                string examination, HttpContext context, Examining examining, Examinations examinations,
                Receipts receipts, AuditTrail audit) =>
            {
                using var form = await PageForm.ReadAsync(context);
                ExaminationsResource.Release(examination, context, examining, examinations, receipts, audit);
                return WebPages.Done("/examinations", "examination-released");
            })
            .For(Policies.Examine);
        pages.MapPost(
            one + "/candidates/{rank:int}",
            async (string examination, int rank, HttpContext context, Examining examining, Examinations examinations, AuditTrail audit) =>
            {
                using var form = await PageForm.ReadAsync(context);
                ExaminationsResource.Assess(examination, rank, Assessment(form), context, examining, examinations, audit);
                return WebPages.Done($"/examinations/{examination}", "candidate-assessed");
            })
            .For(Policies.Examine);
        pages.MapPost(one + "/finish", async (
                string examination, HttpContext context, Examining examining, Examinations examinations,
                Receipts receipts, AuditTrail audit) =>
            {
                using var form = await PageForm.ReadAsync(context);
                ExaminationsResource.Finish(
                    examination, new ExaminationEnd(form.Text("comment"), form.Ticked("setAsideRest")), context,
                    examining, examinations, receipts, audit);
                return WebPages.Done($"/examinations/{examination}", "examination-finished");
            })
            .For(Policies.Examine);
        pages.MapPost(one + "/withdrawal", async (
                string examination, HttpContext context, Examining examining, Examinations examinations,
                Receipts receipts, AuditTrail audit) =>
            {
                using var form = await PageForm.ReadAsync(context);
                ExaminationsResource.Withdraw(examination, context, examining, examinations, receipts, audit);
                return WebPages.Done($"/examinations/{examination}", "examination-withdrawn");
            })
            .For(Policies.Search);
    }

    private static CandidateAssessment Assessment(PageForm form)
    {
        var features = FacialFeatures.All.Where(feature => form.Text(feature) is not null).ToDictionary(
            feature => feature, feature => form.Text(feature)!);
        var finding = form.Text("finding")
            ?? throw new ProblemException(Problem.BadValue, "say whether the candidate is kept, and at which level");
        return new CandidateAssessment(
            finding != SetAside,
            finding == SetAside ? null : WireJson.Value<ExaminationLevel>(finding, "finding"), features, form.Text("comment"));
    }
}
