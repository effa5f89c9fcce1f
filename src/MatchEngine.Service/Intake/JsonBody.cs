using System.Buffers;
using System.IO.Pipelines;
using MatchEngine.Frs.Probes;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Settings;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace MatchEngine.Service.Intake;

/// <summary>
/// A body that the framework makes an object of, a JSON one without images: read whole by <see cref="RequestBody"/>, with its limits of
/// size, memory and time, into a buffer that is cleared with the request. What is wrong with it can then be said by its own words.
/// </summary>
internal static class JsonBody
{
    /// <summary>Whether the endpoint has the framework make an object of the body.</summary>
    public static bool IsTaken(HttpContext context) => Accepted(context) is not null;

    /// <summary>Whether it comes packed, so that the framework has to unpack it.</summary>
    public static bool IsPacked(HttpContext context) => IsTaken(context) && PackedBody.Codings(context.Request).Any();

    /// <summary>Behind the unpacking: what was not unpacked is refused, and the announced length is no longer that of what comes.</summary>
    /// <exception cref="ProblemException">The coding is not known.</exception>
    public static Task Unpacked(HttpContext context, RequestDelegate next)
    {
        if (PackedBody.Codings(context.Request).Any())
            throw new ProblemException(
                Problem.Unsupported, "the body has a Content-Encoding that is not read here; one of gzip, deflate and br is, or none");
        context.Request.ContentLength = null;
        return next(context);
    }

    /// <summary>Reads the body, and lets the framework read it again.</summary>
    /// <param name="require">Refuses what the framework would read as something else than it says.</param>
    /// <param name="explain">Says in words why a body is not of a type.</param>
    public static Func<HttpContext, RequestDelegate, Task> Read(
        Action<ReadOnlyMemory<byte>, Type> require, Func<ReadOnlyMemory<byte>, Type, Exception, ProblemException> explain) =>
        async (context, next) =>
        {
            if (Accepted(context) is not { } accepted || !context.Request.HasJsonContentType())
            {
                await next(context);
                return;
            }
            using var body = await ReadAsync(context);
            if (body.Length == 0 && !accepted.IsOptional)
                throw new ProblemException(Problem.BadRequest, "the body is empty: send a JSON object");
            JsonText.Require(body.Memory.Span);
            if (body.Length > 0)
                require(body.Memory, accepted.RequestType!);
            context.Features.Set<IRequestBodyPipeFeature>(new Whole(body.Memory));
            try
            {
                await next(context);
            }
            catch (BadHttpRequestException e) when (e.InnerException is System.Text.Json.JsonException why)
            {
                throw explain(body.Memory, accepted.RequestType!, why);
            }
        };

    private static async Task<OwnedBuffer> ReadAsync(HttpContext context)
    {
        var limit = context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize
            ?? context.RequestServices.GetRequiredService<ServiceSettings>().Limits.TextBytes;
        try
        {
            return await RequestBody.ReadAsync(context, limit);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException)
        {
            // What a decompressor says of bytes that it cannot unpack.
            throw new ProblemException(Problem.BadRequest, "the body is not packed as its Content-Encoding says", e);
        }
    }

    private static IAcceptsMetadata? Accepted(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>() is { RequestType: not null } accepted ? accepted : null;

    /// <summary>The framework reads from our buffer itself: no further copy is made in memory of a pool that nobody clears.</summary>
    private sealed class Whole(ReadOnlyMemory<byte> body) : IRequestBodyPipeFeature
    {
        public PipeReader Reader { get; } = PipeReader.Create(new ReadOnlySequence<byte>(body));
    }
}
