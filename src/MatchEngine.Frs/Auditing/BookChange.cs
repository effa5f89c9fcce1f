using MatchEngine.Galleries.Audit;

namespace MatchEngine.Frs.Auditing;

/// <summary>
/// A change of the service's own book that has an author, and an event in the same transaction. Every port's member that carries out what
/// somebody decided takes one, and only <see cref="AuditTrail.ChangeBook"/> makes one: the event cannot be forgotten.
/// </summary>
public sealed class BookChange
{
    internal BookChange(ChangeAuthor? author) => Author = author;

    /// <summary>A change that is written down nowhere: for a book without an audit, by this name alone.</summary>
    public static BookChange None { get; } = new(null);

    /// <summary>Who makes the change; null of <see cref="None"/>.</summary>
    public ChangeAuthor? Author { get; }
}
