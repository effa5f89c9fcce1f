using System.Numerics;
using MatchEngine.Faces.Geometry;

namespace MatchEngine.Faces.Images;

/// <summary>The way between the coordinates of a picture and those of one that it was scaled to.</summary>
/// <param name="Factor">Sides of the scaled picture over those of the original.</param>
public readonly record struct ImageScale(Vector2 Factor)
{
    /// <summary>From an image as it is held to the upright picture of its file.</summary>
    public static ImageScale Of(Image image) =>
        new(new Vector2(image.Width / (float)image.OriginalWidth, image.Height / (float)image.OriginalHeight));

    /// <summary>A point, which is a pixel's centre and lies half a pixel inside, in the original's coordinates.</summary>
    public Vector2 ToOriginal(Vector2 point) => Factor == Vector2.One ? point : (point + new Vector2(0.5f)) / Factor - new Vector2(0.5f);

    /// <summary>A point of the original in the scaled picture's coordinates.</summary>
    public Vector2 FromOriginal(Vector2 point) => Factor == Vector2.One ? point : (point + new Vector2(0.5f)) * Factor - new Vector2(0.5f);

    /// <summary>A box, which has edges and scales as it is, in the original's coordinates.</summary>
    public BoundingBox ToOriginal(BoundingBox box) => new(box.X / Factor.X, box.Y / Factor.Y, box.Width / Factor.X, box.Height / Factor.Y);

    /// <summary>A box of the original in the scaled picture's coordinates.</summary>
    public BoundingBox FromOriginal(BoundingBox box) =>
        new(box.X * Factor.X, box.Y * Factor.Y, box.Width * Factor.X, box.Height * Factor.Y);

    /// <summary>Five points in the original's coordinates.</summary>
    public FacePoints ToOriginal(FacePoints five) =>
        new(ToOriginal(five.LeftEye), ToOriginal(five.RightEye), ToOriginal(five.Nose), ToOriginal(five.LeftMouth), ToOriginal(
            five.RightMouth));

    /// <summary>A face in the original's coordinates.</summary>
    public LocatedFace ToOriginal(LocatedFace face) => face with
    {
        Box = ToOriginal(face.Box),
        Points = ToOriginal(face.Points),
        Contour = face.Contour is { } contour ? contour with { Points = Array.ConvertAll(contour.Points, ToOriginal) } : null,
    };
}
