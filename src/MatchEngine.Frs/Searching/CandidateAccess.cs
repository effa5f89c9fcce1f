using System.Globalization;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Examining;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Profiles;
using MatchEngine.Galleries.Properties;

namespace MatchEngine.Frs.Searching;

/// <summary>A candidate of a search that was made, with the gallery and what the actor's organisation sees of it.</summary>
/// <param name="Search">The search.</param>
/// <param name="Gallery">The gallery.</param>
/// <param name="Encounter">The encounter whose template scored, whole.</param>
/// <param name="Biographics">The keys of the subject's biographics that are shown.</param>
/// <param name="EncounterFields">The keys of the encounter's metadata that are shown.</param>
public sealed record OpenedCandidate(
    RecordedSearch Search, Gallery Gallery, Encounter Encounter, BiographicFields Biographics, BiographicFields EncounterFields);

/// <summary>The one door to searches that were made and to their candidates.</summary>
/// <param name="searches">The searches.</param>
/// <param name="access">Which galleries are searched by whom, today.</param>
/// <param name="galleries">The galleries.</param>
/// <param name="rules">The profiles.</param>
/// <param name="examinations">What examiners kept.</param>
public sealed class CandidateAccess(
    ISearches searches, GalleryAccess access, OpenGalleries galleries, ServiceRules rules, IExaminations examinations)
{
    /// <summary>
    /// A search, for those who may know of it: who made it, that organisation's supervisors, examiners and auditors, and the auditors of
    /// the whole service.
    /// </summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>.</exception>
    public RecordedSearch Find(Actor actor, string search) =>
        searches.Find(search) is { } found && MayRead(actor, found) ? found : throw NotFound();

    /// <summary>A candidate, for those who may look at people and not at scores alone.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>: there is no such search or rank, the encounter was removed, or
    /// the actor may not know of it; or <see cref="ErrorCodes.Forbidden"/>: the search was found improper.</exception>
    public OpenedCandidate Open(Actor actor, string search, int rank)
    {
        var found = Find(actor, search);
        RequireOpen(actor, found);
        // An auditor checks what was done; whom it was done with is not for an auditor to look at.
        if (found.Account != actor.Account && found.Organisation != actor.Organisation)
            throw NotFound();
        return Open(actor, found, Told(found), rank);
    }

    /// <summary>A candidate, for an examiner who has taken the list: whatever is held is what is to be examined.</summary>
    /// <param name="actor">Who has taken it.</param>
    /// <param name="search">The search.</param>
    /// <param name="rank">The candidate.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>: there is no such rank, the encounter was removed, or the
    /// actor's organisation may not search the gallery any more.</exception>
    internal OpenedCandidate OpenExamined(Actor actor, RecordedSearch search, int rank) =>
        Open(actor, search, searches.Candidates(search.Id), rank);

    /// <summary>
    /// The candidates of a search that may be told: where a gallery's are held, those that examiners kept, once they are done.
    /// </summary>
    public IReadOnlyList<RecordedCandidate> Told(RecordedSearch search)
    {
        ArgumentNullException.ThrowIfNull(search);
        var listed = searches.Candidates(search.Id);
        if (search.Held is not { } held)
            return listed;
        var kept = examinations.Kept(search.Id);
        return [.. listed.Where(candidate => !held.Contains(candidate.Gallery) || kept.Contains(candidate.Rank))];
    }

    /// <summary>
    /// Refuses a list that was kept, and may not be told as it stands any more: the search is gone or closed, a gallery's owner shares it
    /// no longer, or somebody on it was removed, has expired or is shared no longer.
    /// </summary>
    /// <param name="actor">Who asks for it.</param>
    /// <param name="search">The search.</param>
    /// <param name="versions">Of galleries that are known to have been searched as they were then: their <see cref="Gallery.Version"/>
    /// before the search. Where nothing was committed since, and nothing expires, nobody need be looked for.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/> or <see cref="ErrorCodes.Forbidden"/>.</exception>
    public void RequireTold(Actor actor, string search, IReadOnlyDictionary<string, long>? versions = null)
    {
        var found = Find(actor, search);
        RequireOpen(actor, found);
        if (found.Galleries.Any(gallery => access.Permission(actor, gallery) is null))
            throw new CodedException(
                ErrorCodes.NotFound, "a gallery that was searched is open to you no longer: the answer that was kept is not told");
        if (versions is not null && found.Galleries.All(name => IsAsItWas(galleries.Get(name), versions)))
            return;
        foreach (var candidate in Told(found))
        {
            var gallery = galleries.Get(candidate.Gallery);
            if (gallery.FindEncounter(candidate.Encounter) is not { } encounter || !access.Finds(actor, gallery, encounter.SubjectId))
                throw new CodedException(
                    ErrorCodes.NotFound,
                    "somebody on the list that was kept was removed since, or is shared with you no longer: it is not told; search again");
        }
    }

    /// <summary>The versions of the galleries that an actor may search: those named, or all.</summary>
    internal IReadOnlyDictionary<string, long> Versions(Actor actor, IReadOnlyList<string>? names) =>
        access.Searchable(actor, names).ToDictionary(found => found.Gallery.Name, found => found.Gallery.Version, StringComparer.Ordinal);

    private static bool IsAsItWas(Gallery gallery, IReadOnlyDictionary<string, long> versions) => gallery.Properties.Retention is null
        && versions.TryGetValue(gallery.Name, out var version) && gallery.Version == version;

    /// <summary>Whether an encounter is there still.</summary>
    internal bool IsThere(string gallery, string encounter)
    {
        try
        {
            return galleries.Get(gallery).FindEncounter(encounter) is not null;
        }
        catch (GalleryNotFoundException)
        {
            return false;
        }
    }

    private OpenedCandidate Open(Actor actor, RecordedSearch found, IReadOnlyList<RecordedCandidate> listed, int rank)
    {
        var candidate = listed.FirstOrDefault(candidate => candidate.Rank == rank)
            ?? throw new CodedException(
                ErrorCodes.NotFound, string.Create(CultureInfo.InvariantCulture, $"the list has no rank {rank}"));
        var gallery = galleries.Get(candidate.Gallery);
        // The owner's permission of today counts, not that of the search.
        var permission = access.Permission(actor, candidate.Gallery) ?? throw NotFound();
        var encounter = gallery.FindEncounter(candidate.Encounter)
            ?? throw new CodedException(ErrorCodes.NotFound, "the encounter was removed");
        if (!access.Finds(actor, gallery, encounter.SubjectId))
            throw new CodedException(ErrorCodes.NotFound, "whose data it is shares it no longer");
        // Opening a record tells no more than the list did; a second request can.
        var shown = rules.ProfileOf(gallery.Properties).Rules;
        var biographics = shown.Biographics.Value == BiographicsRule.All
            ? permission.Fields.And(shown.EncounterFields.Value)
            : BiographicFields.None;
        return new OpenedCandidate(found, gallery, encounter, biographics, permission.Fields.And(shown.EncounterFields.Value));
    }

    /// <summary>Whether the search is the actor's own, or that of an organisation whose searches the actor supervises or
    /// examines.</summary>
    public static bool MayWorkWith(Actor actor, RecordedSearch search) =>
        search.Account == actor.Account
        || (search.Organisation == actor.Organisation && (actor.Is(Role.Supervisor) || actor.Is(Role.Examiner)));

    /// <summary>
    /// Whether the candidates of a search are closed to an actor who may know of it, because it was found improper: to all but the other
    /// supervisors of the organisation that searched.
    /// </summary>
    public static bool IsClosed(Actor actor, RecordedSearch search) =>
        search.IsImproper
        && !(actor.Is(Role.Supervisor) && actor.Organisation == search.Organisation && actor.Account != search.Account);

    /// <summary>Refuses the candidates of a search that was found improper to all but other supervisors.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.Forbidden"/>.</exception>
    public static void RequireOpen(Actor actor, RecordedSearch search)
    {
        if (IsClosed(actor, search))
            throw new CodedException(
                ErrorCodes.Forbidden, "a supervisor found the search improper: its candidates are closed, and may not be used");
    }

    /// <summary>The profile of a gallery that was searched; null where nobody can say any more.</summary>
    public Profile? ProfileOf(string gallery) =>
        galleries.FindProperties(gallery) is { } properties && rules.Knows(properties) ? rules.ProfileOf(properties) : null;

    private static bool MayRead(Actor actor, RecordedSearch search) =>
        MayWorkWith(actor, search) || actor.MayAudit(search.Organisation);

    private static CodedException NotFound() => new(ErrorCodes.NotFound, "there is no such search");
}
