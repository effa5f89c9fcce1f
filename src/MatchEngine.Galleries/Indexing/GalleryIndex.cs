using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Stores;
using MatchEngine.Vectors;
using MatchEngine.Vectors.Auto;
using MatchEngine.Vectors.Snapshots;

namespace MatchEngine.Galleries.Indexing;

/// <summary>
/// The index of a gallery in memory. It is made when first needed and follows the store, whoever wrote to it: this process or another one.
/// </summary>
/// <remarks>
/// <para>One way in for all changes: the store's own change feed. A commit is in the index at the latest when the next search
/// begins.</para>
/// <para><b>The snapshot</b> beside the store is a cache. It carries the change that it reflects: it is mapped instead of reading every
/// template, and what came and went since is taken from the change feed. Where it is absent, damaged, of another model, newer than the
/// program, ahead of the store, or does not hold as many templates as the store after catching up, the index is made from the store, with a
/// warning. It is written in the background, after a load and whenever so much has changed that catching up would take time; then the index
/// goes on in the mapped file, so that vectors leave the heap.</para>
/// <para><b>Removed templates</b> never come back: the store's list of removals since the snapshot's change is applied at every opening.
/// They do not stay in the file either: <see cref="Purge"/> overwrites them there before a removal is acknowledged, and again at every
/// opening of the gallery and after every saving, so that neither a crash in between nor a snapshot that was just being written keeps them.
/// Where the file cannot be written to, it is deleted.</para>
/// </remarks>
internal sealed class GalleryIndex : IDisposable
{
    /// <summary>
    /// The number of templates from which on a snapshot is worth its file: fewer are read in less than a tenth of a second.
    /// </summary>
    internal const int DefaultSnapshotFrom = 5_000;

    /// <summary>The number of changes from which on, unless the gallery is large, the snapshot is saved anew.</summary>
    internal const int DefaultCatchUp = 2_000;

    private const int CatchUpShare = 20;

    private readonly IChangeFeed _feed;
    private readonly GalleryModel _model;
    private readonly AutoIndexOptions _options;
    private readonly int _snapshotFrom;
    private readonly int _catchUp;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly Lock _file = new();
    private readonly CancellationTokenSource _closing = new();
    private volatile Loaded? _loaded;
    private Task _saving = Task.CompletedTask;
    private bool _distrusted;
    private bool _disposed;

    /// <summary>Makes the index of a gallery, and finishes removals from its snapshot that were interrupted.</summary>
    /// <param name="feed">What it is made from and follows.</param>
    /// <param name="model">The model of the templates.</param>
    /// <param name="options">How the index works; the defaults when null.</param>
    /// <param name="snapshotFrom">The number of templates from which on a snapshot is kept.</param>
    /// <param name="catchUp">The number of changes from which on it is saved anew, or a twentieth of the gallery if that is more.</param>
    public GalleryIndex(
        IChangeFeed feed, GalleryModel model, AutoIndexOptions? options = null, int snapshotFrom = DefaultSnapshotFrom,
        int catchUp = DefaultCatchUp)
    {
        (_feed, _model, _options, _snapshotFrom, _catchUp) = (feed, model, options ?? new AutoIndexOptions(), snapshotFrom, catchUp);
        RemoveRemains();
        try
        {
            Purge();
        }
        catch (StoreException)
        {
            // A gallery that may only be read can still be searched. The next removal says so.
        }
    }

    /// <summary>Told, in a line, when a snapshot cannot be used or written. Nothing is lost by it but time.</summary>
    public event Action<string>? Warned;

    /// <summary>An index and what it reflects.</summary>
    /// <param name="Index">The index.</param>
    /// <param name="Version">The store's version before the index was brought up to date.</param>
    /// <param name="Change">The store's last change that is in it.</param>
    /// <param name="SavedChange">The change of the snapshot that was opened or saved last; 0 when there is none.</param>
    /// <param name="SavedCount">How many templates it has.</param>
    /// <param name="SavedGraph">Whether it has the graph.</param>
    private sealed record Loaded(AutoIndex Index, long Version, long Change, long SavedChange, int SavedCount, bool SavedGraph)
    {
        /// <summary>Whether encounters were taken out that the store still has.</summary>
        public bool HasHidden { get; init; }
    }

