using MatchEngine.Vectors;

namespace MatchEngine.Galleries;

/// <summary>
/// The index of a gallery in memory. It is made when first needed and follows the store, whoever wrote to it: this process or another one.
/// </summary>
/// <remarks>One way in for all changes: the store's own change feed. A commit is in the index at the latest when the next search
/// begins.</remarks>
internal sealed class GalleryIndex(IGalleryStore store) : IDisposable
{
    // Probes carry no float16 copy, so the enrolled ones' would take 1 KiB a template of 512 dimensions for nothing.
    private static readonly ExactIndexOptions InMemory = new() { KeepFloat16 = false };

    private readonly SemaphoreSlim _gate = new(1);
    private volatile Loaded? _loaded;

    private sealed record Loaded(IVectorIndex Index, long Version, long Change);

    /// <summary>Whether there is an index in memory.</summary>
    public bool IsLoaded => _loaded is not null;

    /// <summary>The index with everything in it that was committed before this call.</summary>
    /// <param name="progress">Told how many templates are loaded, now and then; null for nobody.</param>
    /// <param name="cancellationToken">Ends the waiting and the loading; what was loaded in part is thrown away.</param>
    public IVectorIndex Current(IProgress<long>? progress, CancellationToken cancellationToken)
    {
        _gate.Wait(cancellationToken);
        try
        {
            // The version is asked for before the rows are read: a commit in between is looked for twice rather than not at all.
            var version = store.Version();
            if (_loaded is not { } loaded || loaded.Version != version)
                _loaded = loaded = CatchUp(_loaded, version, progress, cancellationToken);
            return loaded.Index;
        }
        finally
        {
            _gate.Release();
        }
    }

    private Loaded CatchUp(Loaded? loaded, long version, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        const int ReportEvery = 10_000;
        // Half a catch-up cannot be told from a whole one: whatever stops it, the next search starts again from the store.
        _loaded = null;
        var index = loaded?.Index ?? new ExactIndex(store.Model.Digest, store.Model.Dimension, InMemory);
        var change = store.ReadChanges(
            loaded?.Change ?? 0,
            added =>
            {
                index.Add(added.Encounter, added.Subject, added.Template);
                if (index.Count % ReportEvery == 0)
                    progress?.Report(index.Count);
            },
            removed => index.Remove(removed),
            // A load may take long; catching up is short, and a searcher who gives up must not cost the others a load.
            loaded is null ? cancellationToken : CancellationToken.None);
        progress?.Report(index.Count);
        return new Loaded(index, version, change);
    }

    public void Dispose() => _gate.Dispose();
}
