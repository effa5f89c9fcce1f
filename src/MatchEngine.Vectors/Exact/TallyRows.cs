using System.Runtime.CompilerServices;

namespace MatchEngine.Vectors.Exact;

/// <summary>
/// The rows of one probe's upper end that one thread of a scan has come by. Between scans nothing of a probe is in it.
/// </summary>
/// <remarks>
/// It begins with a score that a sample gave (<see cref="TallyStart"/>). Where far more reach it than the sample promised, it is raised to
/// an edge that enough of the thread's own rows reach, so what is kept stays bounded; <see cref="TallySum"/> sees to it that the sum does
/// not depend on which thread came by which rows.
/// </remarks>
internal sealed class TallyRows
{
    private const int FirstRows = 1024;

    private (float Score, int Segment, int Row)[] _rows = [];
    private int _count;
    private int _used;
    private TallyRequest? _request;

    /// <summary>Rows that score this or more are added; positive infinity: none.</summary>
    public float From { get; private set; } = float.PositiveInfinity;

    /// <summary>The rows.</summary>
    public ReadOnlySpan<(float Score, int Segment, int Row)> Rows => _rows.AsSpan(0, _count);

    /// <summary>As many rows as are kept for certain when there are more than can be kept.</summary>
    public static long Kept(TallyRequest request) => 8L * request.Least;

    /// <summary>Begins.</summary>
    public void Begin(TallyRequest? request, float from)
    {
        (_request, From) = (request, from);
        (_used, _count) = (Math.Max(_used, _count), 0);
    }

    /// <summary>Adds a row whose score is <see cref="From"/> or more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(float score, int segment, int row)
    {
        if (_count == _rows.Length)
        {
            MakeRoom();
            if (score < From)
                return;
        }
        _rows[_count++] = (score, segment, row);
    }

    /// <summary>Overwrites everything that was ever kept.</summary>
    public void Clear()
    {
        _rows.AsSpan(0, Math.Max(_used, _count)).Clear();
        _count = _used = 0;
        (_request, From) = (null, float.PositiveInfinity);
    }

    /// <summary>The last edge that at least a number of rows reach; 0 when there is none.</summary>
    public static int LastReachedBy(long number, ReadOnlySpan<long> cells)
    {
        var cell = cells.Length;
        for (long reached = 0; reached < number && cell > 0;)
            reached += cells[--cell];
        return cell;
    }

    private void MakeRoom()
    {
        _used = Math.Max(_used, _count);
        if (_count >= 2 * Kept(_request!))
            Raise(_request!);
        if (4 * _count >= 3 * _rows.Length)
            Grow();
    }

    private void Raise(TallyRequest request)
    {
        Span<long> cells = stackalloc long[request.Edges.Count];
        foreach (var row in Rows)
            cells[request.Edges.CellOf(row.Score)]++;
        var cell = LastReachedBy(Kept(request), cells);
        if (cell == 0)
            return;
        From = Math.Max(From, request.Edges[cell]);
        var kept = 0;
        foreach (var row in Rows)
        {
            if (row.Score >= From)
                _rows[kept++] = row;
        }
        _count = kept;
    }

    private void Grow()
    {
        var longer = new (float, int, int)[Math.Max(FirstRows, 2 * _rows.Length)];
        Rows.CopyTo(longer);
        // What is left behind holds scores of the probe.
        Array.Clear(_rows);
        _rows = longer;
    }
}
