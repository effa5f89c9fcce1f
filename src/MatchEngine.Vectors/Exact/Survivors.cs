namespace MatchEngine.Vectors;

/// <summary>Rows whose sketches let them survive, waiting for a full comparison.</summary>
/// <remarks>
/// Waiting lets the list's threshold rise before the doubtful rows come up: those which it has overtaken are dropped unseen, first when there is no more
/// room, then at the end of the scan. There the rest come up by falling estimate, roughly (in 64 classes).
/// </remarks>
internal sealed class Survivors
{
    /// <summary>The most rows that wait.</summary>
    public const int Capacity = 2048;

    private const int Classes = 64;

    private readonly int[] _segments = new int[Capacity];
    private readonly int[] _rows = new int[Capacity];
    private readonly int[] _sums = new int[Capacity];
    private readonly int[] _order = new int[Capacity];
    private readonly int[] _starts = new int[Classes + 1];

    /// <summary>The number of rows that wait.</summary>
    public int Count { get; private set; }

    /// <summary>Whether no further row has room.</summary>
    public bool IsFull => Count == Capacity;

    /// <summary>Adds a row; there must be room.</summary>
    public void Add(int segment, int row, int sum)
    {
        _segments[Count] = segment;
        _rows[Count] = row;
        _sums[Count++] = sum;
    }

    /// <summary>Drops the rows whose sums are below the least one.</summary>
    public void Drop(int leastSum)
    {
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            if (_sums[i] < leastSum)
                continue;
            _segments[kept] = _segments[i];
            _rows[kept] = _rows[i];
            _sums[kept++] = _sums[i];
        }
        Count = kept;
    }

    /// <summary>The segment of the row at a place of the order that <see cref="Sort"/> found.</summary>
    public int Segment(int place) => _segments[_order[place]];

    /// <summary>The row at a place of the order that <see cref="Sort"/> found.</summary>
    public int Row(int place) => _rows[_order[place]];

    /// <summary>Its sum.</summary>
    public int Sum(int place) => _sums[_order[place]];

    /// <summary>Orders the rows by falling sum, to the precision of a class.</summary>
    public void Sort()
    {
        int least = int.MaxValue, most = int.MinValue;
        foreach (var sum in _sums.AsSpan(0, Count))
        {
            least = Math.Min(least, sum);
            most = Math.Max(most, sum);
        }
        var width = ((((long)most - least) / Classes) + 1);
        Array.Clear(_starts);
        foreach (var sum in _sums.AsSpan(0, Count))
            _starts[(int)(((long)most - sum) / width) + 1]++;
        for (var c = 1; c <= Classes; c++)
            _starts[c] += _starts[c - 1];
        for (var i = 0; i < Count; i++)
            _order[_starts[(int)(((long)most - _sums[i]) / width)]++] = i;
    }

    /// <summary>Forgets all rows.</summary>
    public void Reset() => Count = 0;

    /// <summary>Overwrites all that was ever kept.</summary>
    public void Clear()
    {
        Count = 0;
        Array.Clear(_sums);
        Array.Clear(_rows);
    }
}
