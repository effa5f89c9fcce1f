namespace MatchEngine.Faces.Images.Isolation;

/// <summary>
/// The decoders of a program, by format: libvips (in this process, or in processes of its own), and for what it does not read the second
/// decoder (<see cref="SecondDecoder"/>), always in processes of its own. A format that has no decoder here is refused by name.
/// </summary>
public sealed class ImageDecoders : IImageDecoder, IDisposable
{
    private readonly IImageDecoder _first;
    private readonly IsolatedImageDecoder? _second;

    /// <summary>Makes the decoders; a process is started when the first image comes that needs it.</summary>
    /// <param name="isolated">Whether libvips, too, runs in processes of its own.</param>
    /// <param name="second">How processes of the second decoder are started; null: as this program, with 30 s for an image.</param>
    public ImageDecoders(bool isolated, IsolationOptions? second = null)
    {
        _first = isolated ? new IsolatedImageDecoder() : new InProcessImageDecoder();
        if (SecondDecoder.IsInstalled)
            _second = new IsolatedImageDecoder(second ?? new() { Second = true });
    }

    /// <summary>Process ids of the second decoder's children, idle or at work.</summary>
    public IReadOnlyCollection<int> SecondChildren => _second?.Children ?? [];

    /// <inheritdoc/>
    public Image Decode(ReadOnlySpan<byte> bytes, ImageLimits limits, CancellationToken cancellationToken = default) =>
        _second is not null && SecondDecoder.FormatOf(bytes) is not null
            ? _second.Decode(bytes, limits, cancellationToken)
            : _first.Decode(bytes, limits, cancellationToken);

    /// <summary>Ends the processes. No call may be under way.</summary>
    public void Dispose()
    {
        (_first as IDisposable)?.Dispose();
        _second?.Dispose();
    }
}
