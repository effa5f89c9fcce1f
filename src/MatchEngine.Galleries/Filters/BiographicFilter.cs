namespace MatchEngine.Galleries.Filters;

/// <summary>
/// Whom a search is to be made among: the subjects whose biographics meet every condition. What it asks of a key, the searcher must be
/// allowed to see.
/// </summary>
public sealed class BiographicFilter : IEquatable<BiographicFilter>
{
    /// <summary>The most conditions of one filter.</summary>
    public const int MaxConditions = 16;

    private BiographicFilter(IReadOnlyList<FilterCondition> conditions) => Conditions = conditions;

    /// <summary>The conditions, each once, in the order of their text.</summary>
    public IReadOnlyList<FilterCondition> Conditions { get; }

    /// <summary>The keys that are asked for, each once.</summary>
    public IReadOnlyList<string> Keys => [.. Conditions.Select(condition => condition.Key).Distinct(StringComparer.Ordinal)];

    /// <summary>Reads a filter; null where there is no condition.</summary>
    /// <param name="conditions">See <see cref="FilterCondition.Parse"/>.</param>
    /// <exception cref="FormatException">One is no condition, or there are more than <see cref="MaxConditions"/>.</exception>
    public static BiographicFilter? Parse(IEnumerable<string> conditions)
    {
        ArgumentNullException.ThrowIfNull(conditions);
        var read = conditions.Take(MaxConditions + 1).Select(FilterCondition.Parse).ToList();
        if (read.Count > MaxConditions)
            throw new FormatException($"a search is made among subjects by {MaxConditions} conditions at most");
        return read.Count == 0
            ? null
            : new BiographicFilter([.. read.Distinct().OrderBy(condition => condition.ToString(), StringComparer.Ordinal)]);
    }

    /// <summary>Whether a subject's biographics meet it.</summary>
    public bool Admits(IReadOnlyDictionary<string, string> biographics)
    {
        ArgumentNullException.ThrowIfNull(biographics);
        return Conditions.All(condition => condition.Admits(biographics.GetValueOrDefault(condition.Key)));
    }

    /// <summary>The conditions with commas between them.</summary>
    public override string ToString() => string.Join(", ", Conditions);

    /// <inheritdoc/>
    public bool Equals(BiographicFilter? other) => other is not null && Conditions.SequenceEqual(other.Conditions);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as BiographicFilter);

    /// <inheritdoc/>
    public override int GetHashCode() => Conditions.Aggregate(0, (hash, condition) => HashCode.Combine(hash, condition));
}
