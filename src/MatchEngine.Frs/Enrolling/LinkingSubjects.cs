using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries;

namespace MatchEngine.Frs.Enrolling;

/// <summary>
/// Links between subjects of one gallery, entered by its owner by hand where the gallery's profile offers them (PIA-054, Fusion centres).
/// </summary>
/// <param name="access">Who keeps which gallery.</param>
/// <param name="rules">The profiles.</param>
/// <param name="clock">Gives the time.</param>
/// <param name="trail">Takes the events.</param>
public sealed class LinkingSubjects(GalleryAccess access, ServiceRules rules, TimeProvider clock, AuditTrail trail)
{
    /// <summary>A subject's links.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public IReadOnlyList<SubjectLink> List(Actor actor, string gallery, string subject)
    {
        var kept = access.RequireKept(actor, gallery);
        Require(kept, subject);
        return kept.Links(subject);
    }

    /// <summary>Whether the gallery's profile offers links.</summary>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public bool AreOffered(Actor actor, string gallery) => rules.RefusingLinks(access.RequireKept(actor, gallery).Properties) is null;

    /// <summary>Links two subjects of the gallery, or says anew what links them.</summary>
    /// <param name="actor">A keeper of the gallery.</param>
    /// <param name="gallery">The gallery.</param>
    /// <param name="subject">The one.</param>
    /// <param name="other">The other.</param>
    /// <param name="note">What links the two, in the owner's words.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotOffered"/>, <see cref="ErrorCodes.NotFound"/> or
    /// <see cref="ErrorCodes.BadValue"/>.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public void Enter(Actor actor, string gallery, string subject, string other, string? note)
    {
        var kept = access.RequireKept(actor, gallery);
        if (rules.RefusingLinks(kept.Properties) is { } refusing)
            throw new CodedException(ErrorCodes.NotOffered, $"{refusing.Name} has no links between subjects")
            {
                Rule = $"{refusing.Name}: links ({refusing.Rules.Links.Source})",
            };
        Require(kept, subject);
        Require(kept, other);
        if (subject == other)
            throw new CodedException(ErrorCodes.BadValue, "a subject is not linked to itself");
        var link = new SubjectLink(other, Texts.Required(note, "note"), actor.Account, clock.GetUtcNow());
        if (!trail.ChangeGallery(
            actor, "link.entered", new { galleries = new[] { gallery }, subject, other }, record => kept.Link(subject, link, record())))
            throw NoSubject();
    }

    /// <summary>Takes a link out.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public void Remove(Actor actor, string gallery, string subject, string other)
    {
        var kept = access.RequireKept(actor, gallery);
        if (!trail.ChangeGallery(
            actor, "link.removed", new { galleries = new[] { gallery }, subject, other }, record => kept.Unlink(subject, other, record())))
            throw new CodedException(ErrorCodes.NotFound, "there is no such link");
    }

    private static void Require(Gallery gallery, string subject)
    {
        if (gallery.FindSubject(subject) is null)
            throw NoSubject();
    }

    private static CodedException NoSubject() => new(ErrorCodes.NotFound, "the gallery has no such subject");
}
