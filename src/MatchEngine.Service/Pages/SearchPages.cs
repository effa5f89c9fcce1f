using MatchEngine.Faces.Images;
using MatchEngine.Frs;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Comparing;
using MatchEngine.Frs.Errors;
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
/// <param name="Made">A search that was made, whose list stands below the form and whose terms stand in it; null for none.</param>
public sealed record SearchModel(IReadOnlyList<GalleryOverview> Galleries, Approval? Approval, SearchRecordModel? Made);

/// <summary>What the service sees in a probe, before anything is searched.</summary>
/// <param name="Faces">Its faces, largest first, with their quality; perhaps none.</param>
/// <param name="Preparation">What was done to it before; null: nothing.</param>
/// <param name="Receipt">That the probe was deleted.</param>
public sealed record ProbeModel(IReadOnlyList<ProbeFace> Faces, ImagePreparation? Preparation, DeletionReceipt Receipt);

/// <summary>The answer to a search.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Receipt">That the probe was deleted, or that it is sealed for examination.</param>
/// <param name="IsPreparedInVain">Whether the photo was searched with as it came, though a preparation of it was described.</param>
public sealed record CandidatesModel(SearchAnswer Answer, DeletionReceipt? Receipt, bool IsPreparedInVain);

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
        pages.MapGet("/search", (
                string? approval, string? made, HttpContext context, KeepingGalleries galleries, ApprovingSearches approvals,
                ReadingSearches searches, KeepingAccounts accounts) =>
                context.Page<SearchView, SearchModel>(new SearchModel(
                    galleries.List(context.Actor()).Where(gallery => gallery.MaySearch).ToList(),
                    approval is null ? null : approvals.Find(context.Actor(), approval),
                    made is null ? null : Made(context.Actor(), made, searches, accounts))))
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
                context.Page<SearchRecordView, SearchRecordModel>(Record(context.Actor(), search, searches, accounts)))
            .For(Policies.ReadSearch);
        pages.MapGet(
            "/searches/{search}/candidates/{rank:int}", async (string search, int rank, HttpContext context, ReadingSearches searches) =>
                context.Page<CandidateRecordView, CandidateRecordModel>(new CandidateRecordModel(
                    search, rank, await searches.OpenRecordAsync(context.Actor(), search, rank))))
            .For(Policies.ReadRecord);
    }

    private static SearchRecordModel Record(Actor actor, string search, ReadingSearches searches, KeepingAccounts accounts)
    {
        var read = searches.Read(actor, search);
        return new SearchRecordModel(
            read.Search, read.Candidates, read.Disclaimer, accounts.Names(actor),
            read.Search.Organisation == actor.Organisation && actor.May(Policies.ReadRecord)
                && !CandidateAccess.IsClosed(actor, read.Search),
            read.IsClosed);
    }

    /// <summary>One's own search, to be gone on with; null where it is no more: the form is there all the same.</summary>
    private static SearchRecordModel? Made(Actor actor, string search, ReadingSearches searches, KeepingAccounts accounts)
    {
        try
        {
            return Record(actor, search, searches, accounts) is { } made && made.Search.Account == actor.Account ? made : null;
        }
        catch (CodedException gone) when (gone.Code == ErrorCodes.NotFound)
        {
            return null;
        }
    }

    private static async Task<IResult> Search(HttpContext context, SearchingGalleries searching, Receipts receipts)
    {
        SearchAnswer answer;
        bool inVain;
        using (var form = await PageForm.ReadAsync(context))
        {
            inVain = form.IsPreparedInVain();
            answer = await searching.SearchAsync(
                context.Actor(), Request(form), form.File("image").Content, context.RequestAborted);
        }
        // Only now the probe is gone from memory: only now a receipt says so.
        var receipt = answer.Digest is not { } digest
            ? null
            : answer.Examination is null ? receipts.Deleted(digest) : receipts.Sealed(digest);
        var model = new CandidatesModel(answer, receipt, inVain);
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
            throw new ProblemException(Problem.BadValue, "choose at least one gallery") { Fields = ["gallery"] };
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
            Preparation = form.Preparation(),
        };
    }

    private static async Task<IResult> Measure(HttpContext context, MeasuringQuality measuring, Receipts receipts)
    {
        IReadOnlyList<ProbeFace> faces;
        string digest;
        ImagePreparation? preparation;
        using (var form = await PageForm.ReadAsync(context))
        {
            preparation = form.Preparation();
            (faces, digest) = await measuring.DetectAsync(
                context.Actor(), form.File("image").Content, preparation, context.RequestAborted);
        }
        var model = new ProbeModel(faces, preparation, receipts.Deleted(digest));
        return context.WantsFragment()
            ? context.Page<ProbePart, ProbeModel>(model)
            : context.Page<ProbeView, ProbeModel>(model);
    }
}
