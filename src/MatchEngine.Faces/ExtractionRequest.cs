using MatchEngine.Faces.Geometry;
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
    /// What is done to the picture first; null: nothing. Boxes, points and a place that is chosen (<see cref="FaceChoice.At"/>) are
    /// those of the picture as it came all the same.
    /// </summary>
    public ImagePreparation? Preparation { get; init; }

    /// <summary>
    /// Given the upright pixels as they came, which are overwritten when it returns, and what was extracted of them: for who wants more
    /// of the pixels than embeddings, so that no image is decoded twice. It is not called for an image that is refused.
    /// </summary>
    public Action<Image, Extraction>? Show { get; init; }

    /// <summary>Whether quality has to be measured.</summary>
    public bool NeedsQuality => Quality || MinQuality is not null;

    /// <summary>Picks the faces that are looked at of those that were found; <see cref="Settle"/> says which of them are given.</summary>
    /// <param name="boxes">The faces, sorted by area, largest first, in pixels of the upright picture of the file.</param>
    /// <param name="width">Width of the image in pixels.</param>
    /// <param name="height">Height of the image in pixels.</param>
    /// <returns>The range of indices; never empty. What lies behind it in an image of which the only face is wanted is tiny beside
    /// that.</returns>
    /// <exception cref="AcquisitionException">As for <see cref="FaceChoice.Pick"/>.</exception>
    public Range Pick(IReadOnlyList<BoundingBox> boxes, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(boxes);
        // Which of several can be used shows when they are looked at.
        return JudgesSeveral && boxes.Count > 0 ? 0..FaceChoice.CountBesideMain(boxes) : Faces.Pick(boxes, width, height);
    }

    /// <summary>What is given of the faces that were looked at.</summary>
    /// <param name="faces">The faces, largest first, each made when it is asked for; those that are too poor or tiny have a reason
    /// (<see cref="ExtractedFace.Refusal"/>).</param>
    /// <param name="boxes">All faces of the image.</param>
    /// <returns>The faces; those with a reason among them only where that is asked for (<see cref="PoorFaces.Listed"/>).</returns>
    /// <exception cref="AcquisitionException">There are several that can be used and one was wanted, or one that was wanted is too poor;
    /// every embedding is overwritten.</exception>
    public IReadOnlyList<ExtractedFace> Settle(IEnumerable<ExtractedFace> faces, IReadOnlyList<BoundingBox> boxes)
    {
        ArgumentNullException.ThrowIfNull(faces);
        var (isOnly, settled) = (Faces == FaceChoice.Only, new List<ExtractedFace>());
        try
        {
            foreach (var face in faces)
            {
                var isMain = settled.Count == 0;
                settled.Add(face);
                if (face.Refusal is { } refusal)
                {
                    if (PoorFaces == PoorFaces.Refused && (isMain || !isOnly))
                        throw new AcquisitionException(AcquisitionFailure.LowQuality, refusal) { Quality = face.Quality };
                    // Whoever else is there is not the one that was meant.
                    if (isMain && isOnly)
                        break;
                }
                else if (!isMain && isOnly)
                {
                    throw FaceChoice.Several(boxes);
                }
            }
            return PoorFaces == PoorFaces.Listed ? settled : settled.FindAll(face => face.Refusal is null);
        }
        catch
        {
            foreach (var face in settled)
                Array.Clear(face.Embedding);
            throw;
        }
    }

    private bool JudgesSeveral => Faces == FaceChoice.Only && MinQuality is not null;
}

/// <summary>What becomes of chosen faces whose quality is below the least one.</summary>
public enum PoorFaces
{
    /// <summary>The image is refused: <see cref="AcquisitionFailure.LowQuality"/>.</summary>
    Refused,

    /// <summary>
    /// They are listed with the reason and without an embedding (<see cref="ExtractedFace.Refusal"/>), so that the others are none the
    /// worse for them; as are those that are tiny beside the only one that is wanted.
    /// </summary>
    Listed,
}
