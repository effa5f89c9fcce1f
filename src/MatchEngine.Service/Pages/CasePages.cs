using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Cases;
using MatchEngine.Frs.Details;
using MatchEngine.Frs.Examining;
using MatchEngine.Frs.Supervising;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Pages;

/// <summary>The cases of an organisation, or those in which one has searched.</summary>
/// <param name="Page">The cases, those opened last first.</param>
/// <param name="Number">The number that was asked for.</param>
/// <param name="State">The state that was asked for.</param>
/// <param name="OnHold">Whether only those on hold are listed.</param>
/// <param name="More">The address of the next page; null at the end.</param>
public sealed record CasesModel(CasePage Page, string? Number, string? State, bool OnHold, string? More);

/// <summary>A case, with what the reader may know of it.</summary>
/// <param name="Read">The case with its searches and notes.</param>
/// <param name="Examinations">The examinations of its searches' lists.</param>
/// <param name="Approvals">The requests for approval that name it.</param>
/// <param name="Details">The second requests for candidates of its searches.</param>
/// <param name="Names">Names of accounts by their ids.</param>
public sealed record CaseModel(
    ReadCase Read, IReadOnlyList<Examination> Examinations, IReadOnlyList<Approval> Approvals, IReadOnlyList<DetailsRequest> Details,
    IReadOnlyDictionary<string, string> Names);

/// <summary>Cases: listed, closed, opened again, held, deleted.</summary>
internal static class CasePages
{
    private const int PageSize = 50;

    public static void Map(IEndpointRouteBuilder pages)
    {
        const string one = "/cases/{case}";
        pages.MapGet("/cases", (
                string? number, string? state, bool? onHold, string? after, HttpContext context, KeepingCases cases) =>
            {
                var page = cases.List(context.Actor(), number, State(state), onHold ?? false, after, PageSize);
                return context.Page<CasesView, CasesModel>(new CasesModel(
                    page, number, state, onHold ?? false, page.Next is { } next ? PageQuery.Next(context, "after", next) : null));
            })
            .For(Policies.Search);
        pages.MapGet(one, (
                string @case, HttpContext context, KeepingCases cases, ExaminingLists examining, ApprovingSearches approvals,
                RequestingDetails details, KeepingAccounts accounts) =>
            {
                var (actor, read) = (context.Actor(), cases.Read(context.Actor(), @case));
                var searches = read.Searches.Select(search => search.Id).ToHashSet(StringComparer.Ordinal);
                return context.Page<CaseView, CaseModel>(new CaseModel(
                    read,
                    [.. examining.List(actor, null).Select(seen => seen.Examination).Where(found => searches.Contains(found.Search))],
                    [.. approvals.List(actor).Where(approval => approval.Purpose.CaseNumber == read.Case.Number)],
                    [.. details.List(actor).Where(request => searches.Contains(request.Search))],
                    accounts.Names(actor)));
            })
            .For(Policies.Search);
        pages.MapPost(one + "/notes", (string @case, HttpContext context, KeepingCases cases) =>
                Do(context, @case, "case-noted", form => cases.Note(context.Actor(), @case, form.Text("note"))))
            .For(Policies.Search);
        pages.MapPost(one + "/closure", (string @case, HttpContext context, KeepingCases cases) =>
                Do(context, @case, "case-closed", _ => cases.Close(context.Actor(), @case)))
            .For(Policies.Search);
        pages.MapPost(one + "/reopening", (string @case, HttpContext context, KeepingCases cases) =>
                Do(context, @case, "case-reopened", _ => cases.Reopen(context.Actor(), @case)))
            .For(Policies.Supervise);
        pages.MapPost(one + "/hold", (string @case, HttpContext context, KeepingCases cases) =>
                Do(context, @case, "case-held", form => cases.Hold(context.Actor(), @case, form.Text("reason"))))
            .For(Policies.Supervise);
        pages.MapPost(one + "/release", (string @case, HttpContext context, KeepingCases cases) =>
                Do(context, @case, "case-released", _ => cases.Release(context.Actor(), @case)))
            .For(Policies.Supervise);
        pages.MapPost(one + "/deletion", async (string @case, HttpContext context, KeepingCases cases) =>
            {
                using var form = await PageForm.ReadAsync(context);
                if (form.Text("number") != cases.Read(context.Actor(), @case).Case.Number)
                    throw new ProblemException(Problem.BadValue, "write the case number to delete the case");
                cases.Delete(context.Actor(), @case);
                return WebPages.Done("/cases", "case-deleted");
            })
            .For(Policies.Supervise);
    }

    private static async Task<IResult> Do(HttpContext context, string id, string notice, Action<PageForm> work)
    {
        using var form = await PageForm.ReadAsync(context);
        work(form);
        return WebPages.Done($"/cases/{id}", notice);
    }

    private static CaseState? State(string? text) => PageQuery.Given(text) switch
    {
        null => null,
        "open" => CaseState.Open,
        "closed" => CaseState.Closed,
        _ => throw new ProblemException(Problem.BadValue, "a case is open or closed"),
    };
}
