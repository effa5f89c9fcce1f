using MatchEngine.Faces.Geometry;

namespace MatchEngine.Faces.Detection;

/// <summary>A face as the detector sees it.</summary>
/// <param name="Box">Where it is, in pixels of the upright image.</param>
/// <param name="Confidence">0 … 1.</param>
/// <param name="Points">The five points, from a detector that gives them; null otherwise.</param>
public readonly record struct DetectedFace(BoundingBox Box, float Confidence, FacePoints? Points = null);
