using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;

namespace MatchEngine.Galleries.Images;

/// <summary>The picture of one face, as a reader of a candidate list sees it.</summary>
public static class FaceImage
{
    /// <summary>The side of the picture in sides of the face: the head with hair and chin.</summary>
    public const float DefaultMargin = 1.6f;

    /// <summary>The side of the picture in pixels.</summary>
    public const int DefaultSize = 256;

    /// <summary>The largest side of a picture in pixels.</summary>
    public const int MaxSize = 2048;

    /// <summary>The largest margin.</summary>
    public const float MaxMargin = 8;

    /// <summary>
    /// Cuts a face out of a photo, with a margin, enlarged or shrunk to a square. Whoever has the photo as bytes has it decoded by the
    /// extractor, or as it does, so that no picture is decoded outside of the isolation that the others have.
    /// </summary>
    /// <param name="photo">The upright photo.</param>
    /// <param name="box">The face, in pixels of the photo as it was before it was scaled down.</param>
    /// <param name="margin">The side of the picture in sides of the face, above 0 and at most <see cref="MaxMargin"/>.</param>
    /// <param name="size">The side of the picture in pixels, 16 … <see cref="MaxSize"/>.</param>
    /// <returns>A JPEG without metadata.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Margin or size lies outside.</exception>
    public static byte[] Cut(Image photo, BoundingBox box, float margin = DefaultMargin, int size = DefaultSize)
    {
        if (!(margin > 0 && margin <= MaxMargin))
            throw new ArgumentOutOfRangeException(nameof(margin), margin, $"the margin lies above 0 and at most at {MaxMargin}");
        if (size is < 16 or > MaxSize)
            throw new ArgumentOutOfRangeException(nameof(size), size, $"the picture has 16 to {MaxSize} pixels a side");
        using var crop = FaceCrop.Take(photo, box, margin, size);
        return ImageEncoder.ToJpeg(crop);
    }
}
