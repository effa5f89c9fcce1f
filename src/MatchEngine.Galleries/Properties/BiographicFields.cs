namespace MatchEngine.Galleries.Properties;

/// <summary>Which keys of biographics, and of the metadata that came with an encounter, a reader sees.</summary>
public sealed class BiographicFields : IEquatable<BiographicFields>
{
    private static readonly Dictionary<string, string> Nothing = [];

    private readonly HashSet<string>? _keys;

    private BiographicFields(HashSet<string>? keys) => _keys = keys;

    /// <summary>Every key.</summary>
    public static BiographicFields All { get; } = new(null);

    /// <summary>No key.</summary>
    public static BiographicFields None { get; } = new([]);

    /// <summary>The keys in ordinal order; null for all.</summary>
    public IReadOnlyList<string>? Keys => _keys?.Order(StringComparer.Ordinal).ToList();

    /// <summary>These keys and no others; the case counts.</summary>
    /// <exception cref="ArgumentException">A key is null.</exception>
    public static BiographicFields Only(params IEnumerable<string> keys)
    {
        var set = new HashSet<string>(keys, StringComparer.Ordinal);
        return set.Contains(null!) ? throw new ArgumentException("a key is null", nameof(keys)) : new BiographicFields(set);
    }

    /// <summary>The first of some keys that is not seen; null where all are.</summary>
    public string? FirstHidden(IEnumerable<string> keys) => _keys is null ? null : keys.FirstOrDefault(key => !_keys.Contains(key));

    /// <summary>What both see.</summary>
    public BiographicFields And(BiographicFields other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return _keys is null ? other : other._keys is null ? this : Only(_keys.Intersect(other._keys, StringComparer.Ordinal));
    }

    /// <summary>The values that are seen, in their order.</summary>
    public IReadOnlyDictionary<string, string> Of(IReadOnlyDictionary<string, string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (_keys is null)
            return values;
        return _keys.Count == 0
            ? Nothing
            : new OrderedDictionary<string, string>(values.Where(pair => _keys.Contains(pair.Key)), StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public bool Equals(BiographicFields? other) =>
        other is not null && (_keys is null ? other._keys is null : other._keys is not null && _keys.SetEquals(other._keys));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as BiographicFields);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        _keys is null ? -1 : _keys.Aggregate(0, (hash, key) => hash ^ key.GetHashCode(StringComparison.Ordinal));
}
