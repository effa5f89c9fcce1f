using System.Globalization;
using System.Text.Json;
using MatchEngine.Faces;
using MatchEngine.Frs.Errors;
using MatchEngine.Galleries.Errors;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Pages;
using MatchEngine.Service.Rest;

namespace MatchEngine.Service.Hosting;

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
            case BadHttpRequestException e:
                return new ProblemException(Problem.OfStatus(e.StatusCode), Detail(e.StatusCode), e);
            case JsonException e:
                return new ProblemException(Problem.BadRequest, JsonFaults.Unreadable(e), e);
            case OperationCanceledException e:
                return new ProblemException(
                    Problem.NotReady, "the service is stopping; send the request again in a moment",
                    e) { RetryAfter = TimeSpan.FromSeconds(5) };
            case ObjectDisposedException e:
                return new ProblemException(Problem.NotFound, "the gallery was deleted meanwhile", e);
        }
        var kind = ErrorCodes.Of(error) is { } code ? HttpErrors.Of(code) : HttpErrors.Internal;
        if (kind == HttpErrors.Internal)
        {
            Log(error);
            return new ProblemException(kind, "an unexpected error; the log has more under the request's id", error);
        }
        if (error is StoreException { Fault: var fault })
            log.LogError("store fault {Fault}", fault);
        return new ProblemException(kind, Words(error), error)
        {
            RetryAfter = error is StoreException ? TimeSpan.FromSeconds(5) : (error as CodedException)?.RetryAfter,
            Rule = (error as CodedException)?.Rule,
            Fields = (error as CodedException)?.Fields ?? [],
            Faces = (error as AcquisitionException)?.Faces ?? [],
            Quality = (error as AcquisitionException)?.Quality,
        };
    }

    /// <summary>
    /// Answers with a problem: for people as a page, for programs as JSON or as the ANSI/NIST file that was asked for, for clients of a
    /// dialect as it tells it.
    /// </summary>
    public static Task WriteAsync(HttpContext context, ProblemException problem)
    {
        var response = context.Response;
        // For who looks at what was answered, beside the bytes.
        context.Features.Set(problem);
        response.StatusCode = problem.Kind.Status;
        if (problem.RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (context.GetEndpoint()?.Metadata.GetMetadata<IProblemWriter>() is { } dialect)
            return dialect.WriteAsync(context, problem);
        if (ProblemPage.Wants(context))
            return ProblemPage.WriteAsync(context, problem);
        return InterchangeFiles.AreWanted(context) ? ProblemFile.WriteAsync(context, problem) : ProblemJson.WriteAsync(context, problem);
    }

    // Some messages are the operator's: they name files, or galleries that others keep.
    private static string Words(Exception error) => error switch
    {
        GalleryNotFoundException e => $"there is no gallery '{e.Gallery}' that this account may use",
        StoreException e => $"a database of the service cannot be used ({e.Fault}); the operator finds more in the log",
        _ => error.Message,
    };

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

    private void Log(Exception error)
    {
        var chain = new List<string>();
        for (var e = error; e is not null; e = e.InnerException)
            chain.Add($"{e.GetType().FullName}\n{e.StackTrace}");
        log.LogError("unexpected error {Chain}", string.Join("\ncaused by ", chain));
    }
}
