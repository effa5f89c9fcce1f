using System.Runtime.CompilerServices;
using MatchEngine.Vectors.Kernels;
using MatchEngine.Vectors.Sketches;

namespace MatchEngine.Vectors.Exact;

/// <summary>
/// The index that compares a probe with every template: by sketches first where the gallery is large, and in full with all that may be
/// listed. About 600 bytes of memory for a 512-d template, and the float16 copy where it is kept; as fast as memory can be read.
/// </summary>
/// <remarks>
/// <para>Templates lie in <see cref="Segment"/>s of up to 16 MB. The list of segments is an immutable array behind one reference: writers,
/// one at a time, publish a new array when a segment joins or leaves; a search takes the reference once and works on what it holds.</para>
/// <para>Removed templates leave gaps. Whenever two full segments are each at most half alive (measured against the full size), their
/// living rows move to one new segment, so that at most half of all rows, and one segment, are gaps. Each such merge makes two segments
/// one, and a segment is born only of thousands of adds, so the copying costs each add a constant. The first segments are small and double,
/// by the same merges as any.</para>
/// <para>Sketches (<see cref="SketchBasis"/>) are trained on the gallery's own templates when it reaches
/// <see cref="ExactIndexOptions.SketchFrom"/>, again whenever it has grown to four times the size it was trained on, and when more than one
/// in fifty of the templates added since do not fit. Training runs in the background on a thread of low priority; meanwhile, and for
/// segments not yet redrawn, searches compare in full.</para>
/// </remarks>
public sealed class ExactIndex : IVectorIndex
{
    private const int SegmentBytes = 16 << 20;
    private const int FirstSegmentRows = 256;
    private const int RetrainGrowth = 4;
    private const int RetrainMisfits = 50;

    private readonly Lock _writing = new();
    private readonly Lock _training = new();
    private readonly ExactIndexOptions _options;
    private readonly ExactScanPool _scans;
    private readonly int _segmentRows;
    private readonly int _rowBits;

    // A set that admits no more than this share of all templates is searched by itself: a body far off costs what some sixteen sketches in
    // a row do, and what some four bodies do.
    private const double SelectedOfSketched = 1 / 16.0;
    private const double SelectedOfBodies = 1 / 4.0;

    // Where each template is: the number of its segment and its row. Writers only.
    private readonly RowMap _rows;
    private readonly SubjectCounts _subjects = new();
    private readonly ConditionalWeakTable<SubjectSet, SelectedRows> _selected = [];
    private readonly List<Segment?> _numbered = [];
    private readonly Stack<int> _freeNumbers = [];

    // The segments in the order of their making; only the last takes new rows.
    private Segment[] _segments = [];
    private SketchBasis? _basis;
    private int _count;
    private int _subjectCount;
    private long _changes;
    private int _nextTraining;
    private int _addedSinceTraining;
    private int _misfitsSinceTraining;
    private bool _trainingInBackground;

    /// <summary>An empty index.</summary>
    /// <param name="model">The model whose templates it will hold.</param>
    /// <param name="dimension">The dimension of those templates.</param>
    /// <param name="parallelism">The most threads that one search uses; null for one a processor. Small galleries use one.</param>
    /// <exception cref="ArgumentException">The dimension is not supported (<see cref="Template.IsSupportedDimension"/>),
    /// or the parallelism is below 1.</exception>
    public ExactIndex(ModelDigest model, int dimension, int? parallelism = null)
        : this(model, dimension, new ExactIndexOptions { Parallelism = parallelism })
    {
    }

    /// <summary>An empty index.</summary>
    /// <param name="model">The model whose templates it will hold.</param>
    /// <param name="dimension">The dimension of those templates.</param>
    /// <param name="options">How it works.</param>
    /// <exception cref="ArgumentException">
    /// The dimension is not supported (<see cref="Template.IsSupportedDimension"/>), the parallelism is below 1, or the number of sketch
    /// elements is no multiple of 8 up to the dimension.
    /// </exception>
    public ExactIndex(ModelDigest model, int dimension, ExactIndexOptions options)
        : this(model, dimension, options, DotKernel.Best, SegmentBytes / Math.Max(1, dimension))
    {
    }

