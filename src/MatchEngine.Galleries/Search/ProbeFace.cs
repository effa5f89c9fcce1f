using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Quality;

namespace MatchEngine.Galleries.Search;

/// <summary>Which face of a probe was searched with.</summary>
/// <param name="Box">Where it is, in pixels of the upright image.</param>
/// <param name="Confidence">The detector's confidence, 0 … 1.</param>
/// <param name="FacesFound">How many faces the image shows.</param>
/// <param name="ImageWidth">Width of the upright image in pixels.</param>
/// <param name="ImageHeight">Height of the upright image in pixels.</param>
public sealed record ProbeFace(BoundingBox Box, float Confidence, int FacesFound, int ImageWidth, int ImageHeight)
{
    /// <summary>How well it serves recognition; null when the extractor cannot tell.</summary>
    public FaceQuality? Quality { get; init; }
}
