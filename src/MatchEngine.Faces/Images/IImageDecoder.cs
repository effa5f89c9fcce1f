namespace MatchEngine.Faces.Images;

/// <summary>From the bytes of an image to upright pixels. Thread-safe.</summary>
public interface IImageDecoder
{
    /// <summary>Decodes an image.</summary>
    /// <param name="bytes">The encoded image; only read.</param>
    /// <param name="limits">How big it may be.</param>
    /// <param name="cancellationToken">Looked at where decoding can be interrupted.</param>
    /// <returns>The upright pixels; dispose of them to have them overwritten.</returns>
    /// <exception cref="AcquisitionException">Too large, of an unsupported format, truncated or damaged,
    /// or the decoder did not survive it.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    Image Decode(ReadOnlySpan<byte> bytes, ImageLimits limits, CancellationToken cancellationToken = default);
}

/// <summary>Decodes in this process: the fastest way, and a fault of a native codec ends the process.</summary>
public sealed class InProcessImageDecoder : IImageDecoder
{
    /// <inheritdoc/>
    public Image Decode(ReadOnlySpan<byte> bytes, ImageLimits limits, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ImageDecoder.Decode(bytes, limits, cancellationToken);
    }
}
