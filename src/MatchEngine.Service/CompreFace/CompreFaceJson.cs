using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Intake;
using MatchEngine.Service.Settings;

namespace MatchEngine.Service.CompreFace;

/// <summary>How JSON of the dialect is read and written: names in snake case, what is not known left alone.</summary>
internal static class CompreFaceJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The body of a request that holds no image.</summary>
    /// <exception cref="ProblemException">It is not of JSON's type, packed, too large, or comes too slowly.</exception>
    /// <exception cref="JsonException">It is not JSON, or does not fit <typeparamref name="T"/>.</exception>
    public static async Task<T?> ReadAsync<T>(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
            throw new ProblemException(Problem.Unsupported, "send application/json");
        PackedBody.Refuse(context.Request);
        using var body = await RequestBody.ReadAsync(
            context, context.RequestServices.GetRequiredService<ServiceSettings>().Limits.TextBytes);
        JsonText.Require(body.Memory.Span);
        return JsonSerializer.Deserialize<T>(body.Memory.Span, Options);
    }

    /// <summary>An answer.</summary>
    public static IResult Answer<T>(T body, int status = StatusCodes.Status200OK) =>
        Results.Json(body, Options, "application/json", status);
}
