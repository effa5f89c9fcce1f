using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Stores;

namespace MatchEngine.Galleries.Duplicates;

/// <summary>
/// What a search for duplicates within a gallery found, kept there until somebody has looked at it: pairs that wait, and people who are
/// kept apart and not asked for again. A search that was cut off goes on where it was.
/// </summary>
/// <param name="gallery">The gallery.</param>
public sealed class FoundDuplicates(Gallery gallery)
{
    private readonly IDuplicateStore _store = gallery.Duplicates;

    /// <summary>The last search; null: there was none.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public SoughtDuplicates? Search => _store.ReadSearch();

    /// <summary>Begins a search: what an earlier one found is forgotten, and who is kept apart is not.</summary>
    /// <param name="floor">The score that pairs reach, −1 … 1.</param>
    /// <param name="askedBy">Who asks for it.</param>
    /// <param name="record">Its audit event.</param>
    /// <exception cref="StoreException">The store cannot be written.</exception>
    /// <exception cref="GalleryNotFoundException">The gallery was deleted meanwhile.</exception>
    public void Begin(float floor, string askedBy, ChangeRecord record) => _store.Begin(floor, askedBy, record);

    /// <summary>Goes on with the last search until all subjects were searched with; what it finds is there page by page.</summary>
    /// <param name="progress">Told after each page; null for nobody.</param>
    /// <param name="cancellationToken">Ends it; what was found stays, and the next call goes on.</param>
    /// <returns>How many pairs were found by this call.</returns>
    /// <exception cref="StoreException">The store cannot be read or written.</exception>
    /// <exception cref="GalleryNotFoundException">The gallery was deleted meanwhile.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public long Run(IProgress<DuplicatePage>? progress = null, CancellationToken cancellationToken = default)
    {
        var pairs = 0L;
        if (Search is not { State: SeekingState.Running } search)
            return pairs;
        foreach (var page in new DuplicateSearch(gallery).Find(search.Floor, search.Through, cancellationToken))
        {
            if (!_store.Add(
                page.Through, page.Subjects,
                [.. page.Pairs.Select(pair => new AlikePair(pair.First.Encounter.Id, pair.Second.Encounter.Id, pair.Score))]))
                return pairs;
            pairs += page.Pairs.Count;
            progress?.Report(page);
        }
        _store.Say(SeekingState.Done);
        return pairs;
    }

    /// <summary>Stops the last search; it can be gone on with.</summary>
    /// <exception cref="StoreException">The store cannot be written.</exception>
    /// <exception cref="GalleryNotFoundException">The gallery was deleted meanwhile.</exception>
    public void Stop() => _store.Say(SeekingState.Stopped);

    /// <summary>Says that the last search is to go on.</summary>
    /// <exception cref="StoreException">The store cannot be written.</exception>
    /// <exception cref="GalleryNotFoundException">The gallery was deleted meanwhile.</exception>
    public void GoOn() => _store.Say(SeekingState.Running);

    /// <summary>Pairs that wait, by falling score. One of what has expired and is not removed yet is left out.</summary>
    /// <param name="after">Begins behind this pair; null with the first.</param>
    /// <param name="count">The largest number returned.</param>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IReadOnlyList<(PairPlace Place, DuplicatePair Pair)> Waiting(PairPlace? after, int count) =>
        [.. _store.Waiting(after, count).Select(pair => (pair.Place, Of(pair)))
            .Where(pair => pair.Item2 is not null).Select(pair => (pair.Place, pair.Item2!))];

    /// <summary>How many pairs wait.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public long CountWaiting() => _store.CountWaiting();

    /// <summary>A pair that waits; null when there is none of these two.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public DuplicatePair? Find(string subjectId, string otherId) =>
        _store.FindWaiting(subjectId, otherId) is { } pair ? Of(pair) : null;

    /// <summary>Notes that two subjects are two people, so that they are not asked for again; false when one of them is not there, or they
    /// are kept apart already.</summary>
    /// <param name="subjectId">The one.</param>
    /// <param name="otherId">The other.</param>
    /// <param name="decidedBy">Who says so.</param>
    /// <param name="decided">When (UTC).</param>
    /// <param name="record">Its audit event.</param>
    /// <exception cref="StoreException">The store cannot be written.</exception>
    /// <exception cref="GalleryNotFoundException">The gallery was deleted meanwhile.</exception>
    public bool KeepApart(string subjectId, string otherId, string decidedBy, DateTimeOffset decided, ChangeRecord record) =>
        _store.KeepApart(subjectId, otherId, decidedBy, decided, record);

    /// <summary>Takes that back: the next search asks for them again. False when they are not kept apart.</summary>
    /// <exception cref="StoreException">The store cannot be written.</exception>
    /// <exception cref="GalleryNotFoundException">The gallery was deleted meanwhile.</exception>
    public bool AskAgain(string subjectId, string otherId, ChangeRecord record) => _store.AskAgain(subjectId, otherId, record);

    /// <summary>Who is kept apart, the last decisions first.</summary>
    /// <param name="count">The largest number returned.</param>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IReadOnlyList<KeptApart> Apart(int count) => _store.Apart(count);

    private DuplicatePair? Of(WaitingPair pair) =>
        gallery.FindEncounter(pair.EncounterId) is { } first && gallery.FindEncounter(pair.OtherEncounterId) is { } second
            ? new DuplicatePair(new(gallery.Name, first), new(gallery.Name, second), (float)pair.Place.Score)
            : null;
}
