using System.Runtime.InteropServices;
using MatchEngine.Vectors.Kernels;

namespace MatchEngine.Vectors;

/// <summary>
/// The index that compares a probe with every template: exact by construction, about 570 bytes of memory for a 512-d template, and as fast
/// as memory can be read.
/// </summary>
/// <remarks>
/// <para>Templates lie in <see cref="Segment"/>s of up to 16 MB. The list of segments is an immutable array behind one reference: writers,
/// one at a time, publish a new array when a segment joins or leaves; a search takes the reference once and works on what it holds.</para>
/// <para>Removed templates leave gaps. Whenever two full segments are each at most half alive (measured against the full size), their
/// living rows move to one new segment, so that at most half of all rows, and one segment, are gaps. Each such merge makes two segments one, and
/// a segment is born only of thousands of adds, so the copying costs each add a constant. The first segments are small and double, by the
/// same merges as any.</para>
/// </remarks>
public sealed class ExactIndex : IVectorIndex
{
    private const int SegmentBytes = 16 << 20;
    private const int FirstSegmentRows = 256;

    private readonly Lock _writing = new();
    private readonly ExactScanPool _scans;
    private readonly int _segmentRows;

    // Where each template is: the number of its segment and its row. Writers only.
    private readonly Dictionary<long, Location> _locations = [];
    private readonly List<Segment?> _numbered = [];
    private readonly Stack<int> _freeNumbers = [];

    // The segments in the order of their making; only the last takes new rows.
    private Segment[] _segments = [];
    private int _count;

    /// <summary>An empty index.</summary>
    /// <param name="model">The model whose templates it will hold.</param>
    /// <param name="dimension">The dimension of those templates.</param>
    /// <param name="parallelism">The most threads that one search uses; null for one a processor. Small galleries use one.</param>
    /// <exception cref="ArgumentException">The dimension is not supported (<see cref="Template.IsSupportedDimension"/>), or the parallelism is below 1.</exception>
    public ExactIndex(ModelDigest model, int dimension, int? parallelism = null)
        : this(model, dimension, parallelism ?? Environment.ProcessorCount, DotKernel.Best, SegmentBytes / Math.Max(1, dimension))
    {
    }

    /// <summary>An empty index with the kernel and the size of segments given.</summary>
    internal ExactIndex(ModelDigest model, int dimension, int parallelism, DotKernel kernel, int segmentRows)
    {
        if (!Template.IsSupportedDimension(dimension))
        {
            throw new ArgumentException(
                $"dimension {dimension} is not supported: it must be a multiple of {Template.DimensionStep} up to {Template.MaxDimension}",
                nameof(dimension));
        }
        ArgumentOutOfRangeException.ThrowIfLessThan(parallelism, 1);
        Model = model;
        Dimension = dimension;
        _segmentRows = segmentRows;
        _scans = new ExactScanPool(kernel, dimension, parallelism);
    }

    /// <inheritdoc/>
    public ModelDigest Model { get; }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The segments as they stand, for tests and statistics.</summary>
    internal ReadOnlySpan<Segment> Segments => Volatile.Read(ref _segments);

    /// <inheritdoc/>
    public void Add(long id, long subject, Template template)
    {
        Check(template);
        lock (_writing)
        {
            if (_locations.ContainsKey(id))
                throw new ArgumentException($"the index holds a template with id {id} already: remove it first", nameof(id));
            var open = _segments.Length == 0 ? null : _segments[^1];
            if (open is null || open.IsFull)
            {
                Merge();
                open = Register(new Segment(Dimension, Math.Clamp(_count, Math.Min(FirstSegmentRows, _segmentRows), _segmentRows)));
                Volatile.Write(ref _segments, [.. _segments, open]);
            }
            _locations.Add(id, new Location(open.Number, open.Append(id, subject, template)));
            Volatile.Write(ref _count, _count + 1);
        }
    }

    /// <inheritdoc/>
    public bool Remove(long id)
    {
        lock (_writing)
        {
            if (!_locations.Remove(id, out var location))
                return false;
            var segment = _numbered[location.Segment]!;
            segment.Erase(location.Row);
            Volatile.Write(ref _count, _count - 1);
            if (IsHalf(segment))
                Merge();
            return true;
        }
    }

