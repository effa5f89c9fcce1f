namespace MatchEngine.Faces.Images;

/// <summary>Whether a picture is too dark to see a face in.</summary>
public static class Darkness
{
    /// <summary>In a picture that is too dark, no more than one pixel in a hundred is brighter than this, of 255.</summary>
    public const int Brightest = 40;

    private const int Share = 100;

    /// <summary>Whether a picture is that dark.</summary>
    /// <param name="image">The upright pixels; only read.</param>
    public static bool IsIn(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var pixels = image.Pixels;
        var brighter = 0;
        // ITU-R BT.601, in whole numbers.
        for (var at = 0; at < pixels.Length; at += 3)
            brighter += (299 * pixels[at] + 587 * pixels[at + 1] + 114 * pixels[at + 2]) / 1000 > Brightest ? 1 : 0;
        return brighter <= pixels.Length / 3 / Share;
    }
}
