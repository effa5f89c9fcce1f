using System.Numerics;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;

namespace MatchEngine.Faces.Quality.Assessment;

/// <summary>
/// How much of a picture is around a face, measured along the face's own axes,
/// so that a face that lies on its side is judged like an upright one.
/// </summary>
/// <param name="Left">From the eye on the viewer's left to the edge, in distances between the eyes.</param>
/// <param name="Right">From the eye on the viewer's right to the edge, in distances between the eyes.</param>
/// <param name="Above">From the middle between the eyes upwards to the edge, in distances from there to the chin.</param>
/// <param name="Below">From the middle between the eyes downwards to the edge, in distances from there to the chin.</param>
internal readonly record struct FaceMargins(float Left, float Right, float Above, float Below)
{
    // Eyes to chin in distances from eyes to mouth, where a detector gave no chin: the median of LFW's photos.
    private const float ChinOverMouth = 1.75f;

    /// <summary>Measures the margins.</summary>
    public static FaceMargins Of(Image image, LocatedFace face)
    {
        var points = face.Points;
        var distance = points.InterEyeDistance;
        if (!(distance > 0))
            return new FaceMargins(float.NaN, float.NaN, float.NaN, float.NaN);
        var level = (points.RightEye - points.LeftEye) / distance;
        var down = new Vector2(-level.Y, level.X);
        var middle = (points.LeftEye + points.RightEye) / 2;
        var chin = face.Contour is { } contour
            ? Vector2.Distance(contour.Points[8], middle)
            : ChinOverMouth * Vector2.Distance((points.LeftMouth + points.RightMouth) / 2, middle);
        chin = MathF.Max(chin, 1e-3f);
        return new FaceMargins(
            ToEdge(image, points.LeftEye, -level) / distance, ToEdge(image, points.RightEye, level) / distance,
            ToEdge(image, middle, -down) / chin, ToEdge(image, middle, down) / chin);
    }

    /// <summary>The way from a point in a direction to the picture's edge; 0 from outside.</summary>
    private static float ToEdge(Image image, Vector2 from, Vector2 direction)
    {
        var way = MathF.Min(Along(from.X, direction.X, image.Width), Along(from.Y, direction.Y, image.Height));
        return MathF.Max(0, way);

        // Pixel centres are at whole numbers, so the picture reaches from −0.5.
        static float Along(float start, float step, int side) =>
            step > 1e-6f
                ? (side - 0.5f - start) / step
                : step < -1e-6f ? (-0.5f - start) / step : start >= -0.5f && start <= side - 0.5f ? float.MaxValue : 0;
    }
}