    /// <inheritdoc/>
    public bool Contains(long id)
    {
        lock (_writing)
            return _locations.ContainsKey(id);
    }

    /// <inheritdoc/>
    public IndexAnswer Search(Template probe, int listLength = 20, float floor = -1f, Func<long, bool>? filter = null,
        CancellationToken cancellationToken = default)
    {
        Check(probe);
        Check(listLength, floor);
        cancellationToken.ThrowIfCancellationRequested();
        IndexAnswer answer = null!;
        _scans.Rent().Run(Volatile.Read(ref _segments), new ReadOnlySpan<Template>(in probe), listLength, floor, filter,
            new Span<IndexAnswer>(ref answer), cancellationToken);
        return answer;
    }

    /// <inheritdoc/>
    public IReadOnlyList<IndexAnswer> SearchBatch(IReadOnlyList<Template> probes, int listLength = 20, float floor = -1f,
        Func<long, bool>? filter = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(probes);
        Check(listLength, floor);
        Template[] all = [.. probes];
        foreach (var probe in all)
            Check(probe);
        cancellationToken.ThrowIfCancellationRequested();

        var answers = new IndexAnswer[all.Length];
        var segments = Volatile.Read(ref _segments);
        for (var first = 0; first < all.Length; first += ExactScan.MaxProbes)
        {
            var count = Math.Min(ExactScan.MaxProbes, all.Length - first);
            _scans.Rent().Run(segments, all.AsSpan(first, count), listLength, floor, filter, answers.AsSpan(first, count), cancellationToken);
        }
        return answers;
    }

    private static void Check(int listLength, float floor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(listLength, 1);
        if (float.IsNaN(floor))
            throw new ArgumentException("the score floor is NaN: give a cosine from −1 to 1", nameof(floor));
    }

    private void Check(Template template)
    {
        ArgumentNullException.ThrowIfNull(template);
        if (template.Model != Model)
            throw new ModelMismatchException(Model, template.Model);
        if (template.Dimension != Dimension)
            throw new ArgumentException($"the template has {template.Dimension} dimensions, the index {Dimension}", nameof(template));
    }

    /// <summary>Drops full segments that are dead and joins, two by two, those at most half alive, until at most one of them is left.</summary>
    private void Merge()
    {
        List<Segment> kept = [];
        Segment? half = null;
        foreach (var segment in _segments)
        {
            if (!IsHalf(segment))
                kept.Add(segment);
            else if (segment.Living == 0)
                Retire(segment);
            else if (half is null)
                half = segment;
            else
                half = Settle(Join(half, segment), kept);
        }
        if (half is not null)
            kept.Insert(0, half);
        if (kept.Count < _segments.Length)
            Volatile.Write(ref _segments, [.. kept]);
    }

    private Segment? Settle(Segment joined, List<Segment> kept)
    {
        if (IsHalf(joined))
            return joined;
        kept.Insert(0, joined); // Never last: the last segment may be open.
        return null;
    }

    private bool IsHalf(Segment segment) => segment.IsFull && segment.Living <= _segmentRows / 2;

    private Segment Join(Segment first, Segment second)
    {
        var joined = Register(new Segment(Dimension, first.Living + second.Living));
        foreach (var source in (ReadOnlySpan<Segment>)[first, second])
        {
            for (var row = 0; row < source.Published; row++)
            {
                if (!source.IsErased(row))
                    CollectionsMarshal.GetValueRefOrNullRef(_locations, source.Ids[row]) = new Location(joined.Number, joined.Append(source, row));
            }
            Retire(source);
        }
        return joined;
    }

    private Segment Register(Segment segment)
    {
        if (!_freeNumbers.TryPop(out var number))
        {
            number = _numbered.Count;
            _numbered.Add(null);
        }
        segment.Number = number;
        _numbered[number] = segment;
        return segment;
    }

    private void Retire(Segment segment)
    {
        _numbered[segment.Number] = null;
        _freeNumbers.Push(segment.Number);
    }

    private readonly record struct Location(int Segment, int Row);
}
