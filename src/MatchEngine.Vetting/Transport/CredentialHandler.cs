using System.Net.Http.Headers;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Transport;

/// <summary>Puts the caller's credential into a request; what is asked outside of a call goes as the examiner.</summary>
/// <param name="inner">Who sends on.</param>
/// <param name="credentials">The secrets.</param>
/// <param name="put">How; null for a bearer's token.</param>
internal sealed class CredentialHandler(
    HttpMessageHandler inner, TargetCredentials credentials, Action<HttpRequestMessage, string>? put) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (credentials.Of(Recording.Current?.Caller ?? Caller.Examiner) is { } secret)
            (put ?? Bearer)(request, secret);
        return base.SendAsync(request, cancellationToken);
    }

    private static void Bearer(HttpRequestMessage request, string secret) =>
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
}
