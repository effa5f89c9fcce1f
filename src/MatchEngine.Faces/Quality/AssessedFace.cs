namespace MatchEngine.Faces;

/// <summary>A face of an image with its quality.</summary>
/// <param name="Face">Where it is.</param>
/// <param name="Quality">How well it serves recognition.</param>
public sealed record AssessedFace(LocatedFace Face, FaceQuality Quality);
