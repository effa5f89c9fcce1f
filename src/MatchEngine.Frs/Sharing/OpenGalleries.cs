using System.Collections.Concurrent;
using MatchEngine.Faces.Models;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Properties;

namespace MatchEngine.Frs.Sharing;

/// <summary>The galleries, each opened once and kept open, for opening one reads its templates.</summary>
/// <param name="catalog">Where they are.</param>
public sealed class OpenGalleries(GalleryCatalog catalog) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<Gallery>> _open = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _sizes = new(StringComparer.Ordinal);

    /// <summary>Templates loaded, by gallery.</summary>
    public IEnumerable<KeyValuePair<string, long>> Sizes => _sizes;

    /// <summary>The gallery; it stays open and belongs to this object.</summary>
    /// <exception cref="GalleryNotFoundException">There is none.</exception>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public Gallery Get(string name)
    {
        var slot = _open.GetOrAdd(name, key => new Lazy<Gallery>(() => catalog.Open(key)));
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

    /// <summary>The properties of a gallery; null where it is gone or cannot be read: it says nothing any more.</summary>
    public GalleryProperties? FindProperties(string name)
    {
        try
        {
            return Get(name).Properties;
        }
        catch (Exception e) when (e is GalleryNotFoundException or StoreException)
        {
            return null;
        }
    }

    /// <summary>What may be galleries, in ordinal order; some of them may not open.</summary>
    public IReadOnlyList<string> Names() => catalog.Names();

    /// <summary>Makes a gallery and opens it.</summary>
    /// <exception cref="GalleryExistsException">There is one of this name.</exception>
    /// <exception cref="StoreException">It cannot be made.</exception>
    public Gallery Create(string name, EmbedderCard model, GalleryProperties properties, ChangeRecord record)
    {
        catalog.Create(name, model, record, properties).Dispose();
        _sizes[name] = 0;
        return Get(name);
    }

    /// <summary>Loads a gallery's templates, or catches up with what was written.</summary>
    /// <returns>How many there are.</returns>
    /// <exception cref="GalleryNotFoundException">There is none.</exception>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public long Load(string name, CancellationToken cancellationToken = default) =>
        _sizes[name] = Get(name).Load(cancellationToken: cancellationToken);

    /// <summary>Deletes a gallery; searches of it that are under way end with an error that says so.</summary>
    /// <exception cref="GalleryNotFoundException">There is none.</exception>
    /// <exception cref="StoreException">It cannot be deleted.</exception>
    public void Delete(string name, ChangeRecord record)
    {
        catalog.Delete(name, record);
        _sizes.TryRemove(name, out _);
        if (_open.TryRemove(name, out var slot) && slot.IsValueCreated)
            slot.Value.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var slot in _open.Values.Where(slot => slot.IsValueCreated))
            slot.Value.Dispose();
        _open.Clear();
    }
}
