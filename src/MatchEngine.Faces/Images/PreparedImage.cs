using System.Numerics;
using MatchEngine.Faces.Geometry;

namespace MatchEngine.Faces.Images;

/// <summary>A photo that was prepared (<see cref="ImagePreparation"/>), and the way between its coordinates and the photo's.</summary>
public sealed class PreparedImage : IDisposable
{
    private readonly SimilarityTransform _toHeld;
    private readonly ImageScale _scale;

    internal PreparedImage(Image picture, SimilarityTransform toHeld, ImageScale scale) =>
        (Picture, _toHeld, _scale) = (picture, toHeld, scale);

    /// <summary>The prepared pixels.</summary>
    public Image Picture { get; }

    /// <summary>A point of the prepared picture in pixels of the photo's upright picture.</summary>
    public Vector2 ToOriginal(Vector2 point) => _scale.ToOriginal(_toHeld.Apply(point));

    /// <summary>A point of the photo in the prepared picture, perhaps beyond its edges.</summary>
    public Vector2 FromOriginal(Vector2 point) => _toHeld.Inverse().Apply(_scale.FromOriginal(point));

    /// <summary>
    /// A face of the prepared picture where it lies in the photo. Of a picture that was turned it is the box around the turned ellipse
    /// that the box holds, for a face fills that rather than the corners.
    /// </summary>
    public BoundingBox ToOriginal(BoundingBox box)
    {
        var middle = _toHeld.Apply(new Vector2(box.X + box.Width / 2 - 0.5f, box.Y + box.Height / 2 - 0.5f)) + new Vector2(0.5f);
        var (width, height) = (
            MathF.Sqrt(Square(_toHeld.A * box.Width) + Square(_toHeld.B * box.Height)),
            MathF.Sqrt(Square(_toHeld.B * box.Width) + Square(_toHeld.A * box.Height)));
        return _scale.ToOriginal(new BoundingBox(middle.X - width / 2, middle.Y - height / 2, width, height));

        static float Square(float side) => side * side;
    }

    /// <summary>Five points of the prepared picture where they lie in the photo.</summary>
    public FacePoints ToOriginal(FacePoints five) => new(
        ToOriginal(five.LeftEye), ToOriginal(five.RightEye), ToOriginal(five.Nose), ToOriginal(five.LeftMouth),
        ToOriginal(five.RightMouth));

    /// <summary>Overwrites the prepared pixels.</summary>
    public void Dispose() => Picture.Dispose();
}
