using MatchEngine.Frs;
using MatchEngine.Frs.Accounts;
using MatchEngine.Service.Access;
using Microsoft.AspNetCore.Mvc;

namespace MatchEngine.Service.Rest;

/// <summary>A name and a password.</summary>
/// <param name="Name">The account's name.</param>
/// <param name="Password">Its password.</param>
/// <param name="Code">A one-time code or a recovery code, where the account has a second factor.</param>
public sealed record SignInRequest(string Name, string Password, string? Code = null);

/// <summary>A change of one's own password.</summary>
/// <param name="Present">The present password.</param>
/// <param name="Password">The new one: at least 12 characters, and not easily guessed.</param>
/// <param name="Code">A one-time code or a recovery code, where the account has a second factor.</param>
public sealed record PasswordChange(string Present, string Password, string? Code = null);

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
                var signedIn = await signing.ByPasswordAsync(
                    new Credentials(request.Name, request.Password, ClientAddress.Of(context), request.Code), context.TraceIdentifier);
                await BrowserSession.BeginAsync(context, signedIn);
                return Response(signedIn.Actor);
            })
            .AllowAnonymous().RequireRateLimiting(RateLimits.SignIn).WithMetadata(new RequestSizeLimitAttribute(RateLimits.SignInBytes))
            .WithName("signIn").WithSummary("Sign in with name and password; the answer sets a cookie").WithTags("session")
            .Produces<SessionResponse>().Problems(400, 401, 403, 429);
        v1.MapGet("/session", (HttpContext context) => Response(context.Actor()))
            .Needs(Policies.SignedIn).WithName("getSession").WithSummary("Who the key or the cookie stands for").WithTags("session")
            .Produces<SessionResponse>();
        v1.MapDelete("/session", async (HttpContext context) =>
            {
                await BrowserSession.EndAsync(context);
                return Results.NoContent();
            })
            .Needs(Policies.SignedIn).WithName("signOut").WithSummary(
                "End the browser's sign-in, wherever a copy of its cookie is").WithTags("session")
            .Produces(StatusCodes.Status204NoContent);
        v1.MapPut("/session/password", async (PasswordChange change, HttpContext context, KeepingAccounts accounts) =>
            {
                await accounts.ChangePasswordAsync(
                    context.Actor(), change.Present, change.Password, ClientAddress.Of(context), change.Code);
                return Results.NoContent();
            })
            .Needs(Policies.SignedIn).RequireRateLimiting(RateLimits.SignIn)
            .WithMetadata(new RequestSizeLimitAttribute(RateLimits.SignInBytes)).WithName("changePassword").WithSummary(
                "Change one's own password; the account is signed out everywhere").WithTags("session")
            .Produces(StatusCodes.Status204NoContent).Problems(400);
    }

    private static SessionResponse Response(Actor actor) =>
        new(actor.Account, actor.Name, actor.Organisation, [.. actor.Roles.Order(StringComparer.Ordinal)]);
}
