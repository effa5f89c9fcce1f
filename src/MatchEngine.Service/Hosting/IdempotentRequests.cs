using System.Runtime.InteropServices;
using MatchEngine.Frs.Answers;
using MatchEngine.Frs.Idempotency;
using MatchEngine.Frs.Searching;
using MatchEngine.Galleries.Errors;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Intake;
using MatchEngine.Service.Rest;
using MatchEngine.Service.Settings;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Net.Http.Headers;

namespace MatchEngine.Service.Hosting;

/// <summary>
/// <c>Idempotency-Key</c> on every POST under <c>/v1</c> of whoever is signed in. The body is read first, into the buffer that every body
/// with images is read into; what is done then ends with its answer whether the client waits for it or not, so that a client whose
/// connection broke finds the answer by its key.
/// </summary>
internal sealed class IdempotentRequests(
    RequestDelegate next, AnsweringOnce once, ServiceSettings settings, ILogger<IdempotentRequests> log)
{
    public const string Header = "Idempotency-Key";

    /// <summary>Says that an answer is the one that was given before.</summary>
    public const string ReplayedHeader = "idempotency-replayed";

    private const int MaxAnswer = 16 << 20;

    // More parts than any resource takes: what is behind them is one piece.
    private const int MaxPieces = 4096;

    /// <summary>What belongs to the answer; everything else is the connection's, or set anew for each.</summary>
    private static readonly string[] KeptHeaders =
    [
        HeaderNames.ContentType, HeaderNames.Location, HeaderNames.ContentDisposition, HeaderNames.RetryAfter, "preference-applied",
        "x-search-id", "x-probe-receipt",
    ];

    public Task InvokeAsync(HttpContext context)
    {
        var key = context.Request.Headers[Header];
        return key.Count == 0 || !HttpMethods.IsPost(context.Request.Method) || context.User.Identity is not { IsAuthenticated: true }
            || !context.Request.Path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase)
            || context.GetEndpoint() is not { } endpoint
            || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
            ? next(context)
            : AnswerAsync(context, endpoint, key.ToString());
    }

    private async Task AnswerAsync(HttpContext context, Endpoint endpoint, string key)
    {
        if (endpoint.Metadata.GetMetadata<TakesFile>() is not null)
            throw new ProblemException(
                Problem.BadValue, $"a restoration takes no {Header}: a second one of the same name is refused as it is");
        var limits = settings.Limits;
        var takesImages = endpoint.Metadata.GetMetadata<TakesImages>() is not null;
        var buffer = await RequestBody.ReadAsync(context, takesImages ? limits.BodyBytes : limits.TextBytes);
        using var body = new ReceivedBody(buffer);
        using var begun = once.Begin(
            context.Actor(), key, Target(context.Request), Pieces(context.Request, buffer.Memory));
        if (begun.Earlier is { } earlier)
        {
            await ReplayAsync(context.Response, earlier);
            return;
        }
        context.RequestAborted = CancellationToken.None;
        if (takesImages)
            context.Features.Set(body);
        else
            // For the framework's reader of JSON, which sees no images.
            context.Request.Body = Stream(buffer.Memory);
        var wire = context.Response.Body;
        using var answer = new MemoryStream();
        context.Response.Body = answer;
        try
        {
            await next(context);
        }
        finally
        {
            context.Response.Body = wire;
        }
        try
        {
            Settle(context, endpoint, begun, answer);
        }
        catch (StoreException e)
        {
            // It is given all the same; who asks for it again is told that none is kept.
            log.LogError("an answer cannot be kept: {Fault}", e.Fault);
        }
        answer.Position = 0;
        await answer.CopyToAsync(wire, CancellationToken.None);
    }

    /// <summary>Keeps the answer. What was refused for a reason that passes is none: the same request may be sent again.</summary>
    private static void Settle(HttpContext context, Endpoint endpoint, OnceRequest begun, MemoryStream answer)
    {
        var response = context.Response;
        if (response.StatusCode is StatusCodes.Status408RequestTimeout or StatusCodes.Status429TooManyRequests
            or StatusCodes.Status503ServiceUnavailable or StatusCodes.Status499ClientClosedRequest)
        {
            begun.Release();
            return;
        }
        if (answer.Length > MaxAnswer
            || (response.StatusCode < 400 && endpoint.Metadata.GetMetadata<TellsSecret>() is not null))
            return;
        begun.Keep(
            new KeptAnswer(
                response.StatusCode,
                KeptHeaders.Where(response.Headers.ContainsKey).ToDictionary(name => name, name => response.Headers[name].ToString()),
                answer.ToArray())
            {
                Search = context.Features.Get<SearchAnswer>()?.Id,
            },
            context.Features.Get<AnswerLifetime>()?.Within);
    }

    // No copy: the buffer is cleared when the request ends.
    private static MemoryStream Stream(ReadOnlyMemory<byte> bytes) => MemoryMarshal.TryGetArray(bytes, out var array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : throw new InvalidOperationException("a buffer of ours is an array");

    // The form that is wanted, and when, are a part of what is asked: a list that is to come at once is no operation that was begun.
    private static string Target(HttpRequest request) =>
        $"POST {request.Path}{request.QueryString}\n{request.Headers.Accept}\n{request.Headers["Prefer"]}";

    private static Task ReplayAsync(HttpResponse response, KeptAnswer earlier)
    {
        response.StatusCode = earlier.Status;
        foreach (var (name, value) in earlier.Headers)
            response.Headers[name] = value;
        response.Headers[ReplayedHeader] = "true";
        return earlier.Body.IsEmpty ? Task.CompletedTask : response.Body.WriteAsync(earlier.Body).AsTask();
    }

    /// <summary>
    /// The body without the boundary of a multipart one, which most clients draw anew each time that they send the same.
    /// </summary>
    private static List<ReadOnlyMemory<byte>> Pieces(HttpRequest request, ReadOnlyMemory<byte> body)
    {
        var kind = MediaTypeHeaderValue.TryParse(request.ContentType, out var type) ? type.MediaType.ToString() : "";
        var pieces = new List<ReadOnlyMemory<byte>> { System.Text.Encoding.UTF8.GetBytes(kind.ToLowerInvariant()) };
        var boundary = type is null ? "" : HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        if (boundary.Length > 0 && kind.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
        {
            var delimiter = System.Text.Encoding.UTF8.GetBytes("--" + boundary);
            for (int at; pieces.Count < MaxPieces && (at = body.Span.IndexOf(delimiter)) >= 0; body = body[(at + delimiter.Length)..])
                pieces.Add(body[..at]);
        }
        pieces.Add(body);
        return pieces;
    }
}
