using MatchEngine.Galleries.Audit;

namespace MatchEngine.Frs.Auditing;

/// <summary>
/// Makes changes with their audit events: an event is on the disk before its change is committed, and when the commit does not follow, a
/// further event says so.
/// </summary>
public interface IChangeMaker
{
    /// <summary>The member of a payload that says that a change belongs to the event, and in which store it is noted.</summary>
    const string Member = "change";

    /// <summary>The value of <see cref="Member"/> for the service's own book.</summary>
    const string InService = "service";

    /// <summary>The value of <see cref="Member"/> for the gallery that the event names.</summary>
    const string InGallery = "gallery";

    /// <summary>Makes a change, or several.</summary>
    /// <param name="entry">The event, given what only the store knows of the change.</param>
    /// <param name="change">Makes the change; it asks for a record for each transaction.</param>
    T Make<T>(Func<object?, AuditEntry> entry, Func<Func<ChangeRecord>, T> change);
}
