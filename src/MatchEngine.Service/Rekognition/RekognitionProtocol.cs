using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MatchEngine.Service.Settings;

namespace MatchEngine.Service.Rekognition;

/// <summary>How requests and answers of the dialect look: AWS's JSON protocol 1.1.</summary>
internal static class RekognitionProtocol
{
    public const string ContentType = "application/x-amz-json-1.1";

    /// <summary>The header that names the operation, <see cref="TargetPrefix"/> before it.</summary>
    public const string TargetHeader = "x-amz-target";

    public const string TargetPrefix = "RekognitionService.";

    public const string RequestIdHeader = "x-amzn-RequestId";

    /// <summary>The most bytes of an image that comes with a request, as AWS documents it.</summary>
    public const int MaxImageBytes = 5 << 20;

    // Two images in base64, and what stands beside them.
    private const int MaxBodyBytes = 2 * (MaxImageBytes / 3 * 4 + 4) + (64 << 10);

    /// <summary>Members have the names that they have in the code; what is not known is left alone, as AWS leaves it.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(allowIntegerValues: false) },
    };

    /// <summary>The most bytes of a request.</summary>
    public static long MaxBody(ServiceLimits limits) => Math.Min(limits.BodyBytes, MaxBodyBytes);
}