    /// <summary>An empty index with the kernel and the size of segments given.</summary>
    internal ExactIndex(ModelDigest model, int dimension, int parallelism, DotKernel kernel, int segmentRows)
        : this(model, dimension, new ExactIndexOptions { Parallelism = parallelism }, kernel, segmentRows)
    {
    }

    /// <summary>An empty index with the kernel and the size of segments given.</summary>
    internal ExactIndex(ModelDigest model, int dimension, ExactIndexOptions options, DotKernel kernel, int segmentRows)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!Template.IsSupportedDimension(dimension))
        {
            throw new ArgumentException(
                $"dimension {dimension} is not supported: it must be a multiple of {Template.DimensionStep} up to {Template.MaxDimension}",
                nameof(dimension));
        }
        var parallelism = options.Parallelism ?? Environment.ProcessorCount;
        ArgumentOutOfRangeException.ThrowIfLessThan(parallelism, 1, nameof(options));
        if (options.SketchElements is { } elements && (elements % SketchKernel.GroupElements != 0 || elements < 8 || elements > dimension))
            throw new ArgumentException(
                $"{elements} sketch elements are not supported: it must be a multiple of 8 up to the dimension, {dimension}",
                nameof(options));
        Model = model;
        Dimension = dimension;
        _options = options;
        _segmentRows = segmentRows;
        _rowBits = System.Numerics.BitOperations.Log2((uint)Math.Max(segmentRows, FirstSegmentRows)) + 1;
        _rows = new RowMap(IdOf);
        _nextTraining = options.SketchFrom ?? int.MaxValue;
        _scans = new ExactScanPool(kernel, dimension, parallelism);
    }

    /// <inheritdoc/>
    public ModelDigest Model { get; }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The number of subjects whose templates are held.</summary>
    public int Subjects => Volatile.Read(ref _subjectCount);

    /// <summary>The version of the sketches' basis, from 1 on; 0 while the index has no sketches.</summary>
    public int SketchVersion => Volatile.Read(ref _basis)?.Version ?? 0;

    /// <summary>
    /// The memory that the templates take, in bytes: vectors, scales, ids, marks, sketches, the map of ids and the number of templates of
    /// each subject, without float16 copies. What
    /// is allocated ahead is address space that nothing was written to yet, and is not counted;
    /// what lies in a mapped snapshot is, as if it were memory.
    /// </summary>
    public long AllocatedBytes
    {
        get
        {
            lock (_writing)
            {
                var bytes = _rows.Bytes + _subjects.Bytes;
                foreach (var segment in _segments)
                    bytes += (segment.Published * (Dimension + 20L)) + (segment.Capacity / 8)
                        + (segment.Sketches is { } column ? SketchColumn.Bytes(column.Basis, segment.Published) : 0);
                return bytes;
            }
        }
    }

    /// <summary>The segments as they stand, for tests and statistics.</summary>
    internal ReadOnlySpan<Segment> Segments => Volatile.Read(ref _segments);

    /// <summary>The basis of the sketches, null while there are none.</summary>
    internal SketchBasis? Basis => Volatile.Read(ref _basis);

    /// <summary>Whether the index keeps float16 copies.</summary>
    internal bool KeepsFloat16 => _options.KeepFloat16;

    /// <summary>Takes over the rows of a snapshot, in segments that lie where it is mapped. The index must be empty.</summary>
    internal unsafe void Adopt(
        object owner, long rows, long* ids, long* subjects, float* scales, byte* bodies, Half* copies, float largestChord,
        SketchBasis? basis, byte* sketches, int[] outliers, int[] erased)
    {
        lock (_writing)
        {
            // Segments start at whole blocks of sketches.
            var most = Math.Max(SketchKernel.BlockRows, _segmentRows / SketchKernel.BlockRows * SketchKernel.BlockRows);
            var segments = new List<Segment>();
            _basis = null; // Registering must not give them empty sketches.
            _rows.Reserve((int)rows);
            int outlier = 0, gone = 0;
            for (long first = 0; first < rows; first += most)
            {
                var count = (int)Math.Min(most, rows - first);
                var from = outlier;
                while (outlier < outliers.Length && outliers[outlier] < first + count)
                    outlier++;
                var column = basis is null
                    ? null
                    : new SketchColumn(basis, count, sketches + (first / SketchKernel.BlockRows * basis.Groups * SketchKernel.GroupBytes),
                    Array.ConvertAll(outliers[from..outlier], row => (int)(row - first)));
                var segment = Register(
                    new Segment(Dimension, count, bodies + (first * Dimension), scales + first, ids + first, subjects + first,
                        copies is null ? null : copies + (first * Dimension), copies is null ? 0 : largestChord, column, owner));
                segments.Add(segment);
                for (; gone < erased.Length && erased[gone] < first + count; gone++)
                    segment.MarkErased((int)(erased[gone] - first));
                for (var row = 0; row < count; row++)
                {
                    if (segment.IsErased(row))
                        continue;
                    _rows.Add(segment.Ids[row], Handle(segment, row));
                    _subjects.Add(segment.Subjects[row]);
                }
            }
            _subjectCount = _subjects.Subjects;
            _basis = basis;
            if (basis is not null)
                _nextTraining = (int)Math.Min(int.MaxValue, (long)RetrainGrowth * Math.Max(basis.Errors.TrainedOn, 1));
            _count = (int)rows - erased.Length;
            Volatile.Write(ref _segments, [.. segments]);
        }
        if (MustTrain())
            TrainInBackground();
    }

    /// <summary>
    /// Trains sketches, now and on the calling thread, if it is time and nobody has done it; for a snapshot that is about to be saved.
    /// </summary>
    /// <param name="cancellationToken">Ends the training; searches stay right.</param>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public void TrainSketchesIfDue(CancellationToken cancellationToken = default)
    {
        lock (_training)
        {
            if (Count >= Volatile.Read(ref _nextTraining))
                TrainSketches(null, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Add(long id, long subject, Template template)
    {
        Check(template);
        bool train;
        lock (_writing)
        {
            if (_rows.TryGet(id, out _))
                throw new ArgumentException($"the index holds a template with id {id} already: remove it first", nameof(id));
            var open = _segments.Length == 0 ? null : _segments[^1];
            if (open is null || open.IsFull)
            {
                Merge();
                open = Register(new Segment(Dimension, Math.Clamp(_count, Math.Min(FirstSegmentRows, _segmentRows), _segmentRows)));
                Volatile.Write(ref _segments, [.. _segments, open]);
            }
            var outliers = open.Sketches?.Outliers.Length ?? 0;
            var row = open.Append(id, subject, template, _options.KeepFloat16);
            _rows.Add(id, Handle(open, row));
            _subjects.Add(subject);
            Volatile.Write(ref _subjectCount, _subjects.Subjects);
            _changes++;
            Volatile.Write(ref _count, _count + 1);
            _addedSinceTraining++;
            if (open.Sketches is { } sketches)
                _misfitsSinceTraining += sketches.Outliers.Length - outliers;
            train = MustTrain();
        }
        if (train)
            TrainInBackground();
    }

    /// <inheritdoc/>
    public bool Remove(long id)
    {
        lock (_writing)
        {
            if (!_rows.Remove(id, out var handle))
                return false;
            var segment = SegmentOf(handle);
            segment.Erase(RowOf(handle));
            _subjects.Remove(SubjectOf(handle));
            Volatile.Write(ref _subjectCount, _subjects.Subjects);
            _changes++;
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
            return _rows.TryGet(id, out _);
    }

    /// <summary>
    /// Trains sketches on the templates as they are and redraws all, now and on the calling thread; searches, adds and removes go on
    /// meanwhile. The index does this by itself when it is time; call it to have it done, after a gallery was loaded for instance. Does
    /// nothing with fewer than 1,000 templates, or when they are but copies of a few.
    /// </summary>
    /// <param name="progress">Receives the share done, 0 … 1.</param>
    /// <param name="cancellationToken">Ends the training; searches stay right, with the former sketches or none.</param>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public void TrainSketches(IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        const int Fewest = 1000;
        lock (_training)
        {
            if (Count < Fewest)
                return;
            var sample = new SketchSample(Volatile.Read(ref _segments), Dimension);
            if (!sample.IsEnough)
                return;
            var basis = sample.Train(SketchVersion + 1, _options.SketchElements, Count, cancellationToken);
            progress?.Report(0.2);
            Segment[] segments;
            lock (_writing)
            {
                Volatile.Write(ref _basis, basis);
                _nextTraining = (int)Math.Min(int.MaxValue, (long)RetrainGrowth * Math.Max(_count, Fewest));
                _addedSinceTraining = _misfitsSinceTraining = 0;
                segments = _segments;
            }
            // Segments that are born from now on, by an add or a merge, have the new basis at once.
            for (var i = 0; i < segments.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Redraw(segments[i], basis);
                progress?.Report(0.2 + (0.8 * (i + 1) / segments.Length));
            }
        }
    }

    /// <inheritdoc/>
    public IndexAnswer Search(Template probe, int listLength = 20, float floor = -1f, SubjectSet? filter = null, TallyRequest? tally = null,
        CancellationToken cancellationToken = default)
    {
        Check(probe);
        Check(listLength, floor);
        cancellationToken.ThrowIfCancellationRequested();
        IndexAnswer answer = null!;
        var (segments, basis) = (Volatile.Read(ref _segments), Basis);
        _scans.Rent().Run(
            segments, basis, Selected(segments, basis, filter), new ReadOnlySpan<Template>(in probe), listLength, floor, filter,
            Tallying(tally, filter), new Span<IndexAnswer>(ref answer), cancellationToken);
        return answer;
    }

    /// <inheritdoc/>
    public IReadOnlyList<IndexAnswer> SearchBatch(IReadOnlyList<Template> probes, int listLength = 20, float floor = -1f,
        SubjectSet? filter = null, TallyRequest? tally = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(probes);
        Check(listLength, floor);
        Template[] all = [.. probes];
        foreach (var probe in all)
            Check(probe);
        cancellationToken.ThrowIfCancellationRequested();

        var answers = new IndexAnswer[all.Length];
        var segments = Volatile.Read(ref _segments);
        var basis = Basis;
        var tallying = Tallying(tally, filter);
        var selected = Selected(segments, basis, filter);
        for (var first = 0; first < all.Length; first += ScanProbes.Most)
        {
            var count = Math.Min(ScanProbes.Most, all.Length - first);
            _scans.Rent().Run(
                segments, basis, selected, all.AsSpan(first, count), listLength, floor, filter, tallying, answers.AsSpan(first, count),
                cancellationToken);
        }
        return answers;
    }

    /// <summary>The rows of those few who may be listed; null where so many may that all rows are scanned.</summary>
    private int[][]? Selected(Segment[] segments, SketchBasis? basis, SubjectSet? filter)
    {
        if (filter is not { IsExclusion: false })
            return null;
        var most = Count * (basis is null ? SelectedOfBodies : SelectedOfSketched);
        // Each member has a template or more, or none here: a first look that costs nothing.
        if (filter.Count > most && filter.Count > 2 * Subjects * (most / Math.Max(1, Count)))
            return null;
        var rows = RowsOf(filter).Of(segments);
        return rows.Sum(part => (long)part.Length) <= most ? rows : null;
    }

    private SelectedRows RowsOf(SubjectSet set) => _selected.GetValue(set, static of => new SelectedRows(of));

    /// <summary>What a scan has to know to count; of a filter one look-up a member is made after a change of the index.</summary>
    private ExactScan.Tallying? Tallying(TallyRequest? request, SubjectSet? filter)
    {
        if (request is null)
            return null;
        if (filter is null)
            return new ExactScan.Tallying(request, Subjects, Subjects, IsFiltered: false);
        lock (_writing)
        {
            var members = RowsOf(filter).Members(_subjects, _changes);
            var all = _subjects.Subjects;
            return new ExactScan.Tallying(request, filter.IsExclusion ? all - members : members, all, IsFiltered: true);
        }
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

    private uint Handle(Segment segment, int row) => ((uint)segment.Number << _rowBits) | (uint)row;

    private Segment SegmentOf(uint handle) => _numbered[(int)(handle >> _rowBits)]!;

    private int RowOf(uint handle) => (int)(handle & ((1u << _rowBits) - 1));

    private unsafe long IdOf(uint handle) => SegmentOf(handle).Ids[RowOf(handle)];

    private unsafe long SubjectOf(uint handle) => SegmentOf(handle).Subjects[RowOf(handle)];

    private bool MustTrain() => _options.TrainInBackground && !_trainingInBackground
        && (_count >= _nextTraining
            || (_basis is not null && _addedSinceTraining >= 1000 && (long)_misfitsSinceTraining * RetrainMisfits > _addedSinceTraining));

    private void TrainInBackground()
    {
        lock (_writing)
        {
            if (!MustTrain())
                return;
            _trainingInBackground = true;
        }
        new Thread(() =>
        {
            try
            {
                TrainSketches();
            }
            finally
            {
                lock (_writing)
                {
                    _trainingInBackground = false;
                    // Whatever became of it, the next attempt waits for as many templates again.
                    _nextTraining = Math.Max(_nextTraining, _count + (_count / 4));
                    _addedSinceTraining = _misfitsSinceTraining = 0;
                }
            }
        })
        { IsBackground = true, Priority = ThreadPriority.BelowNormal, Name = "sketch training" }.Start();
    }

    /// <summary>
    /// Gives a segment sketches of a new basis. The rows of a full one do not change but by erasure, so that writers need not wait.
    /// </summary>
    private void Redraw(Segment segment, SketchBasis basis)
    {
        if (segment.Sketches?.Basis == basis)
            return;
        var column = new SketchColumn(basis, segment.Capacity);
        var drawn = segment.Published;
        segment.WriteSketches(column, 0, drawn);
        lock (_writing)
        {
            segment.WriteSketches(column, drawn, segment.Published);
            // Rows erased while they were drawn: nothing of them may stay.
            for (var row = 0; row < segment.Published; row++)
            {
                if (segment.IsErased(row))
                    column.Erase(row);
            }
            segment.Sketches = column;
        }
    }

    /// <summary>
    /// Drops full segments that are dead and joins, two by two, those at most half alive, until at most one of them is left.
    /// </summary>
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

    private unsafe Segment Join(Segment first, Segment second)
    {
        var joined = Register(new Segment(Dimension, first.Living + second.Living));
        foreach (var source in (ReadOnlySpan<Segment>)[first, second])
        {
            for (var row = 0; row < source.Published; row++)
            {
                if (!source.IsErased(row))
                    _rows.Move(source.Ids[row], Handle(joined, joined.Append(source, row)));
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
            if (number >= 1L << (32 - _rowBits))
                throw new InvalidOperationException($"the index is full: it holds {_count} templates in {number} segments");
            _numbered.Add(null);
        }
        segment.Number = number;
        _numbered[number] = segment;
        if (_basis is not null)
            segment.Sketches = new SketchColumn(_basis, segment.Capacity);
        return segment;
    }

    private void Retire(Segment segment)
    {
        _numbered[segment.Number] = null;
        _freeNumbers.Push(segment.Number);
    }
}
