using System.Runtime.CompilerServices;

namespace MatchEngine.Vectors.Exact;

/// <summary>
/// Collects rows in any order and keeps the best row of each of the best k subjects. Not safe for threads: a scan gives one to each of its
/// workers and pours them together.
/// </summary>
/// <remarks>
/// <para>A list of up to 128 is kept in order, each row inserted at its place: the threshold is always that of all rows so far. For longer
/// ones rows go to a buffer; when it is full it is consolidated: the best row of each subject stays, then the best k of those. From the
/// first time that k subjects remain, a row that does not precede the k-th of them is dropped at once: k subjects have better rows already,
/// and rows only join, so neither can the row bring its subject into the list, nor improve a subject that is in it.</para>
/// <para>A consolidation of b rows costs b·log b and frees at least half of the buffer, so a row costs log b whatever k is. The buffer is
/// kept between searches; once it has the size a list length needs, collecting allocates nothing.</para>
/// </remarks>
internal sealed class BestPerSubject
{
    private const int SmallestBuffer = 128;
    private const int LongestOrdered = 128;

    private static readonly Comparison<IndexHit> ByRank = static (a, b) => Precedes(a, b) ? -1 : Precedes(b, a) ? 1 : 0;
    private static readonly Comparison<IndexHit> BySubject = static (a, b) =>
        a.Subject != b.Subject ? a.Subject.CompareTo(b.Subject) : ByRank(a, b);

    private IndexHit[] _buffer = new IndexHit[SmallestBuffer];
    private int _count;
    private int _used;
    private int _listLength;
    private bool _listIsFull;
    private IndexHit _last;

    /// <summary>A row below this score need not be offered: the floor, or the score of the k-th subject when there are k.</summary>
    public float Threshold { get; private set; }

    /// <summary>Begins a new list.</summary>
    public void Begin(int listLength, float floor)
    {
        _count = 0;
        _listLength = listLength;
        _listIsFull = false;
        Threshold = floor;
    }

    /// <summary>Whether a row can still come into the list. Asked before the filter is, which may be slow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Admits(in IndexHit row) => row.Score >= Threshold && (!_listIsFull || Precedes(row, _last));

    /// <summary>Adds a row that <see cref="Admits"/> let pass.</summary>
    public void Add(in IndexHit row)
    {
        if (_listLength <= LongestOrdered)
        {
            Insert(row);
            return;
        }
        if (_count == _buffer.Length)
            MakeRoom();
        _buffer[_count++] = row;
        _used = Math.Max(_used, _count);
    }

    /// <summary>Adds what another collector of the same list has kept.</summary>
    public void AddAll(BestPerSubject other)
    {
        other.Consolidate();
        foreach (var row in other._buffer.AsSpan(0, other._count))
        {
            if (Admits(row))
                Add(row);
        }
    }

    /// <summary>The list: at most one row per subject, in rank order.</summary>
    public IndexHit[] ToList()
    {
        Consolidate();
        return _buffer.AsSpan(0, _count).ToArray();
    }

    /// <summary>Overwrites everything that was collected since the last time.</summary>
    public void Clear()
    {
        _buffer.AsSpan(0, _used).Clear();
        _count = _used = 0;
        _last = default;
    }

    /// <summary>Whether a row ranks before another: by score, and of equal ones by id.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Precedes(in IndexHit row, in IndexHit other) =>
        row.Score > other.Score || (row.Score == other.Score && row.Id < other.Id);

    private void Insert(in IndexHit row)
    {
        var rows = _buffer.AsSpan(0, _count);
        var gap = 0;
        while (gap < rows.Length && rows[gap].Subject != row.Subject)
            gap++;
        if (gap == rows.Length)
        {
            if (_count == _listLength)
                gap--; // The last row leaves.
            else
                rows = _buffer.AsSpan(0, ++_count);
        }
        else if (!Precedes(row, rows[gap]))
        {
            return;
        }
        for (; gap > 0 && Precedes(row, rows[gap - 1]); gap--)
            rows[gap] = rows[gap - 1];
        rows[gap] = row;
        _used = Math.Max(_used, _count);
        MarkFull();
    }

    private void MarkFull()
    {
        if (_count == _listLength)
        {
            _listIsFull = true;
            _last = _buffer[_count - 1];
            Threshold = _last.Score;
        }
    }

    private void MakeRoom()
    {
        // Twice the list is enough for a consolidation to free half; a smaller buffer grows only while it is full of different subjects.
        Consolidate();
        if (_count > _buffer.Length / 2)
            Array.Resize(ref _buffer, _buffer.Length * 2);
    }

    private void Consolidate()
    {
        if (_listLength <= LongestOrdered)
            return;
        var rows = _buffer.AsSpan(0, _count);
        rows.Sort(BySubject);
        var kept = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            if (kept == 0 || rows[i].Subject != rows[kept - 1].Subject)
                rows[kept++] = rows[i];
        }
        rows = rows[..kept];
        rows.Sort(ByRank);
        _count = Math.Min(kept, _listLength);
        MarkFull();
    }
}
