namespace MatchEngine.Faces.Geometry;

/// <summary>A face with the points it will be aligned by.</summary>
/// <param name="Box">Where the detector saw it.</param>
/// <param name="Confidence">The detector's confidence, 0 … 1.</param>
/// <param name="Points">The five points.</param>
public sealed record LocatedFace(BoundingBox Box, float Confidence, FacePoints Points)
{
    /// <summary>All points of a landmark network; null when the detector gave the five itself.</summary>
    internal FaceContour? Contour { get; init; }
}
