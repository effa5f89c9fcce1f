using System.ComponentModel;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Redress;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.Rest;

/// <summary>A person's request, as the gallery's owner writes it down.</summary>
/// <param name="Gallery">The gallery.</param>
/// <param name="Kind">access, correction or deletion.</param>
/// <param name="Reference">By what the owner's own files know the request and the person: 1 to 200 characters.</param>
/// <param name="SubjectId">The subject; a request for access may name none.</param>
/// <param name="Statement">What the person says, or null.</param>
public sealed record RedressSubmission(
    string Gallery, RedressKind Kind, string Reference, string? SubjectId = null, string? Statement = null);

/// <summary>The answer to a request, and what is corrected with it.</summary>
/// <param name="Answer">What the person is told: 1 to 2,000 characters.</param>
/// <param name="Set">Keys that get a value, where a correction was granted.</param>
/// <param name="Remove">Keys that go, where a correction was granted.</param>
public sealed record RedressReply(
    string Answer, IReadOnlyDictionary<string, string>? Set = null, IReadOnlyList<string>? Remove = null);

/// <summary>A person's request for access, correction or deletion.</summary>
/// <param name="Id">Its id; rises with time.</param>
/// <param name="Gallery">The gallery.</param>
/// <param name="SubjectId">The subject, or null.</param>
/// <param name="Kind">access, correction or deletion.</param>
/// <param name="Reference">By what the owner's files know it.</param>
/// <param name="Statement">What the person says.</param>
/// <param name="State">pending, granted, refused or answered.</param>
/// <param name="Recorded">When it was written down (UTC).</param>
/// <param name="RecordedBy">Who did.</param>
/// <param name="Due">Until when it is to be answered.</param>
/// <param name="Granted">Whether it is granted; null before it is decided.</param>
/// <param name="DecidedBy">Who decided.</param>
/// <param name="Decided">When.</param>
/// <param name="Decision">Why.</param>
/// <param name="AnsweredBy">Who answered.</param>
/// <param name="Answered">When.</param>
/// <param name="Answer">What the person was told.</param>
/// <param name="Told">Of how many searches whose lists held the record the searchers were told.</param>
public sealed record RedressResponse(
    string Id, string Gallery, string? SubjectId, RedressKind Kind, string Reference, string? Statement, RedressState State,
    DateTimeOffset Recorded, string RecordedBy, DateTimeOffset Due, bool? Granted, string? DecidedBy, DateTimeOffset? Decided,
    string? Decision, string? AnsweredBy, DateTimeOffset? Answered, string? Answer, int? Told)
{
    internal static RedressResponse Of(RedressRequest found) => new(
        found.Id, found.Gallery, found.Subject, found.Kind, found.Reference, found.Statement, found.State, found.Recorded,
        found.RecordedBy, found.Due, found.Granted, found.DecidedBy, found.Decided, found.Decision, found.AnsweredBy, found.Answered,
        found.Answer, found.Told);
}

/// <summary>
/// <c>/v1/redress-requests</c>: what persons ask of a gallery's owner, and what became of it (PIA-054, Principles).
/// </summary>
internal static class RedressResource
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        const string one = "/redress-requests/{redress}";
        v1.MapGet("/redress-requests", (
                [Description("pending, granted, refused or answered; nothing for all")] string? state, HttpContext context,
                HandlingRedress redress) =>
                redress.List(context.Actor(), WireJson.Value<RedressState>(state, "state")).Select(RedressResponse.Of).ToList())
            .Needs(Policies.HandleRedress).WithName("listRedressRequests").WithTags("redress")
            .WithSummary("Persons' requests to the galleries of one's organisation, newest first")
            .Produces<IReadOnlyList<RedressResponse>>().Problems(400);
        v1.MapPost("/redress-requests", (RedressSubmission asked, HttpContext context, HandlingRedress redress) =>
            {
                var added = redress.Record(context.Actor(), new RecordedRedress(
                    asked.Gallery, asked.SubjectId, asked.Kind, asked.Reference, asked.Statement));
                return Results.Created($"/v1/redress-requests/{added.Id}", RedressResponse.Of(added));
            })
            .Needs(Policies.KeepGallery).WithName("recordRedressRequest").WithTags("redress")
            .WithSummary("Write down what a person asks for: access, correction or deletion")
            .Produces<RedressResponse>(StatusCodes.Status201Created).Problems(400, 404);
        v1.MapGet(one, (string redress, HttpContext context, HandlingRedress handling) =>
                RedressResponse.Of(handling.Find(context.Actor(), redress)))
            .Needs(Policies.HandleRedress).WithName("getRedressRequest").WithTags("redress").WithSummary("A person's request")
            .Produces<RedressResponse>().Problems(404);
        v1.MapPost(one + "/decision", (string redress, Decision decision, HttpContext context, HandlingRedress handling) =>
                RedressResponse.Of(handling.Decide(context.Actor(), redress, decision.ToDecision())))
            .Needs(Policies.HandleRedress).WithName("decideRedressRequest").WithTags("redress")
            .WithSummary("Grant or refuse a request: who does, the gallery's profile says; never who wrote it down")
            .Produces<RedressResponse>().Problems(400, 404, 409);
        v1.MapPost(one + "/answer", (string redress, RedressReply reply, HttpContext context, HandlingRedress handling) =>
                RedressResponse.Of(handling.Answer(
                    context.Actor(), redress, new RedressAnswer(reply.Answer, reply.Set, reply.Remove))))
            .Needs(Policies.KeepGallery).WithName("answerRedressRequest").WithTags("redress")
            .WithSummary(
                "Carry out what was granted and note what the person was told. Whoever was told the record in a list learns that it was "
                    + "corrected or deleted, by the search's id")
            .Produces<RedressResponse>().Problems(400, 404, 409);
    }
}
