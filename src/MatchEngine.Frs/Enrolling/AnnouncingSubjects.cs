using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries;

namespace MatchEngine.Frs.Enrolling;

/// <summary>
/// Names that a keeper announces before there is a face: for clients that name people first. Nobody is found by it.
/// </summary>
/// <param name="announced">The names.</param>
/// <param name="access">Who keeps which gallery.</param>
/// <param name="trail">Takes the events.</param>
public sealed class AnnouncingSubjects(IAnnouncedSubjects announced, GalleryAccess access, AuditTrail trail)
{
    /// <summary>The most names that a gallery's announcements hold.</summary>
    public const int MaxNames = 100_000;

    /// <summary>The names that were announced, in the byte order.</summary>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public IReadOnlyList<string> List(Actor actor, string gallery)
    {
        var kept = access.RequireKept(actor, gallery);
        return announced.List(kept.Name, kept.Identity);
    }

    /// <summary>Whether a name was announced.</summary>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public bool IsAnnounced(Actor actor, string gallery, string subject)
    {
        var kept = access.RequireKept(actor, gallery);
        return announced.Contains(kept.Name, kept.Identity, subject);
    }

    /// <summary>Announces a name.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>: it cannot be a subject's;
    /// <see cref="ErrorCodes.Conflict"/>: it is announced, or somebody is enrolled under it, or there are too many.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public void Announce(Actor actor, string gallery, string subject)
    {
        var kept = access.RequireKept(actor, gallery);
        if (SubjectId.Problem(subject) is { } problem)
            throw new CodedException(ErrorCodes.BadValue, problem);
        if (announced.Count(kept.Name, kept.Identity) >= MaxNames)
            throw new CodedException(ErrorCodes.Conflict, $"{MaxNames:N0} names are announced in this gallery, and no more are taken");
        if (kept.FindSubject(subject) is not null || !trail.ChangeBook(
            actor, "subject.announced", change => announced.Announce(change, kept.Name, kept.Identity, subject),
            made => made ? new { galleries = new[] { kept.Name }, subject } : null))
            throw new CodedException(ErrorCodes.Conflict, "the gallery has this name already");
    }

    /// <summary>Takes a name back.</summary>
    /// <returns>Whether it was announced.</returns>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public bool Withdraw(Actor actor, string gallery, string subject)
    {
        var kept = access.RequireKept(actor, gallery);
        return trail.ChangeBook(
            actor, "subject.announcement-withdrawn", change => announced.Withdraw(change, kept.Name, kept.Identity, subject),
            gone => gone ? new { galleries = new[] { kept.Name }, subject } : null);
    }
}
