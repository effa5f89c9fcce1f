using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Examining;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Headers;

namespace MatchEngine.Service.Pages;

/// <summary>Examinations.</summary>
/// <param name="Examinations">One's requests; for examiners and supervisors, those of the organisation.</param>
/// <param name="Names">Names of accounts by their ids.</param>
public sealed record ExaminationsModel(IReadOnlyList<SeenExamination> Examinations, IReadOnlyDictionary<string, string> Names);

/// <summary>An examination.</summary>
/// <param name="Seen">The examination.</param>
/// <param name="Number">The number of the candidate that lies on the bench; null when there is none.</param>
/// <param name="Draft">What is written of it and not recorded; null when there is nothing.</param>
/// <param name="Whole">Whether whole photos lie there, and not faces.</param>
/// <param name="Names">Names of accounts by their ids.</param>
public sealed record ExaminationModel(
    SeenExamination Seen, int? Number, AssessmentDraft? Draft, bool Whole, IReadOnlyDictionary<string, string> Names)
{
    /// <summary>The candidates under their numbers.</summary>
    public NumberedCandidates Candidates { get; } = new(Seen);

    /// <summary>The candidate that lies on the bench.</summary>
    public ExaminedCandidate? Current => Number is { } number ? Candidates.Require(number) : null;

    /// <summary>The page of the examination.</summary>
    public string Path => $"/examinations/{Seen.Examination.Id}";

    /// <summary>The page with a candidate on the bench.</summary>
    public string PageOf(int number, bool whole) =>
        FormattableString.Invariant($"{Path}?candidate={number}{(whole ? "&whole=true" : "")}");

    /// <summary>The picture of a candidate.</summary>
    public string PictureOf(int number) =>
        FormattableString.Invariant($"{Path}/candidates/{number}/picture{(Whole ? "?whole=true" : "")}");

    /// <summary>Where the eyes are in the picture of a candidate, or of the probe.</summary>
    public string EyesOf(int? number) =>
        FormattableString.Invariant($"{Path}/eyes?whole={(Whole ? "true" : "false")}{(number is null ? "" : $"&candidate={number}")}");
}

/// <summary>
/// The examiner's work on a list: take it, look at each candidate beside the probe, say how far the photos support it, finish.
/// </summary>
internal static class ExaminationPages
{
    /// <summary>What stands in the choice beside the levels.</summary>
    public const string SetAside = "set-aside";

    /// <summary>Before the name of a feature, in the field that says how it compares.</summary>
    public const string Compared = "compared-";

    // A line break of a form is two characters.
    private static readonly string[] LineBreaks = ["\r\n", "\n"];

