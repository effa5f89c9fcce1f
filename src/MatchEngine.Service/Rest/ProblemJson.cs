using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Rest;

/// <summary>Tells programs what went wrong (RFC 9457).</summary>
internal static class ProblemJson
{
    public static Task WriteAsync(HttpContext context, ProblemException problem)
    {
        var response = context.Response;
        if (problem.Kind.Status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = "Bearer";
        // A body that is not read to its end would keep the connection busy; Kestrel closes it instead.
        return response.WriteAsJsonAsync(
            Body(problem, context.TraceIdentifier), WireJson.Options, "application/problem+json", CancellationToken.None);
    }

    /// <summary>The members of the answer.</summary>
    public static Dictionary<string, object?> Body(ProblemException problem, string? requestId)
    {
        var body = new Dictionary<string, object?>
        {
            ["type"] = problem.Kind.Type,
            ["title"] = problem.Kind.Title,
            ["status"] = problem.Kind.Status,
            ["detail"] = problem.Message,
            ["code"] = problem.Kind.Code,
            ["requestId"] = requestId,
        };
        if (problem.Rule is not null)
            body["rule"] = problem.Rule;
        if (problem.Faces.Count > 0)
            body["faces"] = problem.Faces.Select(FaceBox.Of).ToList();
        if (problem.Quality is { } quality)
            body["quality"] = QualityResponse.Of(quality);
        if (problem.Photos.Count > 0)
            body["photos"] = problem.Photos.Select(PhotoResult.Of).ToList();
        return body;
    }
}
