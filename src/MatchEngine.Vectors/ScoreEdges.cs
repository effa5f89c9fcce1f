namespace MatchEngine.Vectors;

/// <summary>
/// Fixed scores, rising: a search counts how many subjects lie between each of them and the next. Whoever asks brings them, so that what
/// several galleries or machines counted can be added.
/// </summary>
public sealed class ScoreEdges
{
    private const int Most = 1024;

    private readonly float[] _edges;
    private readonly float _perUnit;

    /// <summary>Makes them.</summary>
    /// <param name="edges">Two to 1,024, rising. A score below the first one is counted at the first one.</param>
    /// <exception cref="ArgumentException">There are fewer or more, or they do not rise.</exception>
    public ScoreEdges(IEnumerable<float> edges)
    {
        ArgumentNullException.ThrowIfNull(edges);
        _edges = [.. edges];
        if (_edges.Length is < 2 or > Most)
            throw new ArgumentException($"scores are counted between 2 to {Most} edges", nameof(edges));
        for (var i = 1; i < _edges.Length; i++)
        {
            if (!(float.IsFinite(_edges[i - 1]) && float.IsFinite(_edges[i]) && _edges[i - 1] < _edges[i]))
                throw new ArgumentException($"edge {i} does not lie above the one before it", nameof(edges));
        }
        _perUnit = (_edges.Length - 1) / (_edges[^1] - _edges[0]);
    }

    /// <summary>How many there are.</summary>
    public int Count => _edges.Length;

    /// <summary>An edge.</summary>
    public float this[int at] => _edges[at];

    /// <summary>The last edge that a score reaches; the first one for lower scores.</summary>
    internal int CellOf(float score)
    {
        // Even edges are hit at once; from there it is a step or two to where uneven ones are.
        var cell = Math.Clamp((int)((score - _edges[0]) * _perUnit), 0, _edges.Length - 1);
        while (cell > 0 && score < _edges[cell])
            cell--;
        while (cell + 1 < _edges.Length && score >= _edges[cell + 1])
            cell++;
        return cell;
    }
}
