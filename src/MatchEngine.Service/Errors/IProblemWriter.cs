namespace MatchEngine.Service.Errors;

/// <summary>How the dialect of an endpoint tells what went wrong; an endpoint has it among its metadata where that is not
/// problem+json.</summary>
internal interface IProblemWriter
{
    /// <summary>Writes the problem. Status and <c>Retry-After</c> are set already, and may be changed.</summary>
    Task WriteAsync(HttpContext context, ProblemException problem);
}
