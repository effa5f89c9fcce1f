using MatchEngine.Galleries.Audit;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Extraction;
using MatchEngine.Service.FacialExamination;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Intake;
using MatchEngine.Service.Resources;
using MatchEngine.Service.Searching;
using MatchEngine.Service.Store;

namespace MatchEngine.Service.Pages;

/// <summary>The search page.</summary>
/// <param name="Galleries">The galleries that may be searched.</param>
/// <param name="Approval">The approval that the search will be made with; its galleries and purpose are fixed.</param>
public sealed record SearchModel(IReadOnlyList<GalleryResponse> Galleries, ApprovalResponse? Approval);

/// <summary>What the service sees in a probe, before anything is searched.</summary>
/// <param name="Answer">Face and quality.</param>
public sealed record ProbeModel(QualityAnswer Answer);

/// <summary>A search as its audit tells it, with the candidates as they are today.</summary>
/// <param name="Record">What the audit knows.</param>
/// <param name="Audit">The same, read.</param>
/// <param name="Names">Names of accounts by their ids.</param>
/// <param name="MaySeeFaces">Whether the reader may see the candidates themselves.</param>
public sealed record SearchRecordModel(SearchRecord Record, SearchAudit Audit, IReadOnlyDictionary<string, string> Names, bool MaySeeFaces);

/// <summary>A candidate's record.</summary>
/// <param name="SearchId">The search.</param>
/// <param name="Rank">The rank.</param>
/// <param name="Record">The record.</param>
public sealed record CandidateRecordModel(string SearchId, int Rank, CandidateRecord Record);

/// <summary>Searching, and looking at searches that were made.</summary>
internal static class SearchPages
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/search", (string? approval, HttpContext context, OpenGalleries galleries, Approvals approvals) =>
                context.Page<SearchView, SearchModel>(new SearchModel(
                    GalleriesResource.List(context, galleries).Where(gallery => gallery.MaySearch).ToList(),
                    approval is null ? null : ApprovalsResource.Response(ApprovalsResource.Find(approval, context.Caller(), approvals)))))
            .For(Policies.Search);
        pages.MapPost("/search", Search).For(Policies.Search);
        pages.MapPost("/search/probe", Assess).For(Policies.Compare);
        pages.MapGet("/searches/{search}", Record).For(Policies.ReadSearch);
        pages.MapGet("/searches/{search}/candidates/{rank:int}", async (
                string search, int rank, HttpContext context, ProbeSearch searches, ServiceRules rules,
                Notifications notifications, AuditTrail audit) =>
                context.Page<CandidateRecordView, CandidateRecordModel>(
                    new CandidateRecordModel(
                        search, rank, await SearchesResource.Record(search, rank, context, searches, rules, notifications, audit))))
            .For(Policies.ReadRecord);
    }

    private static async Task<IResult> Search(
        HttpContext context, ProbeSearch searches, Examining examining, Readiness readiness, Receipts receipts)
    {
        readiness.Require();
        SearchAnswer answer;
        Examination? examination;
        using (var form = await PageForm.ReadAsync(context))
            (answer, examination) = await SearchesResource.SearchAsync(
                context, Request(form), form.File("image").Content, searches, examining);
        var response = SearchesResource.Answer(answer, examination, receipts);
        return context.WantsFragment()
            ? context.Page<CandidatesPart, SearchResponse>(response)
            : context.Page<CandidatesView, SearchResponse>(response);
    }

    private static SearchRequest Request(PageForm form)
    {
        var galleries = form.Texts("gallery");
        if (galleries.Count == 0)
            throw new ProblemException(Problem.BadValue, "choose at least one gallery");
        return new SearchRequest(
            galleries,
            form.Number("listLength"),
            form.Fraction("scoreFloor"),
            new PurposeWire(form.Text("caseNumber"), form.Text("basis"), form.Text("requester")),
            form.Last("face"),
            ApprovalId: form.Text("approvalId"),
            ExigentReason: form.Text("exigentReason"),
            Examine: form.Ticked("examine"),
            ExaminationNote: form.Text("examinationNote"));
    }

    private static async Task<IResult> Assess(
        HttpContext context, ExtractionWorkers workers, ServiceSettings settings, Readiness readiness, Receipts receipts)
    {
        readiness.Require();
        string digest;
        ProbeWire face;
        QualityResponse? quality;
        using (var form = await PageForm.ReadAsync(context))
        {
            var image = form.File("image").Content;
            var choice = FaceWire.Parse(form.Last("face"));
            digest = receipts.Digest(image.Span);
            (face, quality) = await workers.RunAsync(
                settings.Model,
                extractor => QualityResource.Measure(extractor, image.Span, choice, context.RequestAborted), context.RequestAborted);
        }
        var answer = new QualityAnswer(face, quality, receipts.Deleted(digest));
        return context.WantsFragment()
            ? context.Page<ProbePart, ProbeModel>(new ProbeModel(answer))
            : context.Page<ProbeView, ProbeModel>(new ProbeModel(answer));
    }

    private static IResult Record(string search, HttpContext context, ProbeSearch searches, Notifications notifications, Accounts accounts)
    {
        var record = SearchesResource.Get(search, context, searches, notifications);
        var caller = context.Caller();
        return context.Page<SearchRecordView, SearchRecordModel>(new SearchRecordModel(
            record,
            System.Text.Json.JsonSerializer.Deserialize<SearchAudit>(record.Audit, System.Text.Json.JsonSerializerOptions.Web)!,
            accounts.Names(),
            record.Organisation == caller.Organisation && Policies.Roles[Policies.ReadRecord].Any(caller.Is)));
    }
}
