using System.Numerics;
using MatchEngine.Faces.Geometry;

namespace MatchEngine.Faces.Images;

/// <summary>A picture turned by a multiple of 90°, and the way back from its coordinates to the original's.</summary>
internal sealed class QuarterTurn : IDisposable
{
    /// <summary>The turns to try, as EXIF orientations: a quarter clockwise, a quarter anticlockwise, a half.</summary>
    public static readonly int[] All = [6, 8, 3];

    private readonly int _orientation;
    private readonly int _width;
    private readonly int _height;

    /// <summary>Turns a picture.</summary>
    /// <param name="original">The picture; only read.</param>
    /// <param name="orientation">3, 6 or 8.</param>
    public QuarterTurn(Image original, int orientation)
    {
        (_orientation, _width, _height) = (orientation, original.Width, original.Height);
        Turned = orientation == 3 ? new Image(_width, _height) : new Image(_height, _width);
        Orientation.Place(original.Pixels, _width, _height, 0, orientation, Turned);
    }

    /// <summary>The turned picture.</summary>
    public Image Turned { get; }

    /// <summary>Overwrites the turned pixels.</summary>
    public void Dispose() => Turned.Dispose();

    /// <summary>A face of the turned picture in the original's coordinates.</summary>
    public LocatedFace ToOriginal(LocatedFace face)
    {
        var (box, points) = (face.Box, face.Points);
        return face with
        {
            Box = ToOriginal(box),
            Points = new(
                ToOriginal(points.LeftEye), ToOriginal(points.RightEye), ToOriginal(points.Nose),
                ToOriginal(points.LeftMouth), ToOriginal(points.RightMouth)),
            Contour = face.Contour is { } contour ? contour with { Points = Array.ConvertAll(contour.Points, ToOriginal) } : null,
        };
    }

    /// <summary>A box of the turned picture in the original's coordinates.</summary>
    public BoundingBox ToOriginal(BoundingBox box) => _orientation switch
    {
        6 => new(box.Y, _height - box.Right, box.Height, box.Width),
        8 => new(_width - box.Bottom, box.X, box.Height, box.Width),
        _ => new(_width - box.Right, _height - box.Bottom, box.Width, box.Height),
    };

    private Vector2 ToOriginal(Vector2 point) => _orientation switch
    {
        6 => new(point.Y, _height - 1 - point.X),
        8 => new(_width - 1 - point.Y, point.X),
        _ => new(_width - 1 - point.X, _height - 1 - point.Y),
    };
}
