using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Duplicates;
using MatchEngine.Galleries.Duplicates;
using MatchEngine.Galleries.Stores;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Rest;

/// <summary>A search for people who are enrolled twice.</summary>
/// <param name="Floor">The score that pairs reach, −1 … 1; null: one that about one pair of different people for each 1,000 subjects
/// reaches by chance.</param>
/// <param name="GoOn">True to go on with the last search, which was stopped or cut off.</param>
public sealed record DuplicateSearchRequest(float? Floor = null, bool GoOn = false);

/// <summary>What is known of a gallery's duplicates.</summary>
/// <param name="State">How far the last search has come; null: there was none. One that is said to run while <c>running</c> is false was
/// cut off, and can be gone on with.</param>
/// <param name="Running">Whether a search is under way.</param>
/// <param name="Floor">The score that its pairs reach.</param>
/// <param name="Searched">How many subjects were searched with.</param>
/// <param name="Subjects">How many the gallery has.</param>
/// <param name="Waiting">How many pairs wait for a decision.</param>
/// <param name="Pairs">A page of them, by falling score.</param>
/// <param name="Next">Give this as <c>after</c> for the next page; null at the end.</param>
public sealed record DuplicatesResponse(
    SeekingState? State, bool Running, float? Floor, long Searched, long Subjects, long Waiting,
    IReadOnlyList<DuplicatePairResponse> Pairs, string? Next);

/// <summary>Two subjects that may be one person. Relatives and twins are alike too.</summary>
/// <param name="Subject">The one.</param>
/// <param name="EncounterId">Its photo that is most alike to one of the other's.</param>
/// <param name="Other">The other.</param>
/// <param name="OtherEncounterId">Its photo.</param>
/// <param name="Score">Their score.</param>
public sealed record DuplicatePairResponse(string Subject, string EncounterId, string Other, string OtherEncounterId, float Score);

/// <summary>What is decided of a pair.</summary>
public enum DuplicateDecision
{
    /// <summary>They are one person: <c>subject</c> is merged into <c>other</c>, and is gone.</summary>
    Merge,

    /// <summary>They are two people, and are not asked for again.</summary>
    KeepApart,

    /// <summary>That is taken back.</summary>
    AskAgain,

    /// <summary>A photo of <c>subject</c> shows <c>other</c>, and becomes that one's.</summary>
    MovePhoto,
}

/// <summary>A decision on two subjects.</summary>
/// <param name="Subject">The one.</param>
/// <param name="Other">The other.</param>
/// <param name="Decision">What is decided.</param>
/// <param name="EncounterId">The photo that is moved; null for another decision.</param>
public sealed record DuplicateDecisionRequest(string Subject, string Other, DuplicateDecision Decision, string? EncounterId = null);

/// <summary>Two subjects that are kept apart.</summary>
/// <param name="Subject">The one.</param>
/// <param name="Other">The other.</param>
/// <param name="DecidedBy">The account that said so.</param>
/// <param name="Decided">When (UTC).</param>
public sealed record KeptApartResponse(string Subject, string Other, string DecidedBy, DateTimeOffset Decided);

/// <summary><c>/v1/galleries/{gallery}/duplicates</c>: who is enrolled twice, for the keepers of the gallery's owner.</summary>
internal static class DuplicatesResource
{
    private const int DefaultCount = 100;

