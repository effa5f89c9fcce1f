using System.Security.Cryptography;
using System.Text.Encodings.Web;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Probes;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Headers;
using MatchEngine.Service.Intake;
using MatchEngine.Service.Settings;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace MatchEngine.Service.Rekognition;

/// <summary>The body of a signed request, which was read to check its hash. Whoever takes it clears it.</summary>
internal sealed record SignedBody(OwnedBuffer Bytes);

/// <summary>
/// Signs a request in by its signature. The body is read here, by nobody else, once credential and time are good: its hash is a part of
/// what is signed. A request that was caught can be sent again for as long as its time is good, and says nothing else then.
/// </summary>
internal sealed class SignatureAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder,
    KeepingSigningCredentials credentials, ServiceSettings settings, WallClock clock)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Signature";

    private const string Service = "rekognition";
    private const string TimeHeader = "x-amz-date";
    private const string HashHeader = "x-amz-content-sha256";

    /// <summary>How far the time of a request may lie from ours, either way: what AWS allows.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private static readonly string[] AlwaysSigned = ["host", TimeHeader, RekognitionProtocol.TargetHeader];

    private ProblemException? _refusal;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        try
        {
            var opened = await CheckAsync();
            credentials.Used(opened.Credential);
            Context.Features.Set(opened.Credential);
            return AuthenticateResult.Success(new AuthenticationTicket(Callers.Principal(opened.Actor, Scheme.Name), Scheme.Name));
        }
        catch (ProblemException refusal)
        {
            _refusal = refusal;
            return AuthenticateResult.Fail(refusal.Message);
        }
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        throw _refusal ?? Refused(RekognitionErrors.NotSigned, "the request is not signed");

    private async Task<OpenedCredential> CheckAsync()
    {
        if (Request.Query.ContainsKey("X-Amz-Signature"))
            throw Refused(RekognitionErrors.Incomplete, "presigned requests are not taken: sign in the header Authorization");
        var authorization = Request.Headers.Authorization.ToString();
        if (authorization.Length == 0)
            throw Refused(RekognitionErrors.NotSigned, "the request has no Authorization: sign it with signature version 4");
        var header = SignedHeader.Parse(authorization)
            ?? throw Refused(RekognitionErrors.Incomplete, $"Authorization is no whole signature of {SignatureV4.Algorithm}");
        if (AlwaysSigned.FirstOrDefault(name => !header.SignedHeaders.Contains(name)) is { } unsigned)
            throw Refused(RekognitionErrors.Incomplete, $"'{unsigned}' is not among the signed headers");
        // They say for what, and by whose leave: nobody on the way adds one.
        if (Request.Headers.Keys.Select(name => name.ToLowerInvariant())
            .FirstOrDefault(
                name => name.StartsWith(Said.Prefix, StringComparison.Ordinal) && !header.SignedHeaders.Contains(name)) is { } added)
            throw Refused(RekognitionErrors.Incomplete, $"'{added}' is not among the signed headers");
        if (header.SignedHeaders.FirstOrDefault(name => !Request.Headers.ContainsKey(name)) is { } absent)
            throw Refused(RekognitionErrors.Incomplete, $"the request has no '{absent}', which it says is signed");
        if (header.Scope.Service != Service)
            throw Refused(RekognitionErrors.WrongSignature, $"the credential is to be scoped to the service '{Service}'");
        var time = RequireTime(header);
        var opened = credentials.Open(header.AccessKeyId, Context.TraceIdentifier)
            ?? throw Refused(RekognitionErrors.UnknownCredential, "the access key id is unknown, revoked or expired");
        try
        {
            var canonical = Canonical(header, await HashAsync());
            var expected = SignatureV4.Sign(opened.Secret, header.Scope, time, canonical);
            return SignatureV4.Same(expected, header.Signature)
                ? opened
                : throw Refused(
                    RekognitionErrors.WrongSignature, "the signature is not that of this request under this credential's secret");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(opened.Secret);
        }
    }

    private string RequireTime(SignedHeader header)
    {
        var text = Request.Headers[TimeHeader].ToString();
        if (SignatureV4.Time(text) is not { } time || !text.StartsWith(header.Scope.Day, StringComparison.Ordinal))
            throw Refused(RekognitionErrors.Incomplete, $"'{TimeHeader}' is no time of the credential's day");
        return (time - clock.Time.GetUtcNow()).Duration() <= Window
            ? text
            : throw Refused(
                RekognitionErrors.WrongSignature,
                $"'{TimeHeader}' lies more than {Window.TotalMinutes:0} minutes from the service's "
                    + "clock: signature expired, or not yet good");
    }

    /// <summary>The hash of the body, which is what the request says that it is, if it says so.</summary>
    private async Task<string> HashAsync()
    {
        PackedBody.Refuse(Request);
        var body = await RequestBody.ReadAsync(Context, RekognitionProtocol.MaxBody(settings.Limits));
        Response.RegisterForDispose(body);
        Context.Features.Set(new SignedBody(body));
        var hash = SignatureV4.Hash(body.Memory.Span);
        return Request.Headers[HashHeader].ToString() is { Length: > 0 } said && !SignatureV4.Same(said, hash)
            ? throw Refused(RekognitionErrors.WrongSignature, $"'{HashHeader}' is not the hash of the body")
            : hash;
    }

    private string Canonical(SignedHeader header, string payloadHash) => SignatureV4.CanonicalRequest(
        Request.Method,
        Request.Path.ToUriComponent(),
        Request.Query.SelectMany(pair => pair.Value.Select(value => KeyValuePair.Create(pair.Key, value ?? ""))),
        [.. header.SignedHeaders.Select(name => KeyValuePair.Create(name, string.Join(',', (IEnumerable<string?>)Request.Headers[name])))],
        payloadHash);

    private static ProblemException Refused(ProblemKind kind, string detail) => new(kind, detail);
}
