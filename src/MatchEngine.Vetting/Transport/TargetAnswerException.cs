using System.Net;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Transport;

/// <summary>An answer that has no value; an adapter throws it within a call, and it becomes the exchange's failure.</summary>
/// <param name="failure">Why.</param>
internal sealed class TargetAnswerException(TargetFailure failure) : Exception(failure.Detail)
{
    /// <summary>Why.</summary>
    public TargetFailure Failure { get; } = failure;

    /// <summary>An answer that cannot be read.</summary>
    public static TargetAnswerException Broken(string detail) => new(new TargetFailure(FailureKind.BrokenAnswer, null, detail));
}

/// <summary>What a status of HTTP says where the target has no word of its own (RFC 9110, section 15).</summary>
internal static class StatusFailures
{
    /// <summary>The kind of failure that a status is.</summary>
    public static FailureKind Of(int status) => (HttpStatusCode)status switch
    {
        HttpStatusCode.Unauthorized => FailureKind.Unauthorised,
        HttpStatusCode.Forbidden => FailureKind.Forbidden,
        HttpStatusCode.NotFound or HttpStatusCode.Gone => FailureKind.NotFound,
        HttpStatusCode.RequestEntityTooLarge => FailureKind.TooLarge,
        HttpStatusCode.UnsupportedMediaType => FailureKind.UnreadableImage,
        HttpStatusCode.TooManyRequests => FailureKind.TooManyRequests,
        >= HttpStatusCode.InternalServerError => FailureKind.TargetFault,
        >= HttpStatusCode.BadRequest => FailureKind.Refused,
        _ => FailureKind.BrokenAnswer,
    };
}
