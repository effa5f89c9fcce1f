using System.Globalization;
using System.Text.Json;
using MatchEngine.Faces;
using MatchEngine.Galleries.Errors;
using MatchEngine.Interchange;
using MatchEngine.Service.Pages;
using MatchEngine.Service.Resources;
using MatchEngine.Vectors;

namespace MatchEngine.Service.Errors;

/// <summary>
/// Turns whatever ends a request into problem+json. What is logged is the kind of an error and where it arose, never its words: they may
/// name a person or a file.
/// </summary>
internal sealed class ErrorAnswers(RequestDelegate next, ILogger<ErrorAnswers> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            // Refusals of the framework itself: no such route, no such method, a wrong content type.
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null, ContentLength: null })
                await WriteAsync(
                    context, new ProblemException(Problem.OfStatus(context.Response.StatusCode), Detail(context.Response.StatusCode)));
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for an answer.
            if (e is not (OperationCanceledException or IOException or BadHttpRequestException))
                Log(e);
            if (!context.Response.HasStarted)
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            await WriteAsync(context, Translate(e));
        }
        catch (Exception e)
        {
            // Half an answer is out. The server would log the error with its words.
            Log(e);
            context.Abort();
        }
    }

    /// <summary>The problem that an exception is to the client.</summary>
    public ProblemException Translate(Exception error)
    {
        switch (error)
        {
            case ProblemException known:
                return known;
            case AcquisitionException e:
                return Of(e);
            case ModelMismatchException e:
                return new ProblemException(Problem.ModelMismatch, e.Message, e);
            case GalleryNotFoundException e:
                return new ProblemException(Problem.NotFound, $"there is no gallery '{e.Gallery}' that this account may use", e);
            case GalleryExistsException e:
                return new ProblemException(Problem.GalleryExists, e.Message, e);
            case StoreException { Fault: var fault } e:
                log.LogError("store fault {Fault}", fault);
                return new ProblemException(
                    Problem.StoreUnavailable, $"a database of the service cannot be used ({fault}); the operator finds more in the log",
                    e) { RetryAfter = TimeSpan.FromSeconds(5) };
            case BadHttpRequestException e:
                return new ProblemException(Problem.OfStatus(e.StatusCode), Detail(e.StatusCode), e);
            case JsonException e:
                return new ProblemException(
                    Problem.BadRequest, $"the JSON cannot be read{(e.Path is { } path ? $" at {path}" : "")}: {Position(e)}", e);
            case OperationCanceledException e:
                return new ProblemException(
                    Problem.NotReady, "the service is stopping; send the request again in a moment",
                    e) { RetryAfter = TimeSpan.FromSeconds(5) };
            case ObjectDisposedException e:
                return new ProblemException(Problem.NotFound, "the gallery was deleted meanwhile", e);
            default:
                Log(error);
                return new ProblemException(Problem.Internal, "an unexpected error; the log has more under the request's id", error);
        }
    }

    /// <summary>The problem of an image that gives no template.</summary>
    public static ProblemException Of(AcquisitionException error)
    {
        var problem = new ProblemException(Problem.Acquisition(error.Reason.ToCode()), error.Message, error);
        if (error.Faces.Count > 0)
            problem.Extensions["faces"] = error.Faces.Select(FaceBox.Of).ToList();
        if (error.Quality is { } quality)
            problem.Extensions["quality"] = QualityResponse.Of(quality);
        return problem;
    }

    public static async Task WriteAsync(HttpContext context, ProblemException problem)
    {
        var response = context.Response;
        response.StatusCode = problem.Kind.Status;
        if (problem.RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (ProblemPage.Wants(context))
        {
            await ProblemPage.WriteAsync(context, problem);
            return;
        }
        if (problem.Kind.Status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = "Bearer";
        var body = new Dictionary<string, object?>
        {
            ["type"] = problem.Kind.Type,
            ["title"] = problem.Kind.Title,
            ["status"] = problem.Kind.Status,
            ["detail"] = problem.Message,
            ["code"] = problem.Kind.Code,
            ["requestId"] = context.TraceIdentifier,
        };
        foreach (var (key, value) in problem.Extensions)
            body[key] = value;
        // A body that is not read to its end would keep the connection busy; Kestrel closes it instead.
        await response.WriteAsJsonAsync(body, WireJson.Options, "application/problem+json", CancellationToken.None);
    }

    private static string Detail(int status) => status switch
    {
        401 => "send an API key as 'Authorization: Bearer KEY' or 'X-Api-Key: KEY'",
        403 => "the account has none of the roles that may do this",
        404 => "nothing is served at this address; /openapi/v1.json lists what is",
        405 => "the resource has no such method; /openapi/v1.json lists those it has",
        408 => "the body came too slowly",
        413 => "the request's body is larger than the service takes",
        415 => "the content type is not taken here; /openapi/v1.json lists those that are",
        _ => "the request cannot be understood",
    };

    // The message of a JsonException quotes the text at fault, which may be a name or worse.
    private static string Position(JsonException error) =>
        error.LineNumber is { } line
            ? string.Create(CultureInfo.InvariantCulture, $"line {line + 1}, byte {error.BytePositionInLine + 1}")
            : "a member is missing or of another type";

    private void Log(Exception error)
    {
        var chain = new List<string>();
        for (var e = error; e is not null; e = e.InnerException)
            chain.Add($"{e.GetType().FullName}\n{e.StackTrace}");
        log.LogError("unexpected error {Chain}", string.Join("\ncaused by ", chain));
    }
}
