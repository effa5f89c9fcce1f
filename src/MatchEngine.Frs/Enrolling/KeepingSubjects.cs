using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries;

namespace MatchEngine.Frs.Enrolling;

/// <summary>A page of subjects.</summary>
/// <param name="Subjects">The subjects, in the byte order of their ids.</param>
/// <param name="Next">Give this as <c>after</c> for the next page; null at the end.</param>
public sealed record SubjectPage(IReadOnlyList<Subject> Subjects, string? Next);

/// <summary>
/// The records of a gallery, for its owner's keepers, and of them those that another organisation enrolled for that one's. Agents see of
/// them what a search gave.
/// </summary>
/// <param name="access">Who keeps which gallery.</param>
/// <param name="trail">Takes the events.</param>
public sealed class KeepingSubjects(GalleryAccess access, AuditTrail trail)
{
    /// <summary>A page of subjects.</summary>
    /// <param name="actor">A keeper of the gallery.</param>
    /// <param name="gallery">The gallery.</param>
    /// <param name="after">Behind which subject the page begins; null for the first page.</param>
    /// <param name="count">The largest number returned, 1 … 500; null for 100.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public SubjectPage List(Actor actor, string gallery, string? after, int? count)
    {
        var wanted = PageSize.Of(count);
        var (kept, provider) = access.RequireRecords(actor, gallery);
        var page = kept.Subjects(after).Where(subject => provider is null || subject.Provider == provider).Take(wanted).ToList();
        return new SubjectPage(page, page.Count == wanted ? page[^1].Id : null);
    }

    /// <summary>A subject with its encounters.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public Subject Find(Actor actor, string gallery, string subject) => Record(actor, gallery, subject).Subject;

    /// <summary>The same; null where there is none that the actor looks after.</summary>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public Subject? TryFind(Actor actor, string gallery, string subject)
    {
        var (kept, provider) = access.RequireRecords(actor, gallery);
        return kept.FindSubject(subject) is { } found && (provider is null || found.Provider == provider) ? found : null;
    }

    /// <summary>Corrects biographics.</summary>
    /// <param name="actor">A keeper of the gallery.</param>
    /// <param name="gallery">The gallery.</param>
    /// <param name="subject">The subject.</param>
    /// <param name="set">Keys that get a value.</param>
    /// <param name="remove">Keys that go.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/> or <see cref="ErrorCodes.NotFound"/>.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public Subject Correct(
        Actor actor, string gallery, string subject, IReadOnlyDictionary<string, string>? set, IReadOnlyList<string>? remove)
    {
        var (found, _) = Record(actor, gallery, subject);
        // The keys are named in the audit, the values are not.
        var keys = (set?.Keys ?? []).Concat(remove ?? []).Distinct().Order(StringComparer.Ordinal).ToList();
        if (keys.Count == 0)
            throw new CodedException(ErrorCodes.BadValue, "the correction names no key");
        var changes = (remove ?? []).ToDictionary(key => key, string? (_) => null, StringComparer.Ordinal);
        foreach (var (key, value) in set ?? new Dictionary<string, string>())
            changes[key] = value;
        return trail.ChangeGallery(
            actor, "subject.corrected", new { galleries = new[] { gallery }, subject, keys },
            record => found.CorrectSubject(subject, changes, record()))
            ? found.FindSubject(subject) ?? throw NoSubject()
            : throw NoSubject();
    }

    /// <summary>Removes a subject with everything enrolled of it: no search that begins afterwards finds it.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public void Remove(Actor actor, string gallery, string subject)
    {
        var (kept, _) = Record(actor, gallery, subject);
        if (!trail.ChangeGallery(
            actor, "subject.removed", new { galleries = new[] { gallery }, subject }, record => kept.RemoveSubject(subject, record())))
            throw NoSubject();
    }

    /// <summary>Removes some subjects, each with an event of its own. Those that are not there any more are passed over.</summary>
    /// <param name="actor">A keeper of the gallery.</param>
    /// <param name="gallery">The gallery.</param>
    /// <param name="subjects">Their ids, 1 … 500 of them.</param>
    /// <param name="cancellationToken">Ends it between two subjects; those that are removed stay removed.</param>
    /// <returns>How many were removed.</returns>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>: none is named, or too many.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public int Remove(Actor actor, string gallery, IReadOnlyList<string> subjects, CancellationToken cancellationToken)
    {
        var (kept, _) = access.RequireRecords(actor, gallery);
        var removed = 0;
        foreach (var subject in ExportingSubjects.Chosen(subjects))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryFind(actor, gallery, subject) is null)
                continue;
            removed += trail.ChangeGallery(
                actor, "subject.removed", new { galleries = new[] { gallery }, subject },
                record => kept.RemoveSubject(subject, record())) ? 1 : 0;
        }
        return removed;
    }

    /// <summary>An encounter of a subject.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public Encounter FindEncounter(Actor actor, string gallery, string subject, string encounter) =>
        Find(Record(actor, gallery, subject).Gallery, subject, encounter);

    /// <summary>The same of whatever subject; null when there is no such encounter among those that the actor looks after.</summary>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public Encounter? FindEncounter(Actor actor, string gallery, string encounter)
    {
        var (kept, provider) = access.RequireRecords(actor, gallery);
        return kept.FindEncounter(encounter) is { } found
            && (provider is null || kept.FindSubject(found.SubjectId)?.Provider == provider) ? found : null;
    }

    /// <summary>The enlarged crop of an encounter's one face, a JPEG.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>: there is no such encounter, or no photo is kept of
    /// it.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public byte[] Crop(Actor actor, string gallery, string subject, string encounter)
    {
        var (kept, _) = Record(actor, gallery, subject);
        return kept.ReadFace(Find(kept, subject, encounter).Id)
            ?? throw new CodedException(ErrorCodes.NotFound, "no photo is kept of this encounter");
    }

    /// <summary>Removes an encounter; the subject goes with its last one.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public void RemoveEncounter(Actor actor, string gallery, string subject, string encounter)
    {
        var (kept, _) = Record(actor, gallery, subject);
        Find(kept, subject, encounter);
        if (!trail.ChangeGallery(
            actor, "encounter.removed", new { galleries = new[] { gallery }, subject, encounter },
            record => kept.RemoveEncounter(encounter, record())))
            throw NoEncounter();
    }

    private (Gallery Gallery, Subject Subject) Record(Actor actor, string gallery, string subject)
    {
        var (kept, provider) = access.RequireRecords(actor, gallery);
        return kept.FindSubject(subject) is { } found && (provider is null || found.Provider == provider)
            ? (kept, found)
            : throw NoSubject();
    }

    private static Encounter Find(Gallery gallery, string subject, string encounter) =>
        gallery.FindEncounter(encounter) is { } found && found.SubjectId == subject ? found : throw NoEncounter();

    private static CodedException NoSubject() => new(ErrorCodes.NotFound, "the gallery has no such subject");

    private static CodedException NoEncounter() => new(ErrorCodes.NotFound, "the subject has no such encounter");
}
