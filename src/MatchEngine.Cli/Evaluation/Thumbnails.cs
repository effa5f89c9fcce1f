using MatchEngine.Faces;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;

namespace MatchEngine.Cli.Evaluation;

/// <summary>Small pictures of photos.</summary>
internal static class Thumbnails
{
    private const int Side = 96;

    /// <summary>A square JPEG of the middle of a photo; null when it cannot be read.</summary>
    public static byte[]? Make(string path)
    {
        try
        {
            using var image = ImageDecoder.Decode(File.ReadAllBytes(path));
            var side = Math.Min(image.OriginalWidth, image.OriginalHeight);
            using var small = FaceCrop.Take(
                image, new BoundingBox((image.OriginalWidth - side) / 2f, (image.OriginalHeight - side) / 2f, side, side), margin: 1, Side);
            return ImageEncoder.ToJpeg(small, 80);
        }
        catch (Exception error) when (error is AcquisitionException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
