using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;

namespace MatchEngine.Faces.Quality.Assessment;

/// <summary>A face of an image with its quality.</summary>
/// <param name="Face">Where it is, in pixels of the original picture.</param>
/// <param name="Quality">How well it serves recognition, by the pixels that were held (<see cref="Image"/>).</param>
public sealed record AssessedFace(LocatedFace Face, FaceQuality Quality);
