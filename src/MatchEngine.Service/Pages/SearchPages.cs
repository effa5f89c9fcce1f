using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Comparing;
using MatchEngine.Frs.Probes;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Sharing;
using MatchEngine.Frs.Supervising;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Search;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Intake;

namespace MatchEngine.Service.Pages;

/// <summary>The search page.</summary>
/// <param name="Galleries">The galleries that may be searched.</param>
/// <param name="Approval">The approval that the search will be made with; its galleries and purpose are fixed.</param>
public sealed record SearchModel(IReadOnlyList<GalleryOverview> Galleries, Approval? Approval);

/// <summary>What the service sees in a probe, before anything is searched.</summary>
/// <param name="Face">Face and quality.</param>
/// <param name="Receipt">That the probe was deleted.</param>
public sealed record ProbeModel(ProbeFace Face, DeletionReceipt Receipt);

/// <summary>The answer to a search.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Receipt">That the probe was deleted, or that it is sealed for examination.</param>
public sealed record CandidatesModel(SearchAnswer Answer, DeletionReceipt? Receipt);

/// <summary>One's own searches.</summary>
/// <param name="Page">The searches, newest first.</param>
/// <param name="CaseNumber">The case that was asked for.</param>
/// <param name="Since">The day from which on.</param>
/// <param name="Until">The last day.</param>
/// <param name="More">The address of the next page; null at the end.</param>
public sealed record OwnSearchesModel(SearchPage Page, string? CaseNumber, string? Since, string? Until, string? More);

/// <summary>A search that was made, with the candidates as they were listed.</summary>
/// <param name="Search">The search.</param>
/// <param name="Candidates">The candidates.</param>
/// <param name="Disclaimer">What the reader is told.</param>
/// <param name="Names">Names of accounts by their ids.</param>
/// <param name="MaySeeFaces">Whether the reader may see the candidates themselves.</param>
/// <param name="IsClosed">Whether the candidates are closed to the reader, because a supervisor found the search improper.</param>
public sealed record SearchRecordModel(
    RecordedSearch Search, IReadOnlyList<ReadCandidate> Candidates, Disclaimer Disclaimer, IReadOnlyDictionary<string, string> Names,
    bool MaySeeFaces, bool IsClosed);

/// <summary>A candidate's record.</summary>
/// <param name="SearchId">The search.</param>
/// <param name="Rank">The rank.</param>
/// <param name="Record">The record.</param>
public sealed record CandidateRecordModel(string SearchId, int Rank, CandidateRecord Record);

/// <summary>Searching, and looking at searches that were made.</summary>
internal static class SearchPages
{
    private const int OwnPageSize = 50;

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet(
            "/search", (string? approval, HttpContext context, KeepingGalleries galleries, ApprovingSearches approvals) =>
                context.Page<SearchView, SearchModel>(new SearchModel(
                    galleries.List(context.Actor()).Where(gallery => gallery.MaySearch).ToList(),
                    approval is null ? null : approvals.Find(context.Actor(), approval))))
            .For(Policies.Search);
        pages.MapPost("/search", Search).For(Policies.Search).WhenReady();
        pages.MapPost("/search/probe", Measure).For(Policies.Compare).WhenReady();
        pages.MapGet("/searches", (
                string? caseNumber, string? since, string? until, string? before, HttpContext context, ReadingSearches searches) =>
                Own(searches.List(
                    context.Actor(), caseNumber, PageQuery.Day(since), PageQuery.Day(until)?.AddDays(1), before, OwnPageSize),
                    caseNumber, since, until, context))
            .For(Policies.Search);
        pages.MapGet("/searches/{search}", (string search, HttpContext context, ReadingSearches searches, KeepingAccounts accounts) =>
            {
                var (actor, read) = (context.Actor(), searches.Read(context.Actor(), search));
                return context.Page<SearchRecordView, SearchRecordModel>(new SearchRecordModel(
                    read.Search, read.Candidates, read.Disclaimer, accounts.Names(actor),
                    read.Search.Organisation == actor.Organisation && actor.May(Policies.ReadRecord)
                        && !CandidateAccess.IsClosed(actor, read.Search),
                    read.IsClosed));
            })
            .For(Policies.ReadSearch);
        pages.MapGet(
            "/searches/{search}/candidates/{rank:int}", async (string search, int rank, HttpContext context, ReadingSearches searches) =>
                context.Page<CandidateRecordView, CandidateRecordModel>(new CandidateRecordModel(
                    search, rank, await searches.OpenRecordAsync(context.Actor(), search, rank))))
            .For(Policies.ReadRecord);
    }

    private static async Task<IResult> Search(HttpContext context, SearchingGalleries searching, Receipts receipts)
    {
        SearchAnswer answer;
        using (var form = await PageForm.ReadAsync(context))
            answer = await searching.SearchAsync(
                context.Actor(), Request(form), form.File("image").Content, context.RequestAborted);
        // Only now the probe is gone from memory: only now a receipt says so.
        var receipt = answer.Digest is not { } digest
            ? null
            : answer.Examination is null ? receipts.Deleted(digest) : receipts.Sealed(digest);
        var model = new CandidatesModel(answer, receipt);
        return context.WantsFragment()
            ? context.Page<CandidatesPart, CandidatesModel>(model)
            : context.Page<CandidatesView, CandidatesModel>(model);
    }

    private static IResult Own(SearchPage page, string? caseNumber, string? since, string? until, HttpContext context) =>
        context.Page<OwnSearchesView, OwnSearchesModel>(new OwnSearchesModel(
            page, caseNumber, since, until, page.Next is { } next ? PageQuery.Next(context, "before", next) : null));

    private static SearchRequest Request(PageForm form)
    {
        var galleries = form.Texts("gallery");
        if (galleries.Count == 0)
            throw new ProblemException(Problem.BadValue, "choose at least one gallery");
        return new SearchRequest
        {
            Galleries = galleries,
            ListLength = form.Number("listLength"),
            ScoreFloor = form.Fraction("scoreFloor"),
            ScoreFloorStrangers = form.Fraction("scoreFloorStrangers"),
            Filter = FilterWords.Parse(
                form.Text("filter")?.Split([',', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)),
            Purpose = form.Purpose(),
            Face = form.Last("face") is { } face ? FaceWords.Parse(face) : null,
            StatedAge = form.Number("statedAge"),
            ApprovalId = form.Text("approvalId"),
            Examine = form.Ticked("examine"),
            ExaminationNote = form.Text("examinationNote"),
        };
    }

    private static async Task<IResult> Measure(HttpContext context, MeasuringQuality measuring, Receipts receipts)
    {
        MeasuredFace measured;
        using (var form = await PageForm.ReadAsync(context))
            measured = await measuring.MeasureAsync(
                context.Actor(), form.File("image").Content, FaceWords.Parse(form.Last("face")), context.RequestAborted);
        var model = new ProbeModel(measured.Face, receipts.Deleted(measured.Digest));
        return context.WantsFragment()
            ? context.Page<ProbePart, ProbeModel>(model)
            : context.Page<ProbeView, ProbeModel>(model);
    }
}
