using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MatchEngine.Frs.Probes;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Intake;

/// <summary>
/// Reads a request's body into a buffer of ours. ASP.NET Core's own readers of forms are not used: they keep what is larger than 64 KiB in
/// a temporary file, and smaller parts in buffers of a pool that nobody clears.
/// </summary>
internal static class RequestBody
{
    /// <exception cref="ProblemException">The body is larger than the limit.</exception>
    public static async Task<OwnedBuffer> ReadAsync(
        HttpRequest request, long limit, IBufferObserver? observer, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit)
            throw TooLarge(limit);
        // One byte more than announced would be an error of HTTP; without an announcement the buffer grows.
        var buffer = new OwnedBuffer((int)(request.ContentLength ?? 64 << 10), observer);
        try
        {
            var reader = request.BodyReader;
            while (true)
            {
                var result = await reader.ReadAsync(cancellationToken);
                if (result.IsCanceled)
                    throw new OperationCanceledException(cancellationToken);
                Take(result.Buffer, buffer, limit);
                reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                    return buffer;
            }
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private static void Take(ReadOnlySequence<byte> bytes, OwnedBuffer buffer, long limit)
    {
        try
        {
            foreach (var segment in bytes)
            {
                if (buffer.Length + (long)segment.Length > limit)
                    throw TooLarge(limit);
                buffer.Append(segment.Span);
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
