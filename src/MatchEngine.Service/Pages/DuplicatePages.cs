using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Duplicates;
using MatchEngine.Frs.Enrolling;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Duplicates;
using MatchEngine.Galleries.Stores;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Pages;

/// <summary>Two subjects that may be one person.</summary>
/// <param name="Pair">The pair.</param>
/// <param name="First">The one, whole.</param>
/// <param name="Second">The other, whole.</param>
public sealed record ReviewedPair(DuplicatePair Pair, Subject First, Subject Second);

/// <summary>The duplicates of a gallery.</summary>
/// <param name="Gallery">The gallery.</param>
/// <param name="State">The last search, and what waits.</param>
/// <param name="Pairs">Pairs that wait, by falling score.</param>
/// <param name="Apart">Who is kept apart, the last decisions first.</param>
/// <param name="Names">Names of accounts by their ids.</param>
/// <param name="Next">The address of further pairs; null where there are none.</param>
public sealed record DuplicatesModel(
    string Gallery, DuplicatesState State, IReadOnlyList<ReviewedPair> Pairs, IReadOnlyList<KeptApart> Apart,
    IReadOnlyDictionary<string, string> Names, string? Next);

/// <summary>Who is enrolled twice: looked for, seen side by side, decided.</summary>
internal static class DuplicatePages
{
    private const int PageSize = 10;

    public static void Map(IEndpointRouteBuilder pages)
    {
        const string path = "/galleries/{gallery}/duplicates";
        pages.MapGet(path, (
                string gallery, string? after, HttpContext context, ReviewingDuplicates duplicates, KeepingSubjects subjects,
                KeepingAccounts accounts) =>
            {
                var actor = context.Actor();
                var waiting = duplicates.Waiting(actor, gallery, Place(after), PageSize);
                var pairs = new List<ReviewedPair>();
                foreach (var (_, pair) in waiting)
                {
                    if (subjects.TryFind(actor, gallery, pair.First.Encounter.SubjectId) is { } first
                        && subjects.TryFind(actor, gallery, pair.Second.Encounter.SubjectId) is { } second)
                        pairs.Add(new ReviewedPair(pair, first, second));
                }
                return context.Page<DuplicatesView, DuplicatesModel>(new DuplicatesModel(
                    gallery, duplicates.State(actor, gallery), pairs, duplicates.Apart(actor, gallery, PageSize), accounts.Names(actor),
                    waiting.Count == PageSize ? $"/galleries/{gallery}/duplicates?after={waiting[^1].Place}" : null));
            })
            .For(Policies.KeepGallery);
        pages.MapPost(path, async (string gallery, HttpContext context, ReviewingDuplicates duplicates) =>
            {
                using var form = await PageForm.ReadAsync(context);
                switch (form.Last("do"))
                {
                    case "stop":
                        duplicates.Stop(context.Actor(), gallery);
                        return WebPages.Done($"/galleries/{gallery}/duplicates", "duplicates-stopped");
                    case "go-on":
                        duplicates.GoOn(context.Actor(), gallery);
                        break;
                    default:
                        await duplicates.StartAsync(context.Actor(), gallery, form.Fraction("floor"), context.RequestAborted);
                        break;
                }
                return WebPages.Done($"/galleries/{gallery}/duplicates", "duplicates-sought");
            })
            .For(Policies.KeepGallery);
        pages.MapPost(path + "/decisions", Decide).For(Policies.KeepGallery);
    }

    private static async Task<IResult> Decide(
        string gallery, HttpContext context, ReviewingDuplicates duplicates, KeepingSubjects subjects)
    {
        using var form = await PageForm.ReadAsync(context);
        var (actor, one, other) = (context.Actor(), form.Exact("one") ?? "", form.Exact("other") ?? "");
        return WebPages.Done($"/galleries/{gallery}/duplicates", Decided());

        string Decided()
        {
            switch (form.Last("do"))
            {
                case "apart":
                    duplicates.KeepApart(actor, gallery, one, other);
                    return "duplicates-apart";
                case "again":
                    duplicates.AskAgain(actor, gallery, one, other);
                    return "duplicates-again";
                case "into-one":
                    duplicates.Merge(actor, gallery, other, one);
                    return "duplicates-merged";
                case "into-other":
                    duplicates.Merge(actor, gallery, one, other);
                    return "duplicates-merged";
                case "remove-one":
                    subjects.RemoveEncounter(actor, gallery, one, form.Text("encounter-one") ?? "");
                    return "encounter-removed";
                case "remove-other":
                    subjects.RemoveEncounter(actor, gallery, other, form.Text("encounter-other") ?? "");
                    return "encounter-removed";
                case "move-one":
                    duplicates.MoveEncounter(actor, gallery, one, form.Text("encounter-one") ?? "", other);
                    return "encounter-moved";
                case "move-other":
                    duplicates.MoveEncounter(actor, gallery, other, form.Text("encounter-other") ?? "", one);
                    return "encounter-moved";
                default:
                    throw new ProblemException(Problem.BadValue, "say what becomes of the two");
            }
        }
    }

    private static PairPlace? Place(string? text) => PageQuery.Given(text) is not { } given
        ? null
        : PairPlace.TryParse(given) ?? throw new ProblemException(Problem.BadValue, "the address names no pair");
}
