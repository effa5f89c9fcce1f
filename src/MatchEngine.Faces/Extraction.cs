using System.Globalization;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Quality;

namespace MatchEngine.Faces;

/// <summary>A face of an image with the vector that the embedder made of it.</summary>
/// <param name="Number">Its number in the image by size; 1 is the largest.</param>
/// <param name="Box">Where the detector saw it.</param>
/// <param name="Confidence">The detector's confidence, 0 … 1.</param>
/// <param name="Points">The five points it was aligned by.</param>
/// <param name="Embedding">The embedding, of length 1 (L2 norm); its dimension is the model card's. Empty for a face that was refused
/// (<see cref="Refusal"/>).</param>
public sealed record ExtractedFace(int Number, BoundingBox Box, float Confidence, FacePoints Points, float[] Embedding)
{
    /// <summary>
    /// How well it serves recognition; null when that was not asked for. It is that of the pixels that were held: of a picture scaled down,
    /// the inter-eye distance in those.
    /// </summary>
    public FaceQuality? Quality { get; init; }

    /// <summary>
    /// Why there is no embedding, in a sentence with the remedy; null when there is one. Only faces that are too poor, or tiny beside the
    /// only one that is wanted, are refused by themselves, and only where they are to be listed (<see cref="PoorFaces.Listed"/>).
    /// </summary>
    public string? Refusal { get; init; }

    /// <summary>A face that is tiny beside the only one that is wanted (<see cref="FaceChoice.TinySide"/>): it is not looked at, and
    /// has neither points nor a quality.</summary>
    /// <param name="number">Its number in the image by size.</param>
    /// <param name="box">Where the detector saw it.</param>
    /// <param name="confidence">The detector's confidence, 0 … 1.</param>
    /// <param name="main">Where the only one is.</param>
    public static ExtractedFace Tiny(int number, BoundingBox box, float confidence, BoundingBox main) =>
        new(number, box, confidence, default, [])
        {
            Refusal = string.Create(
                CultureInfo.InvariantCulture,
                $"the face is {box.Width:0} pixels wide beside one of {main.Width:0} and was left out as background; choose it by its "
                    + $"number ({number}), or crop the photo, if it is the one that is meant"),
        };
}

/// <summary>What was made of one image.</summary>
/// <param name="Width">Width in pixels of the original upright picture, which boxes and points refer to however it was held.</param>
/// <param name="Height">Height of that picture in pixels.</param>
/// <param name="FacesFound">How many faces the detector found; <paramref name="Faces"/> holds the chosen ones.</param>
/// <param name="Faces">The chosen faces, largest first; at least one.</param>
/// <param name="Elapsed">Time spent in each stage.</param>
public sealed record Extraction(int Width, int Height, int FacesFound, IReadOnlyList<ExtractedFace> Faces, ExtractionTimes Elapsed)
{
    /// <summary>What is to be said of the file.</summary>
    public ImageRemark Remark { get; init; }

    /// <summary>Refuses an image of which no chosen face has an embedding.</summary>
    /// <exception cref="AcquisitionException">None has: <see cref="AcquisitionFailure.LowQuality"/>,
    /// for the largest face's reason.</exception>
    public void RequireOne()
    {
        if (Faces.All(face => face.Refusal is not null))
            throw new AcquisitionException(AcquisitionFailure.LowQuality, Faces[0].Refusal!) { Quality = Faces[0].Quality };
    }

    /// <summary>Overwrites the embeddings.</summary>
    public void Clear()
    {
        foreach (var face in Faces)
            Array.Clear(face.Embedding);
    }
}

/// <summary>Time spent on an image, stage by stage.</summary>
/// <param name="Decode">From bytes to upright pixels.</param>
/// <param name="Detect">Detection and landmarks.</param>
/// <param name="Embed">Alignment and embedding of the chosen faces.</param>
public readonly record struct ExtractionTimes(TimeSpan Decode, TimeSpan Detect, TimeSpan Embed)
{
    /// <summary>Assessing the quality of the chosen faces; zero when it was not asked for.</summary>
    public TimeSpan Assess { get; init; }
}
