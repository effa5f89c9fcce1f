namespace MatchEngine.Service.Rest;

/// <summary>When an answer is an ANSI/NIST file.</summary>
internal static class InterchangeFiles
{
    /// <summary>
    /// What a client puts into <c>Accept</c> to get a file, and into <c>Content-Type</c> to send one as the whole body. No media type is
    /// registered for the traditional encoding, so this one is ours.
    /// </summary>
    public const string Type = "application/x-ansi-nist-itl";

    /// <summary>Whether the resource answers with files, and the client prefers one to JSON.</summary>
    public static bool AreWanted(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<AnswersFile>() is not null
        && context.Request.GetTypedHeaders().Accept
            .Where(type => type.MediaType == Type || type.MediaType == "application/json")
            .OrderByDescending(type => type.Quality ?? 1)
            .FirstOrDefault()?.MediaType == Type;
}
