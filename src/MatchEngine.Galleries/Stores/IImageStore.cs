using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Encryption;
using MatchEngine.Galleries.Errors;

namespace MatchEngine.Galleries.Stores;

/// <summary>
/// The pictures of a gallery, and the keys under which it keeps them and everything else that is sealed. Faults, a missing key among them,
/// arrive as <see cref="StoreException"/>.
/// </summary>
public interface IImageStore
{
    /// <summary>The image of an encounter as it was given; null when there is no such encounter or its image was not kept.</summary>
    byte[]? ReadPhoto(string encounterId);

    /// <summary>
    /// The face of an encounter with some of what is around it, a JPEG; null when there is no such encounter or its image was not kept.
    /// </summary>
    byte[]? ReadCrop(string encounterId);

    /// <summary>
    /// Seals some of the values that are in the clear or under another key than the current one (<see cref="DataKeys.CurrentId"/>), in
    /// one transaction.
    /// </summary>
    /// <param name="record">Written when something is sealed, with the number as <c>values</c>.</param>
    /// <returns>How many values were sealed; 0 when none was left.</returns>
    /// <exception cref="InvalidOperationException">There is no key to seal with.</exception>
    /// <exception cref="GalleryNotFoundException">The gallery was deleted meanwhile.</exception>
    int SealSome(ChangeRecord record);
}
