using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Quality;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Pages;

/// <summary>What went wrong, as a page shows it.</summary>
/// <param name="Title">What kind of problem it is.</param>
/// <param name="Detail">What is wrong this time, and what to do about it.</param>
/// <param name="Code">The kind, for programs.</param>
/// <param name="RequestId">The request's id, as in the log.</param>
/// <param name="Faces">Of a photo: the faces that were found, largest first.</param>
/// <param name="Quality">Of a photo that is too poor: its quality, with advice.</param>
/// <param name="Rule">The rule of the profile, and where it comes from.</param>
/// <param name="Fields">The fields of the form that are to be put right, by their names.</param>
/// <param name="IsPage">Whether it stands on a page of its own, away from the form.</param>
public sealed record ProblemModel(
    string Title, string Detail, string Code, string RequestId, IReadOnlyList<BoundingBox> Faces, FaceQuality? Quality, string? Rule,
    IReadOnlyList<string> Fields, bool IsPage)
{
    internal static ProblemModel Of(ProblemException problem, HttpContext context)
    {
        var isOfForm = problem.Kind == Problem.BadValue;
        var (detail, fields) = isOfForm ? FieldWords.Told(problem.Message) : (problem.Message, []);
        return new ProblemModel(
            isOfForm && HttpMethods.IsPost(context.Request.Method) ? "Please look at the form again" : problem.Kind.Title,
            detail,
            problem.Kind.Code,
            context.TraceIdentifier,
            problem.Faces,
            problem.Quality,
            problem.Rule,
            problem.Fields.Count > 0 ? problem.Fields : fields,
            !context.WantsFragment());
    }
}

/// <summary>Tells people in HTML what programs are told as problem+json.</summary>
internal static class ProblemPage
{
    /// <summary>Whether the request is a person's: it goes to a page, or nowhere and a browser sent it.</summary>
    public static bool Wants(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        return endpoint is null
            ? context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal)
                && !context.Request.Path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase)
            : endpoint.Metadata.GetMetadata<PageMarker>() is not null;
    }

    public static Task WriteAsync(HttpContext context, ProblemException problem)
    {
        var status = problem.Kind.Status;
        if (status == StatusCodes.Status401Unauthorized && !context.WantsFragment())
        {
            var to = HttpMethods.IsGet(context.Request.Method) ? context.Request.Path + context.Request.QueryString.Value : "/";
            return Results.Redirect($"/sign-in?return={Uri.EscapeDataString(to)}").ExecuteAsync(context);
        }
        var model = ProblemModel.Of(problem, context);
        var page = context.WantsFragment()
            ? context.Page<ProblemPart, ProblemModel>(model, status)
            : context.Page<ProblemView, ProblemModel>(model, status);
        return page.ExecuteAsync(context);
    }
}
