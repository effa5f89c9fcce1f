using System.Security.Claims;
using MatchEngine.Frs;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Encryption;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Settings;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace MatchEngine.Service.Access;

/// <summary>
/// The interactive sign-in: a cookie that scripts cannot read, that other sites cannot send, and that is good for as long as the service
/// keeps the session it names: signing out ends it wherever a copy of it is, and so does every change of the account.
/// </summary>
internal static class BrowserSession
{
    public const string SchemeName = CookieAuthenticationDefaults.AuthenticationScheme;

    /// <summary>Keys where a request brings one, cookies elsewhere.</summary>
    public static void Add(IServiceCollection services, ServiceSettings settings, DataKeys? dataKeys)
    {
        const string either = "Either";
        var keys = Path.Combine(settings.DataFolder, "cookie-keys");
        PrivateFolder.Create(keys);
        // The default place lies outside the data folder.
        services.AddDataProtection().SetApplicationName("MatchEngine.Service").PersistKeysToFileSystem(new DirectoryInfo(keys));
        if (dataKeys is not null)
            services.Configure<KeyManagementOptions>(options => options.XmlEncryptor = new SealedKeyRing(dataKeys));
        services.AddSingleton<IAccountSecrets, AccountSecrets>();
        var authentication = services.AddAuthentication(either)
            .AddPolicyScheme(either, null, options => options.ForwardDefaultSelector = context =>
                context.GetEndpoint()?.Metadata.GetMetadata<SignedInBy>()?.Scheme
                    ?? (KeyAuthentication.IsKeyed(context.Request) ? KeyAuthentication.SchemeName : SchemeName))
            .AddScheme<AuthenticationSchemeOptions, KeyAuthentication>(KeyAuthentication.SchemeName, null)
            .AddCookie(SchemeName, options =>
            {
                options.Cookie.Name = HostCookies.OurNames;
                options.Cookie.HttpOnly = true;
                options.Cookie.SameSite = SameSiteMode.Strict;
                options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                options.ExpireTimeSpan = TimeSpan.FromMinutes(settings.Limits.SessionMinutes);
                options.SlidingExpiration = false;
                options.Events.OnValidatePrincipal = ValidateAsync;
                // An interface for programs answers with a status; pages of the UI decide for themselves where to send people.
                options.Events.OnRedirectToLogin = context => Answer(context, StatusCodes.Status401Unauthorized);
                options.Events.OnRedirectToAccessDenied = context => Answer(context, StatusCodes.Status403Forbidden);
            });
        ExternalSignIn.Add(authentication, settings.OpenIdConnect);
    }

    /// <summary>
    /// Refuses what a page of another site makes a signed-in browser send. Browsers say where a request comes from; requests with a key
    /// are not affected, for no browser adds a key by itself.
    /// </summary>
    public static Task RefuseOtherSites(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method)
            || KeyAuthentication.IsKeyed(request))
            return next(context);
        var origin = request.Headers.Origin.ToString();
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var same = (origin.Length == 0 || origin == $"{request.Scheme}://{request.Host}") && site is "" or "same-origin" or "none";
        return same ? next(context) : throw new ProblemException(Problem.CrossSite, "the request was made by a page of another site");
    }

    /// <summary>Signs the browser in.</summary>
    /// <param name="context">The request.</param>
    /// <param name="signedIn">Who it is, and the session.</param>
    public static Task BeginAsync(HttpContext context, (Actor Actor, Session Session) signedIn) =>
        context.SignInAsync(SchemeName, Callers.Principal(signedIn.Actor, SchemeName, signedIn.Session));

    /// <summary>Signs the browser out, here and wherever else its cookie is. A key has no session that would end.</summary>
    public static async Task EndAsync(HttpContext context)
    {
        if (context.Session() is { } session)
            context.RequestServices.GetRequiredService<KeepingSessions>().End(context.Actor(), session);
        await context.SignOutAsync(SchemeName);
    }

    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        if (context.Principal?.FindFirstValue(Callers.SessionClaim) is { } session
            && context.HttpContext.RequestServices.GetRequiredService<SigningIn>().Holds(session))
            return;
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(SchemeName);
    }

    private static Task Answer(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
