using System.Diagnostics;
using MatchEngine.Service.Settings;
using Microsoft.AspNetCore.Http.Metadata;

namespace MatchEngine.Service.Intake;

/// <summary>
/// Gives a body that the framework reads, a JSON one without images, the time that <see cref="RequestBody"/> gives those that we read.
/// </summary>
internal static class BodyDeadline
{
    public static Task Keep(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>() is not null)
            context.Request.Body = new Timed(context.Request.Body, context.RequestServices.GetRequiredService<ServiceSettings>().Limits);
        return next(context);
    }

    private sealed class Timed(Stream body, ServiceLimits limits) : Stream
    {
        private long _read;
        private long _started;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_started == 0)
                _started = Stopwatch.GetTimestamp();
            var left = limits.BodyTime(_read) - Stopwatch.GetElapsedTime(_started);
            using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            late.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
            try
            {
                var some = await body.ReadAsync(buffer, late.Token);
                _read += some;
                return some;
            }
            catch (OperationCanceledException e) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new BadHttpRequestException("the body came too slowly", StatusCodes.Status408RequestTimeout, e);
            }
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
