using MatchEngine.Faces.Geometry;

namespace MatchEngine.Faces.Images;

/// <summary>A square piece of a photo around one face.</summary>
public static class FaceCrop
{
    /// <summary>
    /// Cuts out a face with some of what is around it, enlarged or shrunk to the size asked for. Beyond the photo's edges lies black.
    /// </summary>
    /// <param name="image">The photo.</param>
    /// <param name="box">The face, in pixels of the original picture.</param>
    /// <param name="margin">Side of the piece, in sides of the face (the longer one); above 0.</param>
    /// <param name="size">Side of the piece, in pixels of the result; above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">Margin or size is not positive.</exception>
    public static Image Take(Image image, BoundingBox box, float margin, int size)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(margin);
        box = ImageScale.Of(image).FromOriginal(box);
        var side = margin * MathF.Max(box.Width, box.Height);
        var scale = side / size;
        return image.Crop(
            new SimilarityTransform(
                scale, 0, box.X + box.Width / 2 - side / 2 + (scale - 1) / 2,
                box.Y + box.Height / 2 - side / 2 + (scale - 1) / 2), size, size);
    }
}
