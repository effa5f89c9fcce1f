using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;

namespace MatchEngine.Galleries.Stores;

/// <summary>What an enrolment needs of a store. A write is there as a whole, for good, or not at all.</summary>
public interface IEnrolmentStore
{
    /// <summary>The encounters that stem from an image with this SHA-256.</summary>
    IReadOnlyList<KnownFace> FindImage(byte[] sha256);

    /// <summary>Adds images in the order given, in one transaction. What is there already is left as it is.</summary>
    /// <param name="images">The images.</param>
    /// <param name="record">Written when the transaction changes anything: with the ids of the encounters that are new as
    /// <c>encounters</c>, and of the subjects that the images are of as <c>subjects</c>.</param>
    /// <returns>What became of each image, in the same order.</returns>
    /// <exception cref="StoreException">Nothing was added: the disk is full, the key is missing, …</exception>
    /// <exception cref="GalleryNotFoundException">The gallery was deleted meanwhile.</exception>
    IReadOnlyList<EnrolledImage> Add(IReadOnlyList<CapturedImage> images, ChangeRecord record);
}
