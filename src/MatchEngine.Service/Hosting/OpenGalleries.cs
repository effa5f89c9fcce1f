using System.Collections.Concurrent;
using MatchEngine.Faces.Models;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Properties;
using MatchEngine.Service.Observability;

namespace MatchEngine.Service.Hosting;

/// <summary>The galleries, each opened once and kept open, for opening one reads its templates.</summary>
internal sealed class OpenGalleries : IDisposable
{
    private readonly GalleryCatalog _catalog;
    private readonly ConcurrentDictionary<string, Lazy<Gallery>> _open = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _sizes = new(StringComparer.Ordinal);

    public OpenGalleries(GalleryCatalog catalog, Telemetry telemetry)
    {
        _catalog = catalog;
        telemetry.ObserveGalleries(() => _sizes);
    }

    /// <summary>The gallery; it stays open and belongs to this object.</summary>
    /// <exception cref="GalleryNotFoundException">There is none.</exception>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public Gallery Get(string name)
    {
        var slot = _open.GetOrAdd(name, key => new Lazy<Gallery>(() => _catalog.Open(key)));
        try
        {
            return slot.Value;
        }
        catch
        {
            // What is wrong now need not be wrong at the next call.
            _open.TryRemove(KeyValuePair.Create(name, slot));
            throw;
        }
    }

    /// <summary>Every gallery that can be read, in the ordinal order of the names.</summary>
    public IEnumerable<Gallery> Readable()
    {
        foreach (var name in Names())
        {
            Gallery gallery;
            try
            {
                gallery = Get(name);
            }
            catch (Exception e) when (e is StoreException or GalleryNotFoundException)
            {
                // It hides itself and no other.
                continue;
            }
            yield return gallery;
        }
    }

    /// <summary>What may be galleries, in ordinal order; some of them may not open.</summary>
    public IReadOnlyList<string> Names() => _catalog.Names();

    /// <exception cref="GalleryExistsException">There is one of this name.</exception>
    public Gallery Create(string name, EmbedderCard model, GalleryProperties properties, ChangeRecord record)
    {
        _catalog.Create(name, model, record, properties).Dispose();
        _sizes[name] = 0;
        return Get(name);
    }

    /// <summary>Loads a gallery's templates, or catches up with what was written.</summary>
    public long Load(string name, CancellationToken cancellationToken = default) =>
        _sizes[name] = Get(name).Load(cancellationToken: cancellationToken);

    /// <exception cref="GalleryNotFoundException">There is none.</exception>
    public void Delete(string name, ChangeRecord record)
    {
        _catalog.Delete(name, record);
        _sizes.TryRemove(name, out _);
        // Searches under way end with an error that says the gallery is gone.
        if (_open.TryRemove(name, out var slot) && slot.IsValueCreated)
            slot.Value.Dispose();
    }

    public void Dispose()
    {
        foreach (var slot in _open.Values.Where(slot => slot.IsValueCreated))
            slot.Value.Dispose();
        _open.Clear();
    }
}
