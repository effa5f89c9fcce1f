namespace MatchEngine.Faces.Images;

/// <summary>How big an image may be. What its header announces is checked before any pixel is decoded.</summary>
/// <param name="MaxBytes">Largest encoded size in bytes; 100 MiB by default.</param>
/// <param name="MaxPixels">Largest width × height that the header may announce; 400 million by default.</param>
/// <param name="MaxDecodedPixels">
/// Most pixels that are held; 64 million by default, 192 MB. A larger picture is scaled down by a whole factor while it is read, row by
/// row, so that neither the codec nor we ever hold it in full. Baseline JPEG, PNG that is not interlaced, BMP and PBM/PGM/PPM can be read
/// so. Progressive JPEG, interlaced PNG, WebP, AVIF, GIF and TIFF (whose strips and tiles may be as large as the picture) are held in full
/// by their codecs: for them this is the limit on what the header may announce.
/// </param>
public sealed record ImageLimits(long MaxBytes = 100L << 20, long MaxPixels = 400_000_000, long MaxDecodedPixels = 64_000_000)
{
    /// <summary>100 MiB, and 400 megapixels of which 64 are held.</summary>
    public static ImageLimits Default { get; } = new();

    /// <summary>
    /// The factor by which a picture is scaled down so that no more than <see cref="MaxDecodedPixels"/> are left;
    /// 1 for one that is not larger.
    /// </summary>
    /// <param name="width">Its width as the header announces it, above 0.</param>
    /// <param name="height">Its height, above 0.</param>
    internal int FactorFor(int width, int height)
    {
        var factor = 1;
        while (((long)width + factor - 1) / factor * (((long)height + factor - 1) / factor) > MaxDecodedPixels
            && factor < Math.Max(width, height))
            factor++;
        return factor;
    }
}
