using MatchEngine.Frs.Accounts;
using MatchEngine.Service.Access;
using Microsoft.AspNetCore.Mvc;

namespace MatchEngine.Service.Rest;

/// <summary>A name and a password.</summary>
/// <param name="Name">The account's name.</param>
/// <param name="Password">Its password.</param>
public sealed record SignInRequest(string Name, string Password);

/// <summary>Who is signed in.</summary>
/// <param name="Account">The account's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Organisation">Its organisation's id.</param>
/// <param name="Roles">What it may do.</param>
public sealed record SessionResponse(string Account, string Name, string Organisation, IReadOnlyList<string> Roles);

/// <summary><c>/v1/session</c>: interactive sign-in, for browsers.</summary>
internal static class SessionResource
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapPost("/session", async (SignInRequest request, HttpContext context, SigningIn signing) =>
            {
                var account = await signing.ByPasswordAsync(request.Name, request.Password, context.TraceIdentifier);
                await BrowserSession.BeginAsync(context, account);
                return new SessionResponse(account.Id, account.Name, account.Organisation, account.Roles);
            })
            .AllowAnonymous().RequireRateLimiting(RateLimits.SignIn).WithMetadata(new RequestSizeLimitAttribute(RateLimits.SignInBytes))
            .WithName("signIn").WithSummary("Sign in with name and password; the answer sets a cookie").WithTags("session")
            .Produces<SessionResponse>().Problems(400, 401, 403, 429);
        v1.MapGet("/session", (HttpContext context) =>
            {
                var actor = context.Actor();
                return new SessionResponse(actor.Account, actor.Name, actor.Organisation, [.. actor.Roles.Order(StringComparer.Ordinal)]);
            })
            .Needs(Policies.SignedIn).WithName("getSession").WithSummary("Who the key or the cookie stands for").WithTags("session")
            .Produces<SessionResponse>();
        v1.MapDelete("/session", async (HttpContext context) =>
            {
                await BrowserSession.EndAsync(context);
                return Results.NoContent();
            })
            .Needs(Policies.SignedIn).WithName("signOut").WithSummary("End the browser's sign-in").WithTags("session")
            .Produces(StatusCodes.Status204NoContent);
    }
}