    public static void Map(IEndpointRouteBuilder pages)
    {
        const string one = "/examinations/{examination}", candidate = one + "/candidates/{number:int}";
        pages.MapGet("/examinations", (HttpContext context, ExaminingLists examining, KeepingAccounts accounts) =>
                context.Page<ExaminationsView, ExaminationsModel>(
                    new ExaminationsModel(examining.List(context.Actor(), null), accounts.Names(context.Actor()))))
            .For(Policies.ReadExamination);
        pages.MapPost("/examinations", async (HttpContext context, ExaminingLists examining) =>
            {
                Examination added;
                using (var form = await PageForm.ReadAsync(context))
                    added = examining.Request(
                        context.Actor(), form.Text("search") ?? "", form.File("image").Content, form.Text("note"),
                        ranks: [.. form.Texts("rank").Select(Rank)])[0];
                return WebPages.Done($"/examinations/{added.Id}", "examination-requested");
            })
            .For(Policies.Search);
        pages.MapGet(one, (
                string examination, [Microsoft.AspNetCore.Mvc.FromQuery(Name = "candidate")] int? number, bool? whole, HttpContext context,
                ExaminingLists examining, KeepingAccounts accounts) =>
                Show(context, examining.Find(context.Actor(), examination), number, whole ?? false, examining, accounts))
            .For(Policies.ReadExamination);
        pages.MapGet(
            candidate + "/picture", async (string examination, int number, bool? whole, HttpContext context, ExaminingLists examining) =>
            {
                var rank = Rank(context, examining, examination, number);
                await PictureAnswer.WriteAsync(context, whole ?? false
                    ? await examining.CandidatePhotoAsync(context.Actor(), examination, rank)
                    : await examining.CandidateCropAsync(context.Actor(), examination, rank, null, null));
            })
            .For(Policies.Examine);
        pages.MapGet(one + "/eyes", async (
                string examination, [Microsoft.AspNetCore.Mvc.FromQuery(Name = "candidate")] int? number, bool? whole, HttpContext context,
                ExaminingLists examining) =>
                Results.Json(await examining.EyesAsync(
                    context.Actor(), examination, number is { } given ? Rank(context, examining, examination, given) : null,
                    whole ?? false, context.RequestAborted)))
            .For(Policies.Examine);
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
            candidate, async (
                string examination, int number, HttpContext context, ExaminingLists examining, KeepingAccounts accounts) =>
            {
                using var form = await PageForm.ReadAsync(context);
                examining.Assess(
                    context.Actor(), examination, Rank(context, examining, examination, number), Assessment(form));
                return context.WantsFragment()
                    ? Show(context, examining.Find(context.Actor(), examination), null, form.Ticked("whole"), examining, accounts)
                    : WebPages.Done($"/examinations/{examination}", "candidate-assessed");
            })
            .For(Policies.Examine);
        pages.MapPost(candidate + "/draft", async (string examination, int number, HttpContext context, ExaminingLists examining) =>
            {
                using var form = await PageForm.ReadAsync(context);
                examining.Draft(
                    context.Actor(), examination, Rank(context, examining, examination, number),
                    new AssessmentDraft(form.Text("finding"), Features(form), form.Text("comment"), form.Text("view")));
                return Results.NoContent();
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

    private static IResult Show(
        HttpContext context, SeenExamination seen, int? number, bool whole, ExaminingLists examining, KeepingAccounts accounts)
    {
        var actor = context.Actor();
        var candidates = new NumberedCandidates(seen);
        var shown = number ?? candidates.Next;
        var isMine = seen.Examination is { State: ExaminationState.Taken } taken && taken.Examiner == actor.Account;
        var draft = isMine && shown is { } drafted
            ? examining.DraftOf(actor, seen.Examination.Id, candidates.Require(drafted).Rank)
            : null;
        var model = new ExaminationModel(seen, shown, draft, whole, accounts.Names(actor));
        return context.WantsFragment() && isMine
            ? context.Page<DeskPart, ExaminationModel>(model)
            : context.Page<ExaminationView, ExaminationModel>(model);
    }

    private static int Rank(HttpContext context, ExaminingLists examining, string examination, int number) =>
        new NumberedCandidates(examining.Find(context.Actor(), examination)).Require(number).Rank;

    private static int Rank(string text) => int.TryParse(text, out var rank)
        ? rank
        : throw new ProblemException(Problem.BadValue, "a rank is a whole number");

    private static Assessment Assessment(PageForm form)
    {
        var finding = form.Text("finding");
        var level = Level(finding);
        return new Assessment(
            finding != SetAside && level is not (ExaminationLevel.SupportDifferent or ExaminationLevel.LimitedSupportDifferent),
            level, Features(form), form.Text("comment"))
        {
            Processing = form.Text("processing")?.Split(
                LineBreaks, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [],
        };
    }

    private static Dictionary<string, string> Features(PageForm form) => FacialFeatures.All
        .Select(feature => (feature, Note: new FeatureNote(Comparison(form.Text(Compared + feature)), form.Text(feature)).ToString()))
        .Where(pair => pair.Note.Length > 0)
        .ToDictionary(pair => pair.feature, pair => pair.Note);

    private static FeatureComparison? Comparison(string? text) => text is null
        ? null
        : Enum.GetValues<FeatureComparison>().Cast<FeatureComparison?>().FirstOrDefault(known => Words.Of(known!.Value) == text)
            ?? throw new ProblemException(Problem.BadValue, "a feature is similar, different, or you cannot tell");

    private static ExaminationLevel? Level(string? finding) => finding == SetAside
        ? null
        : Enum.GetValues<ExaminationLevel>().Cast<ExaminationLevel?>().FirstOrDefault(level => Words.Of(level!.Value) == finding)
            ?? throw new ProblemException(Problem.BadValue, "say whether the candidate is kept, and at which level");
}
