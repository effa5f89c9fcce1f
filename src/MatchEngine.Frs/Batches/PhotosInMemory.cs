namespace MatchEngine.Frs.Batches;

/// <summary>The photos of a batch whose templates are not made yet.</summary>
internal sealed class PhotosInMemory : IDisposable
{
    private readonly List<(int Number, HeldPhotos Held, int Place)> _photos = [];

    /// <summary>Photos with the numbers from <paramref name="first"/> on.</summary>
    public PhotosInMemory(HeldPhotos held, int first = 1) => With(held, first);

    /// <summary>These and others.</summary>
    public PhotosInMemory With(HeldPhotos held, int first)
    {
        lock (_photos)
            _photos.AddRange(held.Photos.Select((_, place) => (first + place, held, place)));
        return this;
    }

    /// <summary>Each photo with its number.</summary>
    public IEnumerable<(int Number, ReadOnlyMemory<byte> Photo)> Each()
    {
        lock (_photos)
            return [.. _photos.Select(one => (one.Number, one.Held.Photos[one.Place]))];
    }

    /// <summary>Overwrites all of them.</summary>
    public void Clear()
    {
        lock (_photos)
        {
            foreach (var owner in _photos.Select(one => one.Held.Owner).Distinct())
                owner.Dispose();
            _photos.Clear();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();
}