    /// <summary>Whether there is an index in memory.</summary>
    public bool IsLoaded => _loaded is not null;

    /// <summary>The saving that is under way or was the last, for tests.</summary>
    internal Task Saving => _saving;

    /// <summary>The index with everything in it that was committed before this call.</summary>
    /// <param name="progress">Told how many templates are loaded, now and then; null for nobody.</param>
    /// <param name="cancellationToken">Ends the waiting and the loading; what was loaded in part is thrown away.</param>
    /// <param name="exhaustive">Whether the index is to compare every template, and not to walk a graph.</param>
    public IVectorSearcher Current(IProgress<long>? progress, CancellationToken cancellationToken, bool exhaustive = false)
    {
        _gate.Wait(cancellationToken);
        try
        {
            // The version is asked for before the rows are read: a commit in between is looked for twice rather than not at all.
            var version = _feed.Version();
            if (_loaded is not { } loaded || loaded.Version != version)
                _loaded = loaded = Follow(version, progress, cancellationToken);
            SaveIfDue(loaded);
            return exhaustive ? loaded.Index.Exact : loaded.Index;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>
    /// Takes encounters out that the store still has and nobody may find: they have expired. An index that is made anew has them again.
    /// </summary>
    /// <param name="rows">Their rows.</param>
    public void Hide(IReadOnlyCollection<long> rows)
    {
        _gate.Wait();
        try
        {
            if (_loaded is not { } loaded)
                return;
            foreach (var row in rows)
                loaded.Index.Remove(row);
            _loaded = loaded with { HasHidden = true };
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>
    /// Throws the index and its snapshot away: it listed what the store does not have. The next search makes both from the store.
    /// </summary>
    public void Distrust()
    {
        _gate.Wait();
        try
        {
            _loaded = null;
            _distrusted = true;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Overwrites in the snapshot's file what the store has removed since it was written.</summary>
    /// <exception cref="StoreException">The file can neither be written to nor deleted:
    /// it holds removed templates until the next opening.</exception>
    public void Purge()
    {
        if (_feed.SnapshotFile is not { } file)
            return;
        lock (_file)
        {
            try
            {
                if (!File.Exists(file))
                    return;
                if (IndexSnapshot.ReadStamp(file) is { } change)
                {
                    if (_feed.RemovedAfter(change) is { Count: > 0 } removed)
                        IndexSnapshot.Erase(file, removed);
                    return;
                }
                File.Delete(file); // Damaged, or of another version: nobody can say what it holds.
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                // Another process was faster.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                try
                {
                    File.Delete(file);
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException)
                {
                    throw StoreException.Of(error, file);
                }
            }
        }
    }

    /// <summary>Closes the index when the snapshot that is being written is whole.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        // Not cancelled: who searches once and goes would never get a snapshot, and would load everything every time.
        try
        {
            _saving.Wait();
        }
        catch (AggregateException)
        {
            // It was told.
        }
        _closing.Cancel();
        _loaded = null;
        _closing.Dispose();
        _gate.Dispose();
    }

    private Loaded Follow(long version, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        // Half a catch-up cannot be told from a whole one: whatever stops it, the next search starts again from the store.
        var loaded = _loaded;
        _loaded = null;
        // A load may take long; catching up is short, and a searcher who gives up must not cost the others a load.
        if (loaded is not null)
            return CatchUp(loaded with { Version = version }, progress, CancellationToken.None);
        if (OpenSnapshot() is { } opened)
        {
            opened = CatchUp(opened with { Version = version }, progress, cancellationToken);
            var (change, templates) = _feed.Extent();
            if (change != opened.Change || templates == opened.Index.Count)
                return opened;
            Warn(
                $"{_feed.SnapshotFile}: the snapshot leads to {opened.Index.Count} templates where the gallery has {templates}; "
                    + "the index is made anew from the database");
        }
        _distrusted = false;
        var index = new AutoIndex(_model.Digest, _model.Dimension, _options);
        return CatchUp(new Loaded(index, version, 0, 0, 0, false), progress, cancellationToken);
    }

    private Loaded CatchUp(Loaded loaded, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        const int ReportEvery = 10_000;
        var index = loaded.Index;
        var change = _feed.ReadChanges(
            loaded.Change,
            added =>
            {
                // A snapshot may hold what was added while it was written.
                if (!index.Contains(added.Encounter))
                    index.Add(added.Encounter, added.Subject, added.Template);
                if (index.Count % ReportEvery == 0)
                    progress?.Report(index.Count);
            },
            removed => index.Remove(removed),
            cancellationToken);
        progress?.Report(index.Count);
        return loaded with { Change = change };
    }

    private Loaded? OpenSnapshot()
    {
        if (_distrusted || _feed.SnapshotFile is not { } file || !File.Exists(file))
            return null;
        try
        {
            var (index, change) = IndexSnapshot.OpenAuto(file, _model.Digest, _model.Dimension, _options);
            if (change <= _feed.Extent().Change)
                return new Loaded(index, 0, change, change, index.Count, index.HasGraph);
            Warn(
                $"{file}: the snapshot is ahead of the gallery, which was restored from a backup perhaps; "
                    + "the index is made anew from the database");
        }
        catch (FileNotFoundException)
        {
            // Another process deleted it.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Warn($"{e.Message}. The index is made anew from the database");
        }
        return null;
    }

    /// <summary>Under the gate: begins to save when there is no snapshot, or one from which catching up would take time.</summary>
    private void SaveIfDue(Loaded loaded)
    {
        if (_feed.SnapshotFile is not { } file || loaded.Index.Count < _snapshotFrom || !_saving.IsCompleted
            || loaded.Change == loaded.SavedChange && !HasNewGraph(loaded))
            return;
        // A snapshot holds what the store has, no less. What is hidden is removed soon, and the numbers fit again.
        if (loaded.HasHidden && loaded.Index.Count != _feed.Extent().Templates)
            return;
        var changed = Math.Abs(loaded.Index.Count - loaded.SavedCount);
        if (loaded.SavedChange > 0 && changed < Math.Max(_catchUp, loaded.Index.Count / CatchUpShare) && !HasNewGraph(loaded))
            return;
        // The first search after a load must not fail for want of a disk, so the next attempt waits for as many changes again.
        _loaded = loaded with
        {
            SavedChange = Math.Max(1, loaded.Change),
            SavedCount = loaded.Index.Count,
            SavedGraph = loaded.Index.HasGraph,
        };
        _saving = Task.Factory.StartNew(
            () => Save(loaded, file), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private static bool HasNewGraph(Loaded loaded) => loaded.Index.HasGraph && !loaded.SavedGraph;

    private void Save(Loaded loaded, string file)
    {
        try
        {
            // A snapshot without sketches would have them trained at every opening.
            loaded.Index.Exact.TrainSketchesIfDue(_closing.Token);
            IndexSnapshot.Save(loaded.Index, file, loaded.Change, null, _closing.Token);
            Purge();
            // Not while a graph is built beside the vectors in the heap: it would be begun again.
            if (loaded.Index.IsBuildingGraph)
                return;
            // From here on the vectors lie in the file, and those in the heap are free to go.
            var (index, change) = IndexSnapshot.OpenAuto(file, _model.Digest, _model.Dimension, _options);
            _gate.Wait(_closing.Token);
            try
            {
                if (_loaded is { } present && ReferenceEquals(present.Index, loaded.Index))
                {
                    _loaded = null;
                    _loaded = CatchUp(
                        new Loaded(index, present.Version, change, change, index.Count, index.HasGraph), null, CancellationToken.None);
                }
            }
            finally
            {
                _gate.Release();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or StoreException)
        {
            // Deleted meanwhile, or another process saves it just now: no matter to anybody.
            if (Directory.Exists(Path.GetDirectoryName(file)) && !IsBusy(file + ".tmp"))
                Warn($"{file}: no snapshot of the index could be saved ({e.Message}); the next opening reads every template");
        }
        catch (Exception e) when (e is GalleryNotFoundException or OperationCanceledException)
        {
            // The gallery was deleted or closed.
        }
    }

    /// <summary>A saving that was killed leaves a file with templates, of removed people perhaps, that nobody will ever look at.</summary>
    private void RemoveRemains()
    {
        if (_feed.SnapshotFile is not { } file || !File.Exists(file + ".tmp") || IsBusy(file + ".tmp"))
            return;
        try
        {
            File.Delete(file + ".tmp");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A gallery that may only be read.
        }
    }

    private static bool IsBusy(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private void Warn(string warning) => Warned?.Invoke(warning);
}
