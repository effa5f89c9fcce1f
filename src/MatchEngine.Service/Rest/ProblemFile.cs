using MatchEngine.Frs.Searching;
using MatchEngine.Interchange.Searches;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Intake;

namespace MatchEngine.Service.Rest;

/// <summary>Tells a client that asked for an ANSI/NIST file in such a file what went wrong.</summary>
internal static class ProblemFile
{
    public static async Task WriteAsync(HttpContext context, ProblemException problem)
    {
        var file = context.RequestServices.GetRequiredService<InterchangeAnswer>().Write(
            new ErrorResponse(problem.Kind.Code, problem.Kind.Status, problem.Message, context.TraceIdentifier),
            InterchangeProbe.OriginOf(context));
        context.Response.ContentType = InterchangeFiles.Type;
        context.Response.ContentLength = file.Length;
        await context.Response.Body.WriteAsync(file, CancellationToken.None);
    }
}
