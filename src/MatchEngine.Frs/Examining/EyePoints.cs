using System.Numerics;
using MatchEngine.Faces.Geometry;

namespace MatchEngine.Frs.Examining;

/// <summary>
/// Where the eyes are in a picture that an examiner looks at, in parts of its width and height: 0 … 1 from the upper left.
/// </summary>
/// <param name="LeftX">Of the eye on the viewer's left.</param>
/// <param name="LeftY">Of the eye on the viewer's left.</param>
/// <param name="RightX">Of the eye on the viewer's right.</param>
/// <param name="RightY">Of the eye on the viewer's right.</param>
public sealed record EyePoints(double LeftX, double LeftY, double RightX, double RightY)
{
    /// <summary>In the whole photo.</summary>
    /// <param name="points">The points, in its pixels.</param>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="height">Its height in pixels.</param>
    internal static EyePoints InPhoto(FacePoints points, int width, int height) => Of(points, Vector2.Zero, new Vector2(width, height));

    /// <summary>In a face that was cut out of it; see <see cref="Faces.Images.FaceCrop"/>.</summary>
    /// <param name="points">The points, in pixels of the photo.</param>
    /// <param name="box">The face.</param>
    /// <param name="margin">The side of the cut in sides of the face.</param>
    internal static EyePoints InCut(FacePoints points, BoundingBox box, float margin)
    {
        var side = margin * MathF.Max(box.Width, box.Height);
        return Of(
            points, new Vector2(box.X + (box.Width - side) / 2, box.Y + (box.Height - side) / 2), new Vector2(side, side));
    }

    private static EyePoints Of(FacePoints points, Vector2 corner, Vector2 size)
    {
        var (left, right) = ((points.LeftEye - corner) / size, (points.RightEye - corner) / size);
        return new EyePoints(Part(left.X), Part(left.Y), Part(right.X), Part(right.Y));
    }

    private static double Part(float part) => Math.Round((double)part, 4);
}
