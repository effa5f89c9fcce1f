namespace MatchEngine.Service.Sandbox;

/// <summary>A body that is only written: what the streams of faulty bodies have in common.</summary>
internal abstract class BodyStream(Stream body) : Stream
{
    protected Stream Body => body;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Flush() => throw new NotSupportedException("a body is written asynchronously");

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => body.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("a body is written asynchronously");

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public abstract override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default);
}

/// <summary>Lets the first kilobytes of a body out in drops, so that it takes its time; what is behind them follows at once.</summary>
/// <param name="body">Takes them.</param>
/// <param name="time">How long the drops take together.</param>
internal sealed class DrippingStream(Stream body, TimeSpan time) : BodyStream(body)
{
    private const int Drops = 20, DropBytes = 64;

    private int _dropped;

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        for (; _dropped < Drops && buffer.Length > 0; _dropped++)
        {
            var drop = buffer[..Math.Min(DropBytes, buffer.Length)];
            await Body.WriteAsync(drop, cancellationToken);
            await Body.FlushAsync(cancellationToken);
            await Task.Delay(time / Drops, cancellationToken);
            buffer = buffer[drop.Length..];
        }
        await Body.WriteAsync(buffer, cancellationToken);
    }
}

/// <summary>Ends the connection after the first bytes of a body.</summary>
/// <param name="body">Takes them.</param>
/// <param name="abort">Ends it.</param>
internal sealed class CutStream(Stream body, Action abort) : BodyStream(body)
{
    private const int Left = 16;

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
            return;
        // Half of a short one: whatever there is of it, it is never whole.
        await Body.WriteAsync(buffer[..Math.Min(Left, buffer.Length / 2)], cancellationToken);
        await Body.FlushAsync(cancellationToken);
        abort();
    }
}
