using MatchEngine.Faces.Quality;

namespace MatchEngine.Faces.DataSets;

/// <summary>What became of one photo of a data set.</summary>
/// <param name="Image">The photo, as the data set names it.</param>
/// <param name="Sha256">SHA-256 of its bytes in lower-case hexadecimal; null when it could not be read.</param>
/// <param name="Embedding">Of length 1 (L2 norm); null when there is none.</param>
/// <param name="Failure">Why there is none; null when there is one.</param>
public sealed record PhotoEmbedding(string Image, string? Sha256, float[]? Embedding, AcquisitionFailure? Failure)
{
    /// <summary>The face's quality; null when it was not asked for or there is no face.</summary>
    public FaceQuality? Quality { get; init; }
}
