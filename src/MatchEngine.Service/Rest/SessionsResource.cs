using MatchEngine.Frs.Accounts;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.Rest;

/// <summary>A browser that is signed in.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Key">The id of the key by which it was signed in; null for other means.</param>
/// <param name="Began">When it was signed in (UTC).</param>
/// <param name="LastSeen">When it was last used, to a minute.</param>
/// <param name="Present">Whether it is the one that asks.</param>
public sealed record BrowserResponse(string Id, string? Key, DateTimeOffset Began, DateTimeOffset LastSeen, bool Present);

/// <summary><c>/v1/sessions</c>: where one is signed in.</summary>
internal static class SessionsResource
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/sessions", (HttpContext context, KeepingSessions sessions) => sessions.List(context.Actor())
                .Select(session => new BrowserResponse(
                    session.Id, session.Key, session.Began, session.LastSeen, session.Id == context.Session())).ToList())
            .Needs(Policies.SignedIn).WithName("listSessions").WithSummary("The browsers in which one is signed in").WithTags("session")
            .Produces<IReadOnlyList<BrowserResponse>>();
        v1.MapDelete("/sessions", (HttpContext context, KeepingSessions sessions) =>
            {
                sessions.EndAll(context.Actor());
                return Results.NoContent();
            })
            .Needs(Policies.SignedIn).WithName("signOutEverywhere").WithSummary("Sign out everywhere").WithTags("session")
            .Produces(StatusCodes.Status204NoContent);
        v1.MapDelete("/sessions/{session}", (string session, HttpContext context, KeepingSessions sessions) =>
            {
                sessions.End(context.Actor(), session);
                return Results.NoContent();
            })
            .Needs(Policies.SignedIn).WithName("endSession").WithSummary("Sign one browser out").WithTags("session")
            .Produces(StatusCodes.Status204NoContent).Problems(404);
    }
}
