using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Examining;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Pages;

/// <summary>Examinations.</summary>
/// <param name="Examinations">One's requests; for examiners and supervisors, those of the organisation.</param>
/// <param name="Names">Names of accounts by their ids.</param>
public sealed record ExaminationsModel(IReadOnlyList<SeenExamination> Examinations, IReadOnlyDictionary<string, string> Names);

/// <summary>An examination.</summary>
/// <param name="Seen">The examination.</param>
/// <param name="Rank">The candidate that lies on the bench; null when there is none.</param>
/// <param name="Whole">Whether whole photos lie there, and not faces.</param>
/// <param name="Names">Names of accounts by their ids.</param>
public sealed record ExaminationModel(SeenExamination Seen, int? Rank, bool Whole, IReadOnlyDictionary<string, string> Names);

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
        pages.MapGet("/examinations", (HttpContext context, ExaminingLists examining, KeepingAccounts accounts) =>
                context.Page<ExaminationsView, ExaminationsModel>(
                    new ExaminationsModel(examining.List(context.Actor(), null), accounts.Names(context.Actor()))))
            .For(Policies.ReadExamination);
        pages.MapPost("/examinations", async (HttpContext context, ExaminingLists examining) =>
            {
                Examination added;
                using (var form = await PageForm.ReadAsync(context))
                    added = examining.Request(
                        context.Actor(), form.Text("search") ?? "", form.File("image").Content, form.Text("note"))[0];
                return WebPages.Done($"/examinations/{added.Id}", "examination-requested");
            })
            .For(Policies.Search);
        pages.MapGet(one, (
                string examination, int? rank, bool? whole, HttpContext context, ExaminingLists examining, KeepingAccounts accounts) =>
            {
                var found = examining.Find(context.Actor(), examination);
                // The first of which nothing was said, unless one is named.
                var next = found.Candidates?.FirstOrDefault(candidate => candidate.Kept is null)
                    ?? (found.Candidates is [var first, ..] ? first : null);
                return context.Page<ExaminationView, ExaminationModel>(
                    new ExaminationModel(found, rank ?? next?.Rank, whole ?? false, accounts.Names(context.Actor())));
            })
            .For(Policies.ReadExamination);
        pages.MapPost(one + "/take", async (string examination, HttpContext context, ExaminingLists examining) =>
            {
                using var form = await PageForm.ReadAsync(context);
                examining.Take(context.Actor(), examination);
                return WebPages.Done($"/examinations/{examination}", "examination-taken");
            })
            .For(Policies.Examine);
        pages.MapPost(one + "/release", async (string examination, HttpContext context, ExaminingLists examining) =>
            {
                using var form = await PageForm.ReadAsync(context);
                examining.Release(context.Actor(), examination);
                return WebPages.Done("/examinations", "examination-released");
            })
            .For(Policies.Examine);
        pages.MapPost(
            one + "/candidates/{rank:int}", async (string examination, int rank, HttpContext context, ExaminingLists examining) =>
            {
                using var form = await PageForm.ReadAsync(context);
                examining.Assess(context.Actor(), examination, rank, Assessment(form));
                return WebPages.Done($"/examinations/{examination}", "candidate-assessed");
            })
            .For(Policies.Examine);
        pages.MapPost(one + "/finish", async (string examination, HttpContext context, ExaminingLists examining) =>
            {
                using var form = await PageForm.ReadAsync(context);
                examining.Finish(context.Actor(), examination, form.Text("comment"), form.Ticked("setAsideRest"));
                return WebPages.Done($"/examinations/{examination}", "examination-finished");
            })
            .For(Policies.Examine);
        pages.MapPost(one + "/resolution", async (string examination, HttpContext context, ExaminingLists examining) =>
            {
                using var form = await PageForm.ReadAsync(context);
                examining.Resolve(context.Actor(), examination, [.. form.Texts("kept").Select(Rank)], form.Text("reason"));
                return WebPages.Done($"/examinations/{examination}", "examination-resolved");
            })
            .For(Policies.Supervise);
        pages.MapPost(one + "/withdrawal", async (string examination, HttpContext context, ExaminingLists examining) =>
            {
                using var form = await PageForm.ReadAsync(context);
                examining.Withdraw(context.Actor(), examination);
                return WebPages.Done($"/examinations/{examination}", "examination-withdrawn");
            })
            .For(Policies.Search);
    }

    private static int Rank(string text) => int.TryParse(text, out var rank)
        ? rank
        : throw new ProblemException(Problem.BadValue, "a rank is a whole number");

    private static Assessment Assessment(PageForm form)
    {
        var features = FacialFeatures.All.Where(feature => form.Text(feature) is not null).ToDictionary(
            feature => feature, feature => form.Text(feature)!);
        var finding = form.Text("finding");
        var level = Level(finding);
        return new Assessment(
            finding != SetAside && level is not (ExaminationLevel.SupportDifferent or ExaminationLevel.LimitedSupportDifferent),
            level, features, form.Text("comment"));
    }

    private static ExaminationLevel? Level(string? finding) => finding == SetAside
        ? null
        : Enum.GetValues<ExaminationLevel>().Cast<ExaminationLevel?>().FirstOrDefault(level => Words.Of(level!.Value) == finding)
            ?? throw new ProblemException(Problem.BadValue, "say whether the candidate is kept, and at which level");
}
