using MatchEngine.Faces.Images;
using MatchEngine.Faces.Models;

namespace MatchEngine.Faces;

/// <summary>
/// From the bytes of an image to embeddings of the faces in it. Implementations are thread-safe:
/// as many images are worked on at once as there are callers.
/// </summary>
public interface IFaceExtractor
{
    /// <summary>The card of the model that makes the embeddings.</summary>
    EmbedderCard Model { get; }

    /// <summary>
    /// Finds the faces of an image and embeds those that are wanted, in one pass: however many they are, the image is decoded once and
    /// faces are detected once.
    /// </summary>
    /// <param name="image">An encoded image of a format that <see cref="ImageDecoder"/> reads. It is only read;
    /// whoever owns the buffer clears it.</param>
    /// <param name="request">Which faces are wanted, and what of them.</param>
    /// <param name="cancellationToken">Looked at between the stages.</param>
    /// <exception cref="AcquisitionException">No template can be made of the image;
    /// <see cref="AcquisitionException.Reason"/> says why.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    Extraction Extract(ReadOnlySpan<byte> image, ExtractionRequest request, CancellationToken cancellationToken = default);

    /// <summary>Decodes an image in the way in which this extractor does for itself, isolated if it is.</summary>
    /// <param name="image">The encoded image; only read.</param>
    /// <param name="cancellationToken">Looked at where decoding can be interrupted.</param>
    /// <returns>The upright pixels; dispose of them to have them overwritten.</returns>
    /// <exception cref="AcquisitionException">It cannot be decoded.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    Image Decode(ReadOnlySpan<byte> image, CancellationToken cancellationToken = default);
}
