using MatchEngine.Frs;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Errors;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Pages;

/// <summary>The sign-in as a page.</summary>
/// <param name="Return">Where to go afterwards.</param>
/// <param name="Name">The name that was given before.</param>
/// <param name="Error">Why it was refused; null before a try.</param>
public sealed record SignInModel(string Return, string? Name, string? Error);

/// <summary>Signing in and out, and the way from the bare address to the first page of use.</summary>
internal static class SessionPages
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/", (HttpContext context) => Results.Redirect(Home(context.Actor()))).For(Policies.SignedIn);
        pages.MapGet("/sign-in", (string? @return, HttpContext context) =>
            context.Page<SignInView, SignInModel>(new SignInModel(Local(@return), null, null))).AllowAnonymous();
        pages.MapPost("/sign-in", SignIn).AllowAnonymous().RequireRateLimiting(RateLimits.SignIn);
        pages.MapPost("/sign-out", async (HttpContext context) =>
            {
                using var form = await PageForm.ReadAsync(context);
                await BrowserSession.EndAsync(context);
                return WebPages.Done("/sign-in", "signed-out");
            })
            .For(Policies.SignedIn);
    }

    private static async Task<IResult> SignIn(HttpContext context, SigningIn signing)
    {
        using var form = await PageForm.ReadTextsAsync(context);
        var (name, back) = (form.Text("name"), Local(form.Text("return")));
        try
        {
            await BrowserSession.BeginAsync(context, form.Exact("key") is { } text
                ? signing.ByKey(text.Trim(), context.TraceIdentifier)
                : await signing.ByPasswordAsync(
                    new Credentials(name ?? "", form.Exact("password") ?? "", ClientAddress.Of(context), form.Text("code")),
                    context.TraceIdentifier));
            return Results.Redirect(back);
        }
        catch (CodedException e) when (e.Code is ErrorCodes.SignInRefused or ErrorCodes.AccountLocked)
        {
            if (e.RetryAfter is { } wait)
                context.Response.Headers.RetryAfter = ((int)wait.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
            var kind = HttpErrors.Of(e.Code);
            return context.Page<SignInView, SignInModel>(new SignInModel(back, name, $"{kind.Title}: {e.Message}."), kind.Status);
        }
    }

    /// <summary>The page that somebody of these roles needs first.</summary>
    private static string Home(Actor caller) =>
        caller.Is(Role.Agent) ? "/search" : caller.Is(Role.Supervisor)
            ? "/approvals"
            : caller.Is(Role.Examiner) ? "/examinations" : caller.May(Policies.Audit) ? "/audit" : "/galleries";

    /// <summary>A path of ours, whatever the address says: nobody is sent to another site from here.</summary>
    internal static string Local(string? path) =>
        path is { Length: > 1 and < 1000 } && path[0] == '/' && path[1] is not ('/' or '\\')
            && !path.StartsWith("/sign-in", StringComparison.Ordinal) && !path.Any(char.IsControl) ? path : "/";
}
