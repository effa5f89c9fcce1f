using System.Diagnostics;
using MatchEngine.Faces;
using MatchEngine.Vectors;

namespace MatchEngine.Galleries;

/// <summary>
/// An open gallery: subjects, their encounters, and an index in memory that follows the store. Every member may be called from any thread.
/// </summary>
public sealed class Gallery : IDisposable
{
    private const int PageOfSubjects = 500;

    private readonly IGalleryStore _store;
    private readonly GalleryIndex _index;

    internal Gallery(IGalleryStore store)
    {
        _store = store;
        _index = new GalleryIndex(store);
    }

    /// <summary>
    /// Told, in a line, when the index's snapshot beside the gallery cannot be used or saved. Nothing is lost by it but the time to read every template.
    /// </summary>
    public event Action<string>? IndexWarned
    {
        add => _index.Warned += value;
        remove => _index.Warned -= value;
    }

    /// <summary>The gallery's name.</summary>
    public string Name => _store.Name;

    /// <summary>The model the gallery is bound to.</summary>
    public GalleryModel Model => _store.Model;

    /// <summary>Counts what the gallery holds.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public GallerySummary Summarize() => _store.Summarize();

    /// <summary>How good the enrolled faces are; it looks at every encounter.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public GalleryQuality SummarizeQuality() => _store.SummarizeQuality();

