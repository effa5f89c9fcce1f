using System.Numerics;

namespace MatchEngine.Faces.Geometry;

/// <summary>The 68 points of 300-W (iBUG) of a face: jaw 0–16, brows 17–26, nose 27–35, eyes 36–47, lips 48–67.</summary>
/// <param name="Points">In pixels of the upright image.</param>
/// <param name="Spread">
/// How far the landmarker's views disagree: the root mean square distance of the five points from their means, in distances between the
/// eyes. Where the network sees no upright face it guesses, differently in each view. Infinite when no view was taken.
/// </param>
internal sealed record FaceContour(Vector2[] Points, float Spread)
{
    /// <summary>The five points to align by.</summary>
    public FacePoints Five => ToFive(Points);

    /// <summary>The five points of 68.</summary>
    public static FacePoints ToFive(ReadOnlySpan<Vector2> points) => new(
        (points[37] + points[38] + points[40] + points[41]) / 4,
        (points[43] + points[44] + points[46] + points[47]) / 4,
        points[30],
        (points[48] + points[60]) / 2,
        (points[54] + points[64]) / 2);
}
