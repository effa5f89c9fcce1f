namespace MatchEngine.Vectors.Exact;

/// <summary>Rows that one stage of a search let survive, waiting for the next.</summary>
/// <param name="capacity">The most rows that wait.</param>
/// <remarks>
/// Waiting lets the list's threshold rise before the doubtful rows come up: those which it has overtaken are dropped unseen, first when
/// there is no more room, then at the end of the scan. There the rest come up by falling estimate, roughly (in 64 classes).
/// </remarks>
internal sealed class Survivors(int capacity)
{
    private const int Classes = 64;

    private readonly (int Segment, int Row, int Sum)[] _rows = new (int, int, int)[capacity];
    private readonly int[] _order = new int[capacity];
    private readonly int[] _starts = new int[Classes + 1];

    /// <summary>The most rows that wait.</summary>
    public int Capacity => _rows.Length;

    /// <summary>The number of rows that wait.</summary>
    public int Count { get; private set; }

    /// <summary>Whether no further row has room.</summary>
    public bool IsFull => Count == Capacity;

    /// <summary>Adds a row; there must be room.</summary>
    public void Add(int segment, int row, int sum)
    {
        _rows[Count++] = (segment, row, sum);
    }

    /// <summary>Drops the rows whose sums are below the least one.</summary>
    public void Drop(int leastSum)
    {
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            if (_rows[i].Sum >= leastSum)
                _rows[kept++] = _rows[i];
        }
        Count = kept;
    }

    /// <summary>The segment of the row at a place of the order that <see cref="Sort"/> found.</summary>
    public int Segment(int place) => _rows[_order[place]].Segment;

    /// <summary>The row at a place of the order that <see cref="Sort"/> found.</summary>
    public int Row(int place) => _rows[_order[place]].Row;

    /// <summary>Its sum.</summary>
    public int Sum(int place) => _rows[_order[place]].Sum;

    /// <summary>Orders the rows by falling sum, to the precision of a class.</summary>
    public void Sort()
    {
        int least = int.MaxValue, most = int.MinValue;
        foreach (var (_, _, sum) in _rows.AsSpan(0, Count))
        {
            least = Math.Min(least, sum);
            most = Math.Max(most, sum);
        }
        var width = ((((long)most - least) / Classes) + 1);
        Array.Clear(_starts);
        foreach (var (_, _, sum) in _rows.AsSpan(0, Count))
            _starts[(int)(((long)most - sum) / width) + 1]++;
        for (var c = 1; c <= Classes; c++)
            _starts[c] += _starts[c - 1];
        for (var i = 0; i < Count; i++)
            _order[_starts[(int)(((long)most - _rows[i].Sum) / width)]++] = i;
    }

    /// <summary>Forgets all rows.</summary>
    public void Reset() => Count = 0;

    /// <summary>Overwrites all that was ever kept.</summary>
    public void Clear()
    {
        Count = 0;
        Array.Clear(_rows);
    }
}