    /// <summary>
    /// Enrols what a source gives. Images are worked on in parallel and stored in the order of the source, a few at a time, each of them
    /// wholly or not at all: after an interruption of any kind a second run leaves the gallery that an undisturbed run would have left. An
    /// image that is enrolled for its subject already is counted as a duplicate and adds to the subject only those biographics that are
    /// missing.
    /// </summary>
    /// <param name="extractor">Makes the embeddings; it must work with the gallery's model.</param>
    /// <param name="source">What to enrol.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="progress">Told after each commit; null for nobody.</param>
    /// <param name="cancellationToken">Ends the enrolment; what was committed stays.</param>
    /// <returns>What was enrolled, and for each image that was not, why.</returns>
    /// <exception cref="ModelMismatchException">The extractor works with another model.</exception>
    /// <exception cref="MetadataException">A metadata file cannot be used as a whole.</exception>
    /// <exception cref="StoreException">The store cannot be written; what was committed stays.</exception>
    /// <exception cref="EnrolmentException">An unexpected error; it names the image.</exception>
    /// <exception cref="GalleryNotFoundException">The gallery was deleted meanwhile.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Task<EnrolmentReport> EnrolAsync(
        IFaceExtractor extractor,
        IEnrolmentSource source,
        EnrolmentOptions? options = null,
        IProgress<EnrolmentProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(extractor);
        ArgumentNullException.ThrowIfNull(source);
        Model.Require(Name, extractor.Model);
        return new Enrolment(_store, extractor, options ?? new EnrolmentOptions(), progress).RunAsync(source, cancellationToken);
    }

    /// <summary>
    /// Searches for the face of a probe. Nothing of the probe is kept: embedding and template are cleared before this returns.
    /// </summary>
    /// <param name="extractor">Makes the embedding; it must work with the gallery's model.</param>
    /// <param name="probe">The encoded image; the caller owns and clears it (see <see cref="ImageBytes"/>).</param>
    /// <param name="options">List length, floor, face, least quality; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="AcquisitionException">The probe gives no template: no face, several faces, too poor a face, undecodable, …</exception>
    /// <exception cref="ModelMismatchException">The extractor works with another model.</exception>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    /// <exception cref="GalleryNotFoundException">The gallery was deleted meanwhile.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public CandidateList Search(
        IFaceExtractor extractor, ReadOnlySpan<byte> probe, SearchOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(extractor);
        options ??= new SearchOptions();
        Model.Require(Name, extractor.Model);
        var started = Stopwatch.GetTimestamp();
        using var extracted = ExtractedProbe.From(extractor, Model, probe, options.Face, options.MinQuality, cancellationToken);

        var searchStarted = Stopwatch.GetTimestamp();
        var (answer, size, found) = Search(extracted.Template, options, cancellationToken);
        var calibration = extractor.Model.Calibration;
        var candidates = answer.Hits.Select((hit, place) =>
        {
            var rate = calibration?.At(hit.Score) ?? default;
            var (encounter, biographics) = found[hit.Id];
            return new Candidate(place + 1, encounter.SubjectId, hit.Score, rate.Fmr, rate.FmrBelow, encounter, biographics);
        }).ToList();

        return new CandidateList(
            Guid.CreateVersion7(),
            Name,
            Model.Id,
            answer.Path,
            size,
            options.ListLength,
            options.Floor,
            options.Floor is { } floor ? size * calibration?.At(floor).Fmr : null,
            new SearchTimes(
                extracted.Elapsed.Decode,
                extracted.Elapsed.Detect,
                extracted.Elapsed.Embed,
                Stopwatch.GetElapsedTime(searchStarted),
                Stopwatch.GetElapsedTime(started)) { Assess = extracted.Elapsed.Assess },
            extracted.Face,
            candidates,
            Disclaimer.Current);
    }

    /// <summary>Loads the templates now instead of at the first search, or catches up with what others have written.</summary>
    /// <param name="progress">Told how many templates are loaded, now and then; null for nobody.</param>
    /// <param name="cancellationToken">Ends the loading; the next search begins it anew.</param>
    /// <returns>How many templates are loaded.</returns>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    /// <exception cref="GalleryNotFoundException">The gallery was deleted meanwhile.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public long Load(IProgress<long>? progress = null, CancellationToken cancellationToken = default) => _index.Current(progress, cancellationToken).Count;

    /// <summary>
    /// Goes through the subjects with their encounters, in the byte order of their ids in UTF-8. Subjects added or removed meanwhile may be
    /// among them or not.
    /// </summary>
    /// <param name="after">Begins behind this id, which need not exist; null begins with the first.</param>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IEnumerable<Subject> Subjects(string? after = null)
    {
        while (true)
        {
            var page = _store.Subjects(after, PageOfSubjects);
            foreach (var subject in page)
                yield return subject;
            if (page.Count < PageOfSubjects)
                yield break;
            after = page[^1].Id;
        }
    }

    /// <summary>A subject by its id; null when there is none.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public Subject? FindSubject(string subjectId) => _store.FindSubject(subjectId);

    /// <summary>An encounter by its id; null when there is none.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public Encounter? FindEncounter(string encounterId) => _store.FindEncounter(encounterId);

    /// <summary>
    /// Removes a subject with everything that was enrolled of it, from the store with its journal and from the index; false when there is
    /// none.
    /// </summary>
    /// <exception cref="StoreException">The store cannot be written; then nothing was removed, or it was removed and the journal is cleaned
    /// at the next opening.</exception>
    /// <exception cref="GalleryNotFoundException">The gallery was deleted meanwhile.</exception>
    public bool RemoveSubject(string subjectId) => Removed(_store.RemoveSubject(subjectId));

    /// <summary>
    /// Removes an encounter with its template; the subject goes with its last one. Biographics that came with the encounter stay with a
    /// subject that has others. False when there is none.
    /// </summary>
    /// <exception cref="StoreException">As for <see cref="RemoveSubject"/>.</exception>
    /// <exception cref="GalleryNotFoundException">The gallery was deleted meanwhile.</exception>
    public bool RemoveEncounter(string encounterId) => Removed(_store.RemoveEncounter(encounterId));

    /// <summary>Closes the gallery; it stays as it is on disk.</summary>
    public void Dispose()
    {
        _index.Dispose();
        _store.Dispose();
    }

    private bool Removed(bool removed)
    {
        if (!removed)
            return false;
        // Vectors of a removed person wait neither in memory for the next search nor in the index's snapshot for its next saving.
        if (_index.IsLoaded)
            _index.Current(null, CancellationToken.None);
        _index.Purge();
        return true;
    }

    private (IndexAnswer Answer, long Size, IReadOnlyDictionary<long, FoundEncounter> Found) Search(Template probe, SearchOptions options, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var index = _index.Current(null, cancellationToken);
            var answer = index.Search(probe, options.ListLength, options.Floor ?? -1, cancellationToken: cancellationToken);
            var size = index.Count;
            var found = _store.FindRows([.. answer.Hits.Select(hit => hit.Id)]);
            // The store is the truth: a candidate which was removed after the index looked makes way for the next one.
            if (found.Count == answer.Hits.Count)
                return (answer, size, found);
            // Removals are in the index at the next attempt. What is still there then was never in this store.
            if (attempt % 3 == 0)
                _index.Distrust();
        }
    }
}
