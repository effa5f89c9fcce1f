using MatchEngine.Frs;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Errors;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Settings;
using Microsoft.AspNetCore.Authentication;

namespace MatchEngine.Service.Pages;

/// <summary>The sign-in as a page.</summary>
/// <param name="Return">Where to go afterwards.</param>
/// <param name="Name">The name that was given before.</param>
/// <param name="Error">Why it was refused; null before a try.</param>
/// <param name="Provider">What people call the identity provider; null where there is none.</param>
/// <param name="Stranger">Who came from there and is no account here; null otherwise.</param>
/// <param name="ByKey">Whether it was a key that was refused.</param>
public sealed record SignInModel(
    string Return, string? Name, string? Error, string? Provider, StrangerModel? Stranger = null, bool ByKey = false);

/// <summary>Somebody whom an identity provider knows and who is no account here.</summary>
/// <param name="Issuer">The provider.</param>
/// <param name="Subject">The person there.</param>
public sealed record StrangerModel(string Issuer, string Subject);

/// <summary>Signing in and out, and the way from the bare address to the first page of use.</summary>
internal static class SessionPages
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/", (HttpContext context) => Results.Redirect(Home(context.Actor()))).For(Policies.SignedIn);
        pages.MapGet("/sign-in", (string? @return, HttpContext context) =>
            View(context, Local(@return))).AllowAnonymous();
        pages.MapPost("/sign-in", SignIn).AllowAnonymous().RequireRateLimiting(RateLimits.SignIn);
        pages.MapGet("/sign-in/external", Leave).AllowAnonymous();
        pages.MapGet("/sign-in/external/done", Arrive).AllowAnonymous().RequireRateLimiting(RateLimits.SignIn);
        pages.MapGet("/sign-out/external", (ServiceSettings settings) =>
        {
            RequireProvider(settings);
            return Results.SignOut(authenticationSchemes: [ExternalSignIn.SchemeName]);
        }).AllowAnonymous();
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
            return form.Exact("key") is null
                ? View(context, back, name, $"{kind.Title}: {e.Message}.", kind.Status)
                : View(
                    context, back, null,
                    "The API key is not accepted: it is mistyped, expired or revoked. Ask an administrator for another.",
                    kind.Status, byKey: true);
        }
    }

    private static IResult View(
        HttpContext context, string back, string? name = null, string? error = null, int status = StatusCodes.Status200OK,
        StrangerModel? stranger = null, bool byKey = false)
    {
        var provider = context.RequestServices.GetRequiredService<ServiceSettings>().OpenIdConnect;
        return context.Page<SignInView, SignInModel>(
            new SignInModel(back, name, error, provider.IsSet ? provider.Name : null, stranger, byKey), status);
    }

    private static void RequireProvider(ServiceSettings settings)
    {
        if (!settings.OpenIdConnect.IsSet)
            throw new ProblemException(Problem.NotFound, "this service has no identity provider");
    }

    private static IResult Leave(string? @return, ServiceSettings settings)
    {
        RequireProvider(settings);
        return Results.Challenge(
            new AuthenticationProperties { RedirectUri = $"/sign-in/external/done?return={Uri.EscapeDataString(Local(@return))}" },
            [ExternalSignIn.SchemeName]);
    }

    private static async Task<IResult> Arrive(string? @return, HttpContext context, SigningIn signing, ServiceSettings settings)
    {
        RequireProvider(settings);
        if (await ExternalSignIn.ArrivedAsync(context) is not { } arrived)
            return Results.Redirect(ExternalSignIn.FailedPath);
        var back = Local(@return);
        try
        {
            await BrowserSession.BeginAsync(
                context, await signing.ByIdentityAsync(arrived.Issuer, arrived.Subject, context.TraceIdentifier));
        }
        catch (CodedException e) when (e.Code == ErrorCodes.SignInRefused)
        {
            return View(
                context, back, null, $"Nobody is signed in: {e.Message}.", StatusCodes.Status403Forbidden,
                new StrangerModel(arrived.Issuer, arrived.Subject));
        }
        // No redirect: on a way that began at the provider a browser does not bring the strict cookie, and from a page of ours it does.
        var next = back.All(c => c is > ' ' and <= '~') ? back : "/";
        context.Response.Headers["Refresh"] = $"0; url={next}";
        return context.Page<SignedInView, string>(next);
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
