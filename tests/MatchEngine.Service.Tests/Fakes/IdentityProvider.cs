using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace MatchEngine.Service.Tests.Fakes;

/// <summary>
/// An identity provider (OpenIddict) on another site than the service: whoever types a subject is that person. It claims an e-mail and a
/// role too, which nobody should believe.
/// </summary>
internal sealed class IdentityProvider : IAsyncDisposable
{
    public const string ClientId = "matchengine", ClientSecret = "a secret of this test", Email = "boss@example.org";

    private const string Cookie = "who";

    private readonly WebApplication _app;

    private IdentityProvider(WebApplication app) => _app = app;

    /// <summary>Its address. The service's tests say 127.0.0.1: to a browser these are two sites.</summary>
    public Uri Address => new UriBuilder(_app.Urls.First()) { Host = "localhost" }.Uri;

    /// <summary>Where people may be sent back to, which is known once the service has started.</summary>
    public Uri? Service { get; set; }

    public static async Task<IdentityProvider> StartAsync()
    {
        IdentityProvider? provider = null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddOpenIddict().AddServer(server =>
        {
            server.EnableDegradedMode();
            server.SetAuthorizationEndpointUris("authorize").SetTokenEndpointUris("token").SetEndSessionEndpointUris("end-session");
            server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
            server.AddEphemeralEncryptionKey().AddEphemeralSigningKey();
            server.UseAspNetCore().EnableAuthorizationEndpointPassthrough().EnableEndSessionEndpointPassthrough()
                .DisableTransportSecurityRequirement();
            server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                var back = new Uri(provider!.Service!, "/sign-in/external/callback").ToString();
                if (context.ClientId != ClientId || context.RedirectUri != back)
                    context.Reject(OpenIddictConstants.Errors.InvalidClient, "an unknown client");
                return default;
            }));
            server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if ((context.ClientId, context.ClientSecret) != (ClientId, ClientSecret))
                    context.Reject(OpenIddictConstants.Errors.InvalidClient, "an unknown client");
                return default;
            }));
            server.AddEventHandler<ValidateEndSessionRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.PostLogoutRedirectUri != new Uri(provider!.Service!, "/sign-out/external/callback").ToString())
                    context.Reject(OpenIddictConstants.Errors.InvalidRequest, "an unknown address");
                return default;
            }));
        });
        var app = builder.Build();
        app.UseRouting();
        app.MapGet("/authorize", Authorize);
        app.MapPost("/login", async (HttpContext context) =>
        {
            var form = await context.Request.ReadFormAsync();
            context.Response.Cookies.Append(Cookie, form["subject"].ToString());
            return Results.Redirect(form["return"].ToString());
        });
        app.MapGet("/end-session", (HttpContext context) =>
        {
            context.Response.Cookies.Delete(Cookie);
            return Results.SignOut(authenticationSchemes: [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
        });
        await app.StartAsync();
        return provider = new IdentityProvider(app);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static IResult Authorize(HttpContext context)
    {
        if (context.Request.Cookies[Cookie] is not { Length: > 0 } subject)
            return Results.Content(
                $"""
                <!DOCTYPE html><html lang="en"><title>Identity provider</title><form method="post" action="/login">
                <input type="hidden" name="return" value="{WebUtility.HtmlEncode(context.Request.Path + context.Request.QueryString)}">
                <label for="subject">Subject</label><input id="subject" name="subject"><button>Sign in there</button></form></html>
                """,
                "text/html");
        var identity = new ClaimsIdentity("test", Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, subject).SetClaim(Claims.Email, Email).SetClaim(Claims.Role, "administrator")
            .SetClaim(Claims.Name, "admin");
        identity.SetScopes(context.GetOpenIddictServerRequest()!.GetScopes());
        identity.SetDestinations(_ => [Destinations.IdentityToken]);
        return Results.SignIn(
            new ClaimsPrincipal(identity), authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }
}
