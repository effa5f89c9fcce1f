using System.Net.Http.Headers;
using System.Text.Json;
using MatchEngine.Vetting.Rest;
using MatchEngine.Vetting.Targets;
using MatchEngine.Vetting.Transport;

namespace MatchEngine.Vetting.Rekognition;

/// <summary>What the interface's errors are in the words of the port: <c>{"__type":…,"message":…}</c>.</summary>
internal static class RekognitionFailures
{
    // A service of ours says here which of its codes a type stands for.
    private const string CodeHeader = "x-matchengine-code";

    /// <summary>What an answer that is no success says.</summary>
    public static TargetFailure Of(int status, HttpResponseHeaders headers, ReadOnlySpan<byte> body)
    {
        var (type, message) = Read(body);
        var code = headers.TryGetValues(CodeHeader, out var codes) ? codes.FirstOrDefault() : null;
        var kind = KindOf(type, message, status);
        if (kind is FailureKind.Forbidden or FailureKind.Refused && code is not null
            && RestFailures.Of(code, null, status: 400, null).Kind is var told and not FailureKind.Refused)
            kind = told;
        return new TargetFailure(kind, ToldText.Of(code ?? type, 100), ToldText.Of(message))
        {
            RetryAfter = headers.RetryAfter?.Delta,
        };
    }

    /// <summary>The kind of a type of error (Amazon Rekognition, API reference, "Errors" of each action, and "Common Errors").</summary>
    internal static FailureKind KindOf(string? type, string? message, int status) => type switch
    {
        "MissingAuthenticationToken" or "MissingAuthenticationTokenException" or "InvalidSignatureException"
            or "IncompleteSignature" or "IncompleteSignatureException" or "UnrecognizedClientException" or "InvalidClientTokenId"
            or "ExpiredTokenException" => FailureKind.Unauthorised,
        "AccessDeniedException" or "NotAuthorized" or "OptInRequired" => FailureKind.Forbidden,
        "ResourceNotFoundException" => FailureKind.NotFound,
        "ImageTooLargeException" => FailureKind.TooLarge,
        "InvalidImageFormatException" => FailureKind.UnreadableImage,
        "ThrottlingException" or "ProvisionedThroughputExceededException" or "LimitExceededException" => FailureKind.TooManyRequests,
        "InternalServerError" or "InternalFailure" or "ServiceUnavailable" => FailureKind.TargetFault,
        "InvalidParameterException" when message?.Contains("no faces in the image", StringComparison.OrdinalIgnoreCase) == true =>
            FailureKind.NoFace,
        null => StatusFailures.Of(status),
        _ => FailureKind.Refused,
    };

    private static (string? Type, string? Message) Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var told = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(body) ?? [];
            // The type may stand behind the name of a model: "com.amazonaws.rekognition#…".
            return (Text(told, "__type")?.Split('#')[^1], Text(told, "message") ?? Text(told, "Message"));
        }
        catch (JsonException)
        {
            return (null, null);
        }
    }

    private static string? Text(Dictionary<string, JsonElement> told, string member) =>
        told.TryGetValue(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
