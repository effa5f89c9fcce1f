using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Listing;
using MatchEngine.Galleries.Properties;
using MatchEngine.Vectors;

namespace MatchEngine.Galleries.Stores;

/// <summary>
/// The subjects of a gallery: looked up, corrected, linked, removed, expired. What is removed is gone for good, from the store's journal
/// too. Faults arrive as <see cref="StoreException"/>, writes to a deleted gallery as <see cref="GalleryNotFoundException"/>.
/// </summary>
public interface ISubjectStore
{
    /// <summary>A subject with its encounters, or null.</summary>
    Subject? FindSubject(string subjectId);

    /// <summary>An encounter, or null.</summary>
    Encounter? FindEncounter(string encounterId);

    /// <summary>The template of an encounter, or null.</summary>
    StoredTemplate? FindTemplate(string encounterId);

    /// <summary>The next subjects in the byte order of their ids in UTF-8.</summary>
    /// <param name="after">The last id of the page before; null for the first page.</param>
    /// <param name="count">The largest number returned.</param>
    IReadOnlyList<Subject> Page(string? after, int count);

    /// <summary>A page of those who are asked for.</summary>
    /// <param name="query">Who, in what order, and from where; it has no <see cref="SubjectQuery.Problem"/>.</param>
    /// <param name="among">Only these rows; null: all.</param>
    /// <param name="cancellationToken">Looked at between rows.</param>
    SubjectList List(SubjectQuery query, SubjectSet? among, CancellationToken cancellationToken);

    /// <summary>How many are asked for, on all pages.</summary>
    /// <param name="query">Who; its order and place play no part.</param>
    /// <param name="among">Only these rows; null: all.</param>
    /// <param name="cancellationToken">Looked at between rows.</param>
    long Count(SubjectQuery query, SubjectSet? among, CancellationToken cancellationToken);

    /// <summary>Sets and removes biographics of a subject; false when there is none.</summary>
    /// <param name="subjectId">The subject.</param>
    /// <param name="changes">New values; null removes a key.</param>
    /// <param name="record">Written when there is such a subject.</param>
    bool CorrectSubject(string subjectId, IReadOnlyDictionary<string, string?> changes, ChangeRecord record);

    /// <summary>Sets and removes metadata of an encounter; false when there is none.</summary>
    /// <param name="encounterId">The encounter.</param>
    /// <param name="changes">New values; null removes a key.</param>
    /// <param name="record">Written when there is such an encounter.</param>
    bool CorrectEncounter(string encounterId, IReadOnlyDictionary<string, string?> changes, ChangeRecord record);

    /// <summary>Removes a subject with all encounters and templates; false when there is none.</summary>
    bool RemoveSubject(string subjectId, ChangeRecord record);

    /// <summary>Removes an encounter with its template, and the subject when it was the last one; false when there is none.</summary>
    bool RemoveEncounter(string encounterId, ChangeRecord record);

    /// <summary>
    /// Removes some of the encounters that have expired by the gallery's rule (<see cref="GalleryProperties.Retention"/>),
    /// and the subjects that lose their last one, in one transaction.
    /// </summary>
    /// <param name="now">The time that it is.</param>
    /// <param name="after">Begins behind this row; 0 with the first.</param>
    /// <param name="record">Written when something is removed, with the numbers as <c>encounters</c> and <c>subjects</c>.</param>
    /// <returns>How many encounters and subjects were removed, and the row to go on behind; null when all were looked at.</returns>
    (int Encounters, int Subjects, long? Next) PurgeSome(DateTimeOffset now, long after, ChangeRecord record);

    /// <summary>
    /// Makes encounters of a subject another one's, with templates and images: each under the id that it has as that subject's
    /// (<see cref="EncounterId"/>). One that the other has already goes. A subject goes with its last encounter; what is said of it goes to
    /// the other where that has nothing of the kind: biographics, links, and from whom it is kept apart.
    /// </summary>
    /// <param name="encounterIds">The encounters, all of one subject.</param>
    /// <param name="toSubject">The other subject.</param>
    /// <param name="record">Written when there is such a subject and at least one such encounter of another one, with the numbers as
    /// <c>encounters</c> (moved) and <c>subjects</c> (gone).</param>
    /// <returns>False when there is not; then nothing was moved.</returns>
    bool MoveEncounters(IReadOnlyList<string> encounterIds, string toSubject, ChangeRecord record);

    /// <summary>The rows of the encounters that have expired by the gallery's rule and are not removed yet.</summary>
    /// <param name="now">The time that it is.</param>
    IReadOnlyList<long> ExpiredRows(DateTimeOffset now);

    /// <summary>A subject's links, in the byte order of the others' ids.</summary>
    IReadOnlyList<SubjectLink> ReadLinks(string subjectId);

    /// <summary>Links two subjects, or says anew what links them; false when one of them is not there.</summary>
    bool WriteLink(string subjectId, SubjectLink link, ChangeRecord record);

    /// <summary>Takes a link out; false when there is none.</summary>
    bool RemoveLink(string subjectId, string otherId, ChangeRecord record);
}