    public static void Map(IEndpointRouteBuilder v1)
    {
        const string path = "/galleries/{gallery}/duplicates";
        v1.MapGet(path, (string gallery, string? after, int? count, HttpContext context, ReviewingDuplicates duplicates) =>
                Response(context, gallery, after, count ?? DefaultCount, duplicates))
            .Needs(Policies.KeepGallery).WithName("getDuplicates").WithTags("duplicates")
            .WithSummary("How far a search for duplicates has come, and the pairs that wait for a decision")
            .Produces<DuplicatesResponse>().Problems(400, 404);
        v1.MapPost(path + "/search", async (
                string gallery, DuplicateSearchRequest request, HttpContext context, ReviewingDuplicates duplicates) =>
            {
                if (request.GoOn)
                    duplicates.GoOn(context.Actor(), gallery);
                else
                    await duplicates.StartAsync(context.Actor(), gallery, request.Floor, context.RequestAborted);
                return Results.Accepted(
                    $"/v1/galleries/{gallery}/duplicates", Response(context, gallery, null, DefaultCount, duplicates));
            })
            .Needs(Policies.KeepGallery).WithName("seekDuplicates").WithTags("duplicates")
            .WithSummary(
                "Look for people who are enrolled twice, which goes on after the answer. "
                    + "Pairs of an earlier search that nobody has decided are forgotten")
            .Produces<DuplicatesResponse>(StatusCodes.Status202Accepted).Problems(400, 404, 409, 422);
        v1.MapDelete(path + "/search", (string gallery, HttpContext context, ReviewingDuplicates duplicates) =>
            {
                duplicates.Stop(context.Actor(), gallery);
                return Results.NoContent();
            })
            .Needs(Policies.KeepGallery).WithName("stopSeekingDuplicates").WithTags("duplicates")
            .WithSummary("Stop the search that is under way; what it found stays")
            .Produces(StatusCodes.Status204NoContent).Problems(404, 409);
        v1.MapPost(path + "/decisions", (
                string gallery, DuplicateDecisionRequest request, HttpContext context, ReviewingDuplicates duplicates) =>
            {
                var (actor, one, other) = (context.Actor(), request.Subject, request.Other);
                switch (request.Decision)
                {
                    case DuplicateDecision.Merge:
                        duplicates.Merge(actor, gallery, one, other);
                        break;
                    case DuplicateDecision.KeepApart:
                        duplicates.KeepApart(actor, gallery, one, other);
                        break;
                    case DuplicateDecision.AskAgain:
                        duplicates.AskAgain(actor, gallery, one, other);
                        break;
                    default:
                        duplicates.MoveEncounter(actor, gallery, one, request.EncounterId ?? "", other);
                        break;
                }
                return Results.NoContent();
            })
            .Needs(Policies.KeepGallery).WithName("decideDuplicate").WithTags("duplicates")
            .WithSummary("Merge two subjects, keep them apart, ask for them again, or move a photo from the one to the other")
            .Produces(StatusCodes.Status204NoContent).Problems(400, 404, 409);
        v1.MapGet(path + "/kept-apart", (string gallery, int? count, HttpContext context, ReviewingDuplicates duplicates) =>
                duplicates.Apart(context.Actor(), gallery, count)
                    .Select(pair => new KeptApartResponse(pair.Subject, pair.Other, pair.DecidedBy, pair.Decided)).ToList())
            .Needs(Policies.KeepGallery).WithName("listKeptApart").WithTags("duplicates")
            .WithSummary("Who is kept apart, the last decisions first")
            .Produces<IReadOnlyList<KeptApartResponse>>().Problems(400, 404);
    }

    private static DuplicatesResponse Response(
        HttpContext context, string gallery, string? after, int count, ReviewingDuplicates duplicates)
    {
        var state = duplicates.State(context.Actor(), gallery);
        var waiting = duplicates.Waiting(context.Actor(), gallery, Place(after), count);
        return new DuplicatesResponse(
            state.Search?.State, state.IsRunning, state.Search?.Floor, state.Search?.Subjects ?? 0, state.Subjects, state.Waiting,
            [.. waiting.Select(found => Response(found.Pair))], waiting.Count == count ? waiting[^1].Place.ToString() : null);
    }

    private static DuplicatePairResponse Response(DuplicatePair pair) => new(
        pair.First.Encounter.SubjectId, pair.First.Encounter.Id, pair.Second.Encounter.SubjectId, pair.Second.Encounter.Id, pair.Score);

    private static PairPlace? Place(string? text) => text is null
        ? null
        : PairPlace.TryParse(text) ?? throw new ProblemException(Problem.BadValue, "after is the 'next' of an earlier page");
}
