using MatchEngine.Faces.Models;
using MatchEngine.Vectors;

namespace MatchEngine.Galleries;

/// <summary>The one model whose templates a gallery holds. It is fixed when the gallery is created.</summary>
/// <param name="Id">The id of the model card.</param>
/// <param name="Digest">SHA-256 of the model file.</param>
/// <param name="Dimension">Length of an embedding.</param>
public sealed record GalleryModel(string Id, ModelDigest Digest, int Dimension)
{
    private const int MaxId = 256;

    /// <summary>The part of a card that a gallery is bound to.</summary>
    /// <exception cref="ArgumentException">The dimension is not one that templates can have, or the digest is not 64 hexadecimal
    /// digits.</exception>
    public static GalleryModel Of(EmbedderCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentException.ThrowIfNullOrWhiteSpace(card.Id, nameof(card));
        if (!Template.IsSupportedDimension(card.Dimension))
            throw new ArgumentException(
                $"model card {card.Id} announces embeddings of {card.Dimension} dimensions; templates take multiples of "
                    + $"{Template.DimensionStep} up to {Template.MaxDimension}",
                nameof(card));
        if (!ModelDigest.TryParse(card.Digest, out var digest))
            throw new ArgumentException(
                $"model card {card.Id} has the digest '{card.Digest}', which is not 64 hexadecimal digits", nameof(card));
        return new GalleryModel(card.Id, digest, card.Dimension);
    }

    /// <summary>A model as a store holds it.</summary>
    /// <exception cref="FormatException">No card has such an id, or the digest or the dimension is none.</exception>
    public static GalleryModel Parse(string id, string digest, long dimension)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (string.IsNullOrWhiteSpace(id) || id.Length > MaxId || id.Any(c => char.IsControl(c) || c is '/' or '\\'))
            throw new FormatException("the id of its model is none of a card");
        if (!ModelDigest.TryParse(digest, out var parsed))
            throw new FormatException("the digest of its model is none");
        return dimension is > 0 and <= Template.MaxDimension && Template.IsSupportedDimension((int)dimension)
            ? new GalleryModel(id, parsed, (int)dimension)
            : throw new FormatException($"templates of {dimension} dimensions are none");
    }

    /// <summary>
    /// Refuses an extractor that works with another model, before any image is touched. Another card for the same file counts as another
    /// model: it may prepare the pixels in another way.
    /// </summary>
    internal void Require(string gallery, EmbedderCard card)
    {
        var other = Of(card);
        if (other != this)
            throw new ModelMismatchException(
                $"gallery '{gallery}' holds templates of model {Id} ({Digest}); model {other.Id} ({other.Digest}) is in use: "
                    + $"choose model {Id}, or create a gallery for {other.Id} and enrol the photos there");
    }
}
