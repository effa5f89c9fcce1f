using System.ComponentModel;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Cases;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.Rest;

/// <summary>A legal hold: nothing of the case is deleted until it is taken away.</summary>
/// <param name="Reason">Why: 1 to 2,000 characters.</param>
public sealed record HoldRequest(string Reason);

/// <summary>A legal hold on a case.</summary>
/// <param name="By">The account that placed it.</param>
/// <param name="Time">When (UTC).</param>
/// <param name="Reason">Why.</param>
public sealed record HoldWire(string By, DateTimeOffset Time, string Reason);

/// <summary>A note on a case.</summary>
/// <param name="Note">The words: 1 to 2,000 characters.</param>
public sealed record NoteRequest(string Note);

/// <summary>What somebody wrote down of a case.</summary>
/// <param name="Account">Who.</param>
/// <param name="Written">When (UTC).</param>
/// <param name="Note">The words.</param>
public sealed record NoteWire(string Account, DateTimeOffset Written, string Note);

/// <summary>A case: what holds the searches of one case number together.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Number">The case number.</param>
/// <param name="State">open or closed.</param>
/// <param name="Opened">When its first search was made (UTC).</param>
/// <param name="OpenedBy">Whose search that was.</param>
/// <param name="Closed">When it was closed; null while it is open.</param>
/// <param name="ClosedBy">Who closed it.</param>
/// <param name="Expires">When its retention ends and it is deleted with all that belongs to it; null while it is open.</param>
/// <param name="Hold">The legal hold; null without one.</param>
/// <param name="Searches">How many searches were made in it.</param>
public sealed record CaseResponse(
    string Id, string Number, CaseState State, DateTimeOffset Opened, string OpenedBy, DateTimeOffset? Closed, string? ClosedBy,
    DateTimeOffset? Expires, HoldWire? Hold, int Searches)
{
    internal static CaseResponse Of(CaseFile found) => new(
        found.Id, found.Number, found.State, found.Opened, found.OpenedBy, found.Closed, found.ClosedBy, found.Expires,
        found.Hold is { } hold ? new HoldWire(hold.By, hold.Time, hold.Reason) : null, found.Searches);
}

/// <summary>A case with its searches.</summary>
/// <param name="Case">The case.</param>
/// <param name="Searches">For a supervisor all, for others one's own; newest first, at most 500.</param>
/// <param name="Notes">What was written down of it, the oldest first: for a supervisor all, for others one's own.</param>
public sealed record CaseContent(CaseResponse Case, IReadOnlyList<SearchSummary> Searches, IReadOnlyList<NoteWire> Notes)
{
    internal static CaseContent Of(ReadCase read) => new(
        CaseResponse.Of(read.Case), [.. read.Searches.Select(SearchSummary.Of)],
        [.. read.Notes.Select(note => new NoteWire(note.Account, note.Written, note.Text))]);
}

/// <summary>A page of cases.</summary>
/// <param name="Cases">The cases, those opened last first.</param>
/// <param name="Next">Give this as <c>after</c> for the next page; null at the end.</param>
public sealed record CasesPage(IReadOnlyList<CaseResponse> Cases, string? Next);

/// <summary>
/// <c>/v1/cases</c>: the case number of a search opens a case; closing it begins its retention (PIA-054, Principles).
/// </summary>
internal static class CasesResource
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        const string one = "/cases/{case}";
        v1.MapGet("/cases", (
                [Description("Only that of this number")] string? number,
                [Description("open or closed; nothing for both")] string? state,
                [Description("Only those on legal hold")] bool? onHold, string? after, int? count, HttpContext context,
                KeepingCases cases) =>
            {
                var page = cases.List(
                    context.Actor(), number, WireJson.Value<CaseState>(state, "state"), onHold ?? false, after, count);
                return new CasesPage([.. page.Cases.Select(CaseResponse.Of)], page.Next);
            })
            .Needs(Policies.Search).WithName("listCases").WithTags("cases")
            .WithSummary("The cases in which one has searched; for supervisors, those of the organisation")
            .Produces<CasesPage>().Problems(400);
        v1.MapGet(one, (string @case, HttpContext context, KeepingCases cases) =>
                CaseContent.Of(cases.Read(context.Actor(), @case)))
            .Needs(Policies.Search).WithName("getCase").WithTags("cases").WithSummary("A case with its searches and notes")
            .Produces<CaseContent>().Problems(404);
        v1.MapPost(one + "/notes", (string @case, NoteRequest request, HttpContext context, KeepingCases cases) =>
            {
                cases.Note(context.Actor(), @case, request.Note);
                return CaseContent.Of(cases.Read(context.Actor(), @case));
            })
            .Needs(Policies.Search).WithName("noteCase").WithTags("cases").WithSummary("Write something down of an open case")
            .Produces<CaseContent>().Problems(400, 404, 409);
        v1.MapDelete(one, (string @case, HttpContext context, KeepingCases cases) =>
            {
                cases.Delete(context.Actor(), @case);
                return Results.NoContent();
            })
            .Needs(Policies.Supervise).WithName("deleteCase").WithTags("cases")
            .WithSummary(
                "Delete a closed case with its searches, what is kept of their probes, and their examinations; a legal hold stops it")
            .Produces(StatusCodes.Status204NoContent).Problems(404, 409);
        v1.MapPut(one + "/closure", (string @case, HttpContext context, KeepingCases cases) =>
                CaseResponse.Of(cases.Close(context.Actor(), @case)))
            .Needs(Policies.Search).WithName("closeCase").WithTags("cases")
            .WithSummary("Close a case: no further search is made in it, and its retention begins")
            .Produces<CaseResponse>().Problems(404, 409);
        v1.MapDelete(one + "/closure", (string @case, HttpContext context, KeepingCases cases) =>
                CaseResponse.Of(cases.Reopen(context.Actor(), @case)))
            .Needs(Policies.Supervise).WithName("reopenCase").WithTags("cases").WithSummary("Open a closed case again")
            .Produces<CaseResponse>().Problems(404, 409);
        v1.MapPut(one + "/hold", (string @case, HoldRequest request, HttpContext context, KeepingCases cases) =>
                CaseResponse.Of(cases.Hold(context.Actor(), @case, request.Reason)))
            .Needs(Policies.Supervise).WithName("holdCase").WithTags("cases")
            .WithSummary("Place a legal hold: nothing of the case is deleted until it is taken away")
            .Produces<CaseResponse>().Problems(400, 404, 409);
        v1.MapDelete(one + "/hold", (string @case, HttpContext context, KeepingCases cases) =>
                CaseResponse.Of(cases.Release(context.Actor(), @case)))
            .Needs(Policies.Supervise).WithName("releaseCase").WithTags("cases").WithSummary("Take a legal hold away")
            .Produces<CaseResponse>().Problems(404, 409);
    }
}
