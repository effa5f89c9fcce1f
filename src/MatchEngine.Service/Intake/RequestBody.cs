using System.Buffers;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MatchEngine.Frs.Probes;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Settings;
using Microsoft.AspNetCore.Http.Features;

namespace MatchEngine.Service.Intake;

/// <summary>
/// Reads a request's body into a buffer of ours. ASP.NET Core's own readers of forms are not used: they keep what is larger than 64 KiB in
/// a temporary file, and smaller parts in buffers of a pool that nobody clears.
/// </summary>
internal static class RequestBody
{
    // What a request may announce costs nothing; memory is taken as bytes come.
    private const int FirstBytes = 64 << 10;

    /// <summary>Reads the body of a request to its end.</summary>
    /// <param name="context">The request.</param>
    /// <param name="limit">The most bytes that are taken here.</param>
    /// <exception cref="ProblemException">The body is larger than the limit, or comes too slowly.</exception>
    /// <exception cref="Frs.Errors.CodedException">The requests under way hold as much memory as they may.</exception>
    public static async Task<OwnedBuffer> ReadAsync(HttpContext context, long limit)
    {
        if (context.Features.Get<ReceivedBody>() is { } received)
            return received.Take(limit) ?? throw TooLarge(limit);
        var (request, services, aborted) = (context.Request, context.RequestServices, context.RequestAborted);
        if (request.ContentLength > limit)
            throw TooLarge(limit);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = limit;
        var limits = services.GetRequiredService<ServiceSettings>().Limits;
        var share = services.GetRequiredService<MemoryBudget>().Of(RateLimits.PartyOf(context));
        using var late = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        var expected = request.ContentLength ?? long.MaxValue;
        var buffer = new OwnedBuffer(
            (int)Math.Min(FirstBytes, Math.Min(expected, limit)), services.GetService<IBufferObserver>(), share);
        try
        {
            var (reader, started) = (request.BodyReader, Stopwatch.GetTimestamp());
            while (true)
            {
                // Who sends at a fair rate may send for long; who drips may not.
                var left = limits.BodyTime(buffer.Length) - Stopwatch.GetElapsedTime(started);
                late.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
                var result = await reader.ReadAsync(late.Token);
                if (result.IsCanceled)
                    throw new OperationCanceledException(aborted);
                Take(result.Buffer, buffer, limit, expected);
                reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                    return buffer;
            }
        }
        catch (OperationCanceledException e) when (late.IsCancellationRequested && !aborted.IsCancellationRequested)
        {
            buffer.Dispose();
            throw new ProblemException(Problem.OfStatus(StatusCodes.Status408RequestTimeout), "the body came too slowly", e);
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private static void Take(ReadOnlySequence<byte> bytes, OwnedBuffer buffer, long limit, long expected)
    {
        try
        {
            foreach (var segment in bytes)
            {
                if (buffer.Length + (long)segment.Length > limit)
                    throw TooLarge(limit);
                buffer.Append(segment.Span, expected);
            }
        }
        finally
        {
            // The server's own buffer goes back to its pool uncleared. What was read of it is not looked at again,
            // so it is overwritten here.
            foreach (var segment in bytes)
                CryptographicOperations.ZeroMemory(MemoryMarshal.AsMemory(segment).Span);
        }
    }

    private static ProblemException TooLarge(long limit) =>
        new(Problem.TooLarge, $"the request's body is larger than {limit:N0} bytes, which is the limit");
}
