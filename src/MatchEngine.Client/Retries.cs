using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace MatchEngine.Client;

/// <summary>
/// Which calls are repeated: those that failed for the moment and change nothing when they are made twice. The service's Retry-After is
/// waited for. A POST is repeated only with an <see cref="ServiceClient.IdempotencyHeader"/>, by which the service knows it again.
/// </summary>
internal static class Retries
{
    public static ResiliencePipeline<HttpResponseMessage> Pipeline(ServiceConnectionOptions options)
    {
        if (options.Retries == 0)
            return ResiliencePipeline<HttpResponseMessage>.Empty;
        return new ResiliencePipelineBuilder<HttpResponseMessage>().AddRetry(new HttpRetryStrategyOptions
        {
            MaxRetryAttempts = options.Retries,
            Delay = options.RetryDelay,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldRetryAfterHeader = true,
            ShouldHandle = failed => ValueTask.FromResult(
                IsForTheMoment(failed.Outcome) && failed.Context.GetRequestMessage() is { } request && IsRepeatable(request)),
        }).Build();
    }

    /// <summary>Whether a request may be made twice (RFC 9110, section 9.2.2).</summary>
    internal static bool IsRepeatable(HttpRequestMessage request) =>
        request.Method == HttpMethod.Get || request.Method == HttpMethod.Head || request.Method == HttpMethod.Options
            || request.Method == HttpMethod.Put || request.Method == HttpMethod.Delete
            || request.Headers.Contains(ServiceClient.IdempotencyHeader);

    private static bool IsForTheMoment(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException } => true,
        { Result.StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable
            or HttpStatusCode.GatewayTimeout } => true,
        _ => false,
    };
}
