using MatchEngine.Faces.Images;

namespace MatchEngine.Faces;

/// <summary>What is wanted of an image.</summary>
/// <param name="Faces">Which faces are wanted.</param>
public sealed record ExtractionRequest(FaceChoice Faces)
{
    /// <summary>
    /// Whether the quality of each chosen face is told, which takes networks of its own; an extractor that cannot tell it leaves it null.
    /// A least quality (<see cref="MinQuality"/>) asks for it too.
    /// </summary>
    public bool Quality { get; init; }

    /// <summary>The least overall quality of a face, 0 … 100, where it is known; null takes any.</summary>
    public double? MinQuality { get; init; }

    /// <summary>What becomes of faces below <see cref="MinQuality"/>.</summary>
    public PoorFaces PoorFaces { get; init; } = PoorFaces.Refused;

    /// <summary>
    /// Given the upright pixels, which are overwritten when it returns, and what was extracted of them: for who wants more of the pixels
    /// than embeddings, so that no image is decoded twice. It is not called for an image that is refused.
    /// </summary>
    public Action<Image, Extraction>? Show { get; init; }

    /// <summary>Whether quality has to be measured.</summary>
    public bool NeedsQuality => Quality || MinQuality is not null;
}

/// <summary>What becomes of chosen faces whose quality is below the least one.</summary>
public enum PoorFaces
{
    /// <summary>The image is refused: <see cref="AcquisitionFailure.LowQuality"/>.</summary>
    Refused,

    /// <summary>
    /// They are listed with the reason and without an embedding (<see cref="ExtractedFace.Refusal"/>), so that the others are none the
    /// worse for them.
    /// </summary>
    Listed,
}
