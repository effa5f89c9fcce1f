using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Quality;

namespace MatchEngine.Faces;

/// <summary>A face of an image with the vector that the embedder made of it.</summary>
/// <param name="Number">Its number in the image by size; 1 is the largest.</param>
/// <param name="Box">Where the detector saw it.</param>
/// <param name="Confidence">The detector's confidence, 0 … 1.</param>
/// <param name="Points">The five points it was aligned by.</param>
/// <param name="Embedding">The embedding, of length 1 (L2 norm); its dimension is the model card's.</param>
public sealed record ExtractedFace(int Number, BoundingBox Box, float Confidence, FacePoints Points, float[] Embedding)
{
    /// <summary>
    /// How well it serves recognition; null when that was not asked for. It is that of the pixels that were held: of a picture scaled down,
    /// the inter-eye distance in those.
    /// </summary>
    public FaceQuality? Quality { get; init; }
}

/// <summary>What was made of one image.</summary>
/// <param name="Width">Width in pixels of the original upright picture, which boxes and points refer to however it was held.</param>
/// <param name="Height">Height of that picture in pixels.</param>
/// <param name="FacesFound">How many faces the detector found; <paramref name="Faces"/> holds the chosen ones.</param>
/// <param name="Faces">The chosen faces, largest first; at least one.</param>
/// <param name="Elapsed">Time spent in each stage.</param>
public sealed record Extraction(int Width, int Height, int FacesFound, IReadOnlyList<ExtractedFace> Faces, ExtractionTimes Elapsed);

/// <summary>Time spent on an image, stage by stage.</summary>
/// <param name="Decode">From bytes to upright pixels.</param>
/// <param name="Detect">Detection and landmarks.</param>
/// <param name="Embed">Alignment and embedding of the chosen faces.</param>
public readonly record struct ExtractionTimes(TimeSpan Decode, TimeSpan Detect, TimeSpan Embed)
{
    /// <summary>Assessing the quality of the chosen faces; zero when it was not asked for.</summary>
    public TimeSpan Assess { get; init; }
}
