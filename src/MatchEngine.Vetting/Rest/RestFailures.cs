using MatchEngine.Client;
using MatchEngine.Vetting.Targets;
using MatchEngine.Vetting.Transport;

namespace MatchEngine.Vetting.Rest;

/// <summary>What a MatchEngine service's refusals are in the words of the port.</summary>
internal static class RestFailures
{
    /// <summary>What an exception of the client says; null where it is none of the client's.</summary>
    public static TargetFailure? Of(Exception error) => error switch
    {
        ServiceException<ProblemResponse> problem =>
            Of(problem.Result.Code, problem.Result.Detail, problem.StatusCode, RetryAfter(problem.Headers)),
        ServiceException other => new TargetFailure(
            StatusFailures.Of(other.StatusCode), null, $"an answer that the interface does not describe, status {other.StatusCode}"),
        _ => null,
    };

    /// <summary>What a code of the service says, or else the status.</summary>
    public static TargetFailure Of(string? code, string? detail, int status, TimeSpan? retryAfter) => new(
        code switch
        {
            "no_face" => FailureKind.NoFace,
            "multiple_faces" or "no_such_face" => FailureKind.SeveralFaces,
            "low_quality" => FailureKind.PoorQuality,
            "too_large" or "too_many_pixels" => FailureKind.TooLarge,
            "unsupported_format" or "undecodable" or "unreadable" => FailureKind.UnreadableImage,
            "purpose_required" => FailureKind.PurposeMissing,
            "queue_full" => FailureKind.TooManyRequests,
            _ => StatusFailures.Of(status),
        },
        ToldText.Of(code, 100), ToldText.Of(detail))
    {
        RetryAfter = retryAfter,
    };

    private static TimeSpan? RetryAfter(IReadOnlyDictionary<string, IEnumerable<string>> headers) =>
        headers.FirstOrDefault(header =>
            string.Equals(header.Key, "Retry-After", StringComparison.OrdinalIgnoreCase)).Value?.FirstOrDefault()
            is { } text && int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var seconds) && seconds >= 0
            ? TimeSpan.FromSeconds(seconds)
            : null;
}
