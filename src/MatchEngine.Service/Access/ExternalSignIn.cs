using System.Security.Claims;
using MatchEngine.Service.Settings;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace MatchEngine.Service.Access;

/// <summary>
/// Signing in by an identity provider (OpenID Connect: authorization code with PKCE). What comes back is issuer and subject, kept in a
/// cookie of its own until the page behind it has looked who that is here.
/// </summary>
internal static class ExternalSignIn
{
    /// <summary>The scheme that leads to the provider and back.</summary>
    public const string SchemeName = OpenIdConnectDefaults.AuthenticationScheme;

    /// <summary>Where the provider sends people back to: to be entered there.</summary>
    public const string CallbackPath = "/sign-in/external/callback";

    /// <summary>Where it sends them after they signed out there: to be entered there too.</summary>
    public const string SignedOutPath = "/sign-out/external/callback";

    /// <summary>Where somebody goes on who did not succeed.</summary>
    public const string FailedPath = "/sign-in?done=external-failed";

    private const string ArrivedScheme = "External";
    private const string Issuer = "iss", Subject = "sub";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Adds it where a provider is set.</summary>
    public static void Add(AuthenticationBuilder authentication, OpenIdConnectSettings provider)
    {
        if (!provider.IsSet)
            return;
        authentication.AddCookie(ArrivedScheme, options =>
        {
            // Not strict: it is read at the end of a way that began at the provider.
            Shape(options.Cookie, "-arrived");
            options.ExpireTimeSpan = TimeSpan.FromMinutes(1);
            options.SlidingExpiration = false;
        });
        authentication.AddOpenIdConnect(SchemeName, options =>
        {
            (options.Authority, options.ClientId, options.ClientSecret) = (provider.Authority, provider.ClientId, provider.ClientSecret);
            options.RequireHttpsMetadata = !provider.IsPlain;
            options.SignInScheme = ArrivedScheme;
            (options.CallbackPath, options.SignedOutCallbackPath) = (CallbackPath, SignedOutPath);
            options.SignedOutRedirectUri = "/sign-in?done=signed-out";
            (options.ResponseType, options.ResponseMode) = (OpenIdConnectResponseType.Code, OpenIdConnectResponseMode.Query);
            (options.UsePkce, options.SaveTokens, options.MapInboundClaims) = (true, false, false);
            (options.GetClaimsFromUserInfoEndpoint, options.DisableTelemetry) = (false, true);
            options.RemoteAuthenticationTimeout = Patience;
            options.Scope.Clear();
            options.Scope.Add("openid");
            // They would take the issuer away.
            options.ClaimActions.Clear();
            Shape(options.CorrelationCookie, "-state.");
            Shape(options.NonceCookie, "-nonce.");
            // Nobody is told here and now why: what a provider says goes to the log alone.
            options.Events.OnRemoteFailure = context =>
            {
                context.HandleResponse();
                context.Response.Redirect(FailedPath);
                return Task.CompletedTask;
            };
            options.Events.OnTokenValidated = context =>
            {
                var (issuer, subject) = (context.Principal?.FindFirstValue(Issuer), context.Principal?.FindFirstValue(Subject));
                context.Principal = new ClaimsPrincipal(new ClaimsIdentity(
                    [new Claim(Issuer, issuer ?? ""), new Claim(Subject, subject ?? "")], SchemeName));
                return Task.CompletedTask;
            };
        });
    }

    /// <summary>Who came back from the provider just now, once; null when nobody did.</summary>
    public static async Task<(string Issuer, string Subject)?> ArrivedAsync(HttpContext context)
    {
        var arrived = await context.AuthenticateAsync(ArrivedScheme);
        if (!arrived.Succeeded)
            return null;
        await context.SignOutAsync(ArrivedScheme);
        return arrived.Principal.FindFirstValue(Issuer) is { Length: > 0 } issuer
            && arrived.Principal.FindFirstValue(Subject) is { Length: > 0 } subject ? (issuer, subject) : null;
    }

    private static void Shape(CookieBuilder cookie, string name)
    {
        cookie.Name = HostCookies.OurNames + name;
        cookie.Path = "/";
        cookie.HttpOnly = true;
        cookie.SameSite = SameSiteMode.Lax;
        cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.IsEssential = true;
    }
}
