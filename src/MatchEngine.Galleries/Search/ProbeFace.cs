using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Quality;

namespace MatchEngine.Galleries.Search;

/// <summary>A face of a probe.</summary>
/// <param name="Box">Where it is, in pixels of the upright image.</param>
/// <param name="Confidence">The detector's confidence, 0 … 1.</param>
/// <param name="FacesFound">How many faces the image shows.</param>
/// <param name="ImageWidth">Width of the upright image in pixels.</param>
/// <param name="ImageHeight">Height of the upright image in pixels.</param>
public sealed record ProbeFace(BoundingBox Box, float Confidence, int FacesFound, int ImageWidth, int ImageHeight)
{
    /// <summary>Its number in the image by size; 1 is the largest.</summary>
    public int Number { get; init; } = 1;

    /// <summary>How well it serves recognition; null when the extractor cannot tell.</summary>
    public FaceQuality? Quality { get; init; }

    /// <summary>What is to be said of the image's file.</summary>
    public ImageRemark Remark { get; init; }

    /// <summary>Why it was not searched with, in a sentence with the remedy; null when it was.</summary>
    public string? Refusal { get; init; }
}
