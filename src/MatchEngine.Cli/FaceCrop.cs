using MatchEngine.Faces;

namespace MatchEngine.Cli;

/// <summary>A square piece of a photo around one face.</summary>
internal static class FaceCrop
{
    /// <summary>Cuts out a face with some of what is around it.</summary>
    /// <param name="image">The photo.</param>
    /// <param name="box">The face.</param>
    /// <param name="margin">Side of the piece, in heights of the face.</param>
    /// <param name="size">Side of the piece, in pixels of the result.</param>
    public static Image Take(Image image, BoundingBox box, float margin, int size)
    {
        var side = margin * MathF.Max(box.Width, box.Height);
        var scale = side / size;
        return image.Crop(
            new SimilarityTransform(scale, 0, box.X + box.Width / 2 - side / 2 + (scale - 1) / 2, box.Y + box.Height / 2 - side / 2 + (scale - 1) / 2), size, size);
    }
}
