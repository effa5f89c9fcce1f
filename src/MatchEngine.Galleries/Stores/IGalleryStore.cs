using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;

namespace MatchEngine.Galleries.Stores;

/// <summary>
/// Where one gallery is kept. The store is the truth; an index is made from it and follows it. Every member may be called from any thread,
/// and other processes may use the same store at the same time. A write is either there as a whole, for good, or not at all; each takes the
/// record of its audit event, which the store writes in the change's own transaction. Faults arrive as <see cref="StoreException"/>; a
/// store
/// that was deleted meanwhile answers with <see cref="GalleryNotFoundException"/>.
/// </summary>
public interface IGalleryStore : IDisposable
{
    /// <summary>The gallery's name.</summary>
    string Name { get; }

    /// <summary>The model it is bound to.</summary>
    GalleryModel Model { get; }

    /// <summary>What came and went.</summary>
    IChangeFeed Feed { get; }

    /// <summary>Enrolment.</summary>
    IEnrolmentStore Enrolment { get; }

    /// <summary>Subjects and encounters.</summary>
    ISubjectStore Subjects { get; }

    /// <summary>Who may be enrolled twice, and who is kept apart.</summary>
    IDuplicateStore Duplicates { get; }

    /// <summary>Properties and permissions.</summary>
    IPropertyStore Properties { get; }

    /// <summary>Whose data the subjects are.</summary>
    IProviderStore Providers { get; }

    /// <summary>Photos and crops.</summary>
    IImageStore Images { get; }

    /// <summary>Counts what is there.</summary>
    GallerySummary Summarize();

    /// <summary>How good the faces are; it looks at every encounter.</summary>
    GalleryQuality SummarizeQuality();

    /// <summary>
    /// Whether the change of an event was made, whose record was given to one of the methods here; not to be asked of events that were
    /// settled. The answer is final: a transaction that wrote the event and is still under way, here or in another process, is waited for.
    /// </summary>
    bool HasMade(AuditEvent written);
}
