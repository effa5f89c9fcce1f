using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries;

namespace MatchEngine.Frs.Enrolling;

/// <summary>Subjects that leave the service.</summary>
/// <param name="Subjects">The subjects with their encounters, in the order of their ids.</param>
/// <param name="Photo">Reads the photo of an encounter in the clear; null where none is kept.</param>
public sealed record ExportedSubjects(IReadOnlyList<Subject> Subjects, Func<Encounter, byte[]?> Photo);

/// <summary>Some subjects of a gallery out of the service, for its owner's keepers, with photos and biographics in the clear.</summary>
/// <param name="access">Who keeps which gallery.</param>
/// <param name="trail">Takes the events.</param>
public sealed class ExportingSubjects(GalleryAccess access, AuditTrail trail)
{
    /// <summary>Begins an export: its event is on the disk before the first byte leaves.</summary>
    /// <param name="actor">A keeper of the gallery's owner.</param>
    /// <param name="gallery">The gallery.</param>
    /// <param name="subjects">The subjects' ids, 1 … 500 of them; those that are not there are left out.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>: none is named, or too many; <see cref="ErrorCodes.NotFound"/>:
    /// none of them is there.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public async Task<ExportedSubjects> ExportAsync(Actor actor, string gallery, IReadOnlyList<string> subjects)
    {
        var kept = access.RequireKept(actor, gallery);
        var chosen = Chosen(subjects).Select(kept.FindSubject).OfType<Subject>().ToList();
        if (chosen.Count == 0)
            throw new CodedException(ErrorCodes.NotFound, "the gallery has none of these subjects any more");
        await trail.WriteAsync(
            actor, "subjects.exported", new { galleries = new[] { gallery }, subjects = chosen.Select(subject => subject.Id) });
        return new ExportedSubjects(chosen, encounter => kept.ReadPhoto(encounter.Id));
    }

    /// <summary>The ids of a selection, each once, in ordinal order.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>: there is none, or there are too many.</exception>
    internal static IReadOnlyList<string> Chosen(IReadOnlyList<string> subjects)
    {
        ArgumentNullException.ThrowIfNull(subjects);
        string[] chosen = [.. subjects.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return chosen.Length is >= 1 and <= PageSize.Largest
            ? chosen
            : throw new CodedException(
                ErrorCodes.BadValue,
                chosen.Length == 0 ? "no subject is chosen: choose some first" : $"at most {PageSize.Largest} subjects are chosen at once");
    }
}
