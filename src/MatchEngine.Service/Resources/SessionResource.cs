using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Store;
using Microsoft.AspNetCore.Authentication;

namespace MatchEngine.Service.Resources;

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
        v1.MapPost("/session", SignIn)
            .AllowAnonymous().RequireRateLimiting(RateLimits.SignIn)
            .WithName("signIn").WithSummary("Sign in with name and password; the answer sets a cookie").WithTags("session")
            .Produces<SessionResponse>().Problems(400, 401, 403, 429);
        v1.MapGet("/session", (HttpContext context) =>
            {
                var caller = context.Caller();
                return new SessionResponse(
                    caller.Account, caller.Name, caller.Organisation, [.. caller.Roles.Order(StringComparer.Ordinal)]);
            })
            .Needs(Policies.SignedIn).WithName("getSession").WithSummary("Who the key or the cookie stands for").WithTags("session")
            .Produces<SessionResponse>();
        v1.MapDelete("/session", async (HttpContext context) =>
            {
                await context.SignOutAsync(BrowserSession.SchemeName);
                return Results.NoContent();
            })
            .Needs(Policies.SignedIn).WithName("signOut").WithSummary("End the browser's sign-in").WithTags("session")
            .Produces(StatusCodes.Status204NoContent);
    }

    internal static async Task<SessionResponse> SignIn(SignInRequest request, HttpContext context, Accounts accounts, AuditTrail audit)
    {
        var (outcome, account) = await Task.Run(() => accounts.SignIn(request.Name, request.Password));
        // A name that is no account's may be a password typed into the wrong field: it is not written down.
        if (account is not null)
            await audit.WriteAsync(
                outcome == SignInOutcome.Accepted ? "session.signed-in" : "session.refused", account, context,
                new { account = account.Id, outcome });
        if (outcome == SignInOutcome.Locked)
            throw new ProblemException(
                Problem.AccountLocked,
                $"after {Accounts.MaxFailures} wrong passwords the account waits {Accounts.Lockout.TotalMinutes:0} minutes; "
                    + "an administrator can set it free by giving it a new password")
            {
                RetryAfter = Accounts.Lockout,
            };
        if (outcome != SignInOutcome.Accepted)
            throw new ProblemException(Problem.SignInRefused, "name or password is wrong, or the account has no password");
        await context.SignInAsync(BrowserSession.SchemeName, Caller.Principal(account!, BrowserSession.SchemeName));
        return new SessionResponse(account!.Id, account.Name, account.Organisation, account.Roles);
    }

    /// <summary>Signs a browser in by an API key, for who has no password yet. The sign-in ends with the key.</summary>
    internal static async Task<SessionResponse> SignInByKey(string text, HttpContext context, ApiKeys keys, AuditTrail audit)
    {
        if (keys.Authenticate(text) is not ({ } account, { } key))
            throw new ProblemException(Problem.SignInRefused, "the key is unknown, revoked or expired");
        await audit.WriteAsync("session.signed-in", account, context, new { account = account.Id, outcome = SignInOutcome.Accepted, key });
        await context.SignInAsync(BrowserSession.SchemeName, Caller.Principal(account, BrowserSession.SchemeName, key));
        return new SessionResponse(account.Id, account.Name, account.Organisation, account.Roles);
    }
}
