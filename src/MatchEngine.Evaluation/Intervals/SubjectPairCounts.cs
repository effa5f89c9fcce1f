namespace MatchEngine.Evaluation.Intervals;

/// <summary>Counts per unordered pair of different subjects, for the pairs that have any.</summary>
public sealed class SubjectPairCounts
{
    private readonly List<ulong> _pairs = [];
    private ulong[]? _keys;
    private int[]? _counts;

    /// <summary>How many were counted in all.</summary>
    public long Total => _pairs.Count;

    /// <summary>Counts one for a pair of subjects.</summary>
    /// <exception cref="ArgumentException">The two are the same subject; then it is not an impostor comparison.</exception>
    public void Add(int a, int b)
    {
        if (a == b)
            throw new ArgumentException("an impostor comparison has two subjects", nameof(b));
        _pairs.Add(a < b ? ((ulong)(uint)a << 32) | (uint)b : ((ulong)(uint)b << 32) | (uint)a);
        _keys = null;
    }

    /// <summary>The pairs with their counts, the smaller subject first, in order.</summary>
    public IEnumerable<(int A, int B, int Count)> Entries()
    {
        Group();
        for (var i = 0; i < _keys!.Length; i++)
            yield return ((int)(_keys[i] >> 32), (int)(uint)_keys[i], _counts![i]);
    }

    /// <summary>The counts row by row: subject of each row, where the row starts, the other subject, the count.</summary>
    internal (int[] Rows, int[] Starts, int[] Columns, int[] Counts) Compressed()
    {
        Group();
        List<int> rows = [], starts = [];
        var columns = new int[_keys!.Length];
        for (var i = 0; i < _keys.Length; i++)
        {
            var row = (int)(_keys[i] >> 32);
            if (rows.Count == 0 || rows[^1] != row)
            {
                rows.Add(row);
                starts.Add(i);
            }
            columns[i] = (int)(uint)_keys[i];
        }
        starts.Add(_keys.Length);
        return ([.. rows], [.. starts], columns, _counts!);
    }

    private void Group()
    {
        if (_keys is not null)
            return;
        var sorted = _pairs.ToArray();
        Array.Sort(sorted);
        List<ulong> keys = [];
        List<int> counts = [];
        foreach (var key in sorted)
        {
            if (keys.Count > 0 && keys[^1] == key)
                counts[^1]++;
            else
            {
                keys.Add(key);
                counts.Add(1);
            }
        }
        (_keys, _counts) = ([.. keys], [.. counts]);
    }
}
