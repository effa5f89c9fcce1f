namespace MatchEngine.Faces;

/// <summary>How big an image may be. Both limits are checked before any pixel is decoded.</summary>
/// <param name="MaxBytes">Largest encoded size in bytes; 20 MiB by default.</param>
/// <param name="MaxPixels">Largest width × height that the header may announce; 64 million by default.</param>
public sealed record ImageLimits(long MaxBytes = 20L << 20, long MaxPixels = 64_000_000)
{
    /// <summary>20 MiB and 64 megapixels.</summary>
    public static ImageLimits Default { get; } = new();
}
