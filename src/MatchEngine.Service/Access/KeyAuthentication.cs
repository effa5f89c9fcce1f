using System.Text.Encodings.Web;
using MatchEngine.Frs.Accounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace MatchEngine.Service.Access;

/// <summary>Signs a request in by an API key: <c>Authorization: Bearer KEY</c> or <c>X-Api-Key: KEY</c>.</summary>
internal sealed class KeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, SigningIn signing)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Key";
    public const string KeyHeader = "X-Api-Key";

    private const string Bearer = "Bearer ";

    /// <summary>Whether a request brings a key.</summary>
    public static bool IsKeyed(HttpRequest request) =>
        request.Headers.ContainsKey(KeyHeader) || request.Headers.ContainsKey("Authorization");

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var authorization = Request.Headers.Authorization.ToString();
        var text = authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? authorization[Bearer.Length..].Trim()
            : Request.Headers[KeyHeader].ToString().Trim();
        if (text.Length == 0)
            return Task.FromResult(AuthenticateResult.NoResult());
        if (signing.Authenticate(text) is not { } actor)
            return Task.FromResult(AuthenticateResult.Fail("unknown, revoked or expired key"));
        return Task.FromResult(
            AuthenticateResult.Success(new AuthenticationTicket(Callers.Principal(actor, Scheme.Name), Scheme.Name)));
    }
}
