using MatchEngine.Galleries.Duplicates;
using MatchEngine.Galleries.Errors;

namespace MatchEngine.Galleries.Consistency;

/// <summary>
/// Goes through a gallery for what may be wrong with it: subjects whose photos do not look like one person or are of very unlike quality,
/// and subjects who look like another one.
/// </summary>
/// <param name="gallery">The gallery.</param>
/// <param name="limits">From where on something is remarked.</param>
public sealed class ConsistencyCheck(Gallery gallery, ConsistencyLimits limits)
{
    private readonly DuplicateSearch _duplicates = new(gallery);

    /// <summary>The search for subjects who look like one another, which tells what its floor is worth.</summary>
    public DuplicateSearch Duplicates => _duplicates;

    /// <summary>Compares the photos of each subject with one another, subject by subject as the enumeration goes on.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>One answer a subject, in the byte order of their ids; most are empty.</returns>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    /// <exception cref="GalleryNotFoundException">The gallery was deleted meanwhile.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IEnumerable<IReadOnlyList<ConsistencyRemark>> WithinSubjects(CancellationToken cancellationToken)
    {
        foreach (var subject in gallery.Subjects())
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return [.. SubjectConsistency.Of(gallery, subject, limits, _ => true)];
        }
    }

    /// <summary>
    /// Finds the pairs of subjects who look like one another, page by page; those who are linked are known to somebody and left out.
    /// </summary>
    /// <param name="floor">The score that a pair reaches, −1 … 1.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StoreException">A store cannot be read.</exception>
    /// <exception cref="GalleryNotFoundException">The gallery was deleted meanwhile.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IEnumerable<DuplicatePage> BetweenSubjects(float floor, CancellationToken cancellationToken) =>
        from page in _duplicates.Find(floor, cancellationToken: cancellationToken)
        select page with { Pairs = [.. page.Pairs.Where(pair => !AreLinked(pair))] };

    private bool AreLinked(DuplicatePair pair) =>
        gallery.Links(pair.First.Encounter.SubjectId).Any(link => link.SubjectId == pair.Second.Encounter.SubjectId);
}
