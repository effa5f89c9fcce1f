using MatchEngine.Galleries.Errors;

namespace MatchEngine.Galleries.Enrolment;

/// <summary>Looks at what was just enrolled. Nothing is decided by it: what it says is told as warnings.</summary>
public interface IEnrolmentCheck
{
    /// <summary>What there is to say of a photo whose faces are in the gallery.</summary>
    /// <param name="image">The photo's reference.</param>
    /// <param name="encounters">The ids of its encounters that are new; some may be gone again.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    /// <exception cref="GalleryNotFoundException">The gallery was deleted meanwhile.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    IReadOnlyList<EnrolmentWarning> Look(string image, IReadOnlyList<string> encounters, CancellationToken cancellationToken);
}
