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

    /// <summary>Finds the faces of an image and embeds those that <paramref name="choice"/> picks.</summary>
    /// <param name="image">An encoded image of a format that <see cref="ImageDecoder"/> reads. It is only read;
    /// whoever owns the buffer clears it.</param>
    /// <param name="choice">Which faces are wanted.</param>
    /// <param name="cancellationToken">Looked at between the stages.</param>
    /// <exception cref="AcquisitionException">No template can be made of the image;
    /// <see cref="AcquisitionException.Reason"/> says why.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    Extraction Extract(ReadOnlySpan<byte> image, FaceChoice choice, CancellationToken cancellationToken = default);

    /// <summary>The same, with the quality of each chosen face where the extractor can tell it; one that cannot leaves it null.</summary>
    /// <inheritdoc cref="Extract"/>
    Extraction ExtractWithQuality(ReadOnlySpan<byte> image, FaceChoice choice, CancellationToken cancellationToken = default) =>
        Extract(image, choice, cancellationToken);

    /// <summary>The same, and shows the pixels to who wants more of them than embeddings, so that no image is decoded twice.</summary>
    /// <param name="image">As for <see cref="Extract"/>.</param>
    /// <param name="choice">Which faces are wanted.</param>
    /// <param name="show">Given the upright pixels, which are overwritten when it returns, and what was extracted of them.</param>
    /// <param name="cancellationToken">Looked at between the stages.</param>
    /// <inheritdoc cref="Extract"/>
    Extraction ExtractWithQuality(
        ReadOnlySpan<byte> image, FaceChoice choice, Action<Image, Extraction> show, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(show);
        var extraction = ExtractWithQuality(image, choice, cancellationToken);
        using var pixels = Decode(image, cancellationToken);
        show(pixels, extraction);
        return extraction;
    }

    /// <summary>Decodes an image in the way in which this extractor does for itself, isolated if it is.</summary>
    /// <param name="image">The encoded image; only read.</param>
    /// <param name="cancellationToken">Looked at where decoding can be interrupted.</param>
    /// <returns>The upright pixels; dispose of them to have them overwritten.</returns>
    /// <exception cref="AcquisitionException">It cannot be decoded.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    Image Decode(ReadOnlySpan<byte> image, CancellationToken cancellationToken = default) => ImageDecoder.Decode(image);
}
