using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using MatchEngine.Vectors.Kernels;

namespace MatchEngine.Vectors;

/// <summary>
/// The index that walks a graph of templates (hierarchical navigable small world, Malkov and Yashunin 2016/2018): it compares a probe with a small
/// part of the gallery, and may miss a candidate. About 730 bytes of memory for a 512-d template with M = 16, the float16 copy apart.
/// </summary>
/// <remarks>
/// <para><b>A step</b> reads the list of a node's links, asks for the cells of all nodes on it that were not seen yet (<see cref="HnswCells"/>: 112 principal
/// directions in four bits each, one cache line where the body is eight), and orders the beam by the estimates. Only what the beam holds at the end is compared in full,
/// best estimate first, until no estimate can reach the list any more, and listed by float16 copies where both sides have one. A template that
/// the directions do not fit is compared in full when it is met. Until <see cref="HnswOptions.SketchFrom"/> templates there are no sketches and all is
/// compared in full.</para>
/// <para><b>Readers and writers.</b> Searches and the walks of inserting threads take no lock. A list of links is changed in place under the lock of its
/// stripe, one int at a time: a reader may see old and new links mixed, each of which is some node, and that costs it a detour at most.
/// A node that is rewritten is guarded by its stamp: a row of an answer is read, with its vector, between two looks at the stamp, and
/// counts only if both found the same even number. So no answer holds half a vector, and none a template that was removed before.</para>
/// <para><b>Removal</b> marks a node: it stays a step to others but is on no list. When one in a hundred nodes is marked, a thread of low
/// priority gives each node with links to marked ones new links, chosen among its own and theirs; then the marked vectors are overwritten and
/// their places are free for later templates. <see cref="Repair"/> does it at once.</para>
/// <para><b>Fewer than k.</b> When a walk finds fewer subjects than asked, the beam is widened by as much as the share of nodes that passed the filter tells, and at
/// last the gallery is scanned: removed templates, filters and subjects with many templates never shorten a list. The floor ends the reading of the beam and
/// spares the widening.</para>
/// </remarks>
public sealed unsafe class HnswIndex : IVectorIndex
{
    private const int Stripes = 4096;
    private const int MostLevels = 16;
    private const int UpperChunk = 1 << 14;
    private const int RetrainGrowth = 4;
    private const int ScanTile = 64;

    /// <summary>The number of spreads that an estimate may be off by before the beam is no longer read: one candidate in thousands is farther.</summary>
    private const float BeamQuantile = 3.5f;

    /// <summary>How many vectors ahead memory is asked for.</summary>
    private const int Ahead = 4;

    /// <summary>The end of a list of links that is not full.</summary>
    private const int End = -1;

    private readonly HnswOptions _options;
    private readonly DotKernel _kernel = DotKernel.Best;
    private readonly CellKernel _cellKernel = CellKernel.Best;
    private readonly Lock _writing = new();
    private readonly Lock _repairing = new();
    private readonly Lock _training = new();
    private readonly int[] _stripes = new int[Stripes];
    private readonly HnswBeam?[] _idle = new HnswBeam?[4 * Environment.ProcessorCount];
    private readonly RowMap _rows;
    private readonly Stack<int> _free = [];
    private readonly List<int> _tombstones = [];

    private HnswChunk[] _chunks = [];
    private HnswCells[] _cells = [];
    private SketchBasis? _basis;
    private int[][] _upper = [];
    private int _upperUsed;
    private int _nodes;
    private int _count;
    private long _entry = -1; // level in the high half, node in the low one
    private bool _repairingInBackground;
    private bool _trainingInBackground;
    private float _largestChord;
    private long _withCopies;
    private long _withoutCopies;
    private int _calibratedEf;
    private int _calibratedAt;
    private bool _calibratedReached;

    /// <summary>An empty index.</summary>
    /// <param name="model">The model whose templates it will hold.</param>
    /// <param name="dimension">The dimension of those templates.</param>
    /// <param name="options">How it is built and searched; the defaults when null.</param>
    /// <exception cref="ArgumentException">The dimension is not supported, or an option is out of its range.</exception>
    public HnswIndex(ModelDigest model, int dimension, HnswOptions? options = null)
    {
        _options = options ?? new HnswOptions();
        if (!Template.IsSupportedDimension(dimension))
        {
            throw new ArgumentException(
                $"dimension {dimension} is not supported: it must be a multiple of {Template.DimensionStep} up to {Template.MaxDimension}", nameof(dimension));
        }
        if (_options.M is < 4 or > 64)
            throw new ArgumentException($"M is {_options.M}: it must be 4 … 64", nameof(options));
        if (_options.EfConstruction < _options.M)
            throw new ArgumentException($"efConstruction is {_options.EfConstruction}: it must be at least M, {_options.M}", nameof(options));
        if (_options.EfSearch < 1)
            throw new ArgumentException($"ef is {_options.EfSearch}: it must be at least 1", nameof(options));
        if (_options.SketchFrom is < 1000)
            throw new ArgumentException($"sketches from {_options.SketchFrom} templates on: it must be 1,000 at least", nameof(options));
        if (_options.MatedHitTarget is not (> 0 and <= 1))
            throw new ArgumentException($"the target of mated hits is {_options.MatedHitTarget}: it must be a share, 0 … 1", nameof(options));
        Model = model;
        Dimension = dimension;
        _rows = new RowMap(node => Chunk((int)node).Ids[Row((int)node)]);
    }

    /// <inheritdoc/>
    public ModelDigest Model { get; }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public int Count => Volatile.Read(ref _count);

    /// <summary>
    /// The width of a search's beam: as given, or as the last <see cref="Calibrate"/> found it, or, as long as there was none for half of the present
    /// size, a cautious guess that grows with the square root of the size.
    /// </summary>
    public int EfSearch
    {
        get
        {
            if ((FixedEf ?? _options.EfSearch) is { } given)
                return given;
            var guess = (int)Math.Clamp(4 * Math.Sqrt(Count), 64, 8192);
            return _calibratedEf > 0 && Count <= 2L * _calibratedAt ? _calibratedEf : Math.Max(guess, _calibratedEf);
        }
    }

    /// <summary>A width that goes before all others, so that one graph can be measured with several.</summary>
    internal int? FixedEf { get; set; }

    /// <summary>Whether the beam was calibrated at half of the present size or more, and the target was reached there.</summary>
    internal bool IsCalibrated => _calibratedEf > 0 && _calibratedReached && Count <= 2L * _calibratedAt;

    /// <summary>
    /// The memory that the templates take, in bytes: vectors, sketches, links, ids and the map of ids, without float16 copies. What is allocated ahead is address
    /// space that nothing was written to yet, and is not counted.
    /// </summary>
    public long AllocatedBytes => (Volatile.Read(ref _nodes) * (Dimension + (4L * ListLength) + CellKernel.CellBytes + 16L)) + (4L * _upperUsed) + _rows.Bytes;

    /// <summary>The basis of the sketches, null while there are none.</summary>
    internal SketchBasis? Basis => Volatile.Read(ref _basis);

    /// <summary>The links that a new node makes.</summary>
    internal int M => _options.M;

    /// <summary>The node at which walks begin, −1 when there is none, and its level.</summary>
    internal (int Node, int Level) Entry => Volatile.Read(ref _entry) is >= 0 and var entry ? ((int)entry, (int)(entry >> 32)) : (-1, 0);

    /// <summary>The calibrated beam, the number of templates then, and whether the target was reached.</summary>
    internal (int Ef, int At, bool Reached) Calibration => (_calibratedEf, _calibratedAt, _calibratedReached);

    private int ListLength => 2 * _options.M;

    /// <inheritdoc/>
    public void Add(long id, long subject, Template template)
    {
        Check(template);
        var node = Allocate(id, subject, template);
        var beam = Rent();
        try
        {
            Prepare(beam, template, copies: false);
            Link(node, beam);
        }
        finally
        {
            Return(beam);
        }
        bool train;
        lock (_writing)
        {
            SetState(node, NodeState.Living);
            Volatile.Write(ref _count, _count + 1);
            if (_entry < 0)
                Volatile.Write(ref _entry, HighestLiving());
            train = MustTrain(_count) && !_trainingInBackground;
            _trainingInBackground |= train;
        }
        if (train)
        {
            new Thread(() =>
            {
                try
                {
                    TrainSketches();
                }
                finally
                {
                    lock (_writing)
                        _trainingInBackground = false;
                }
            })
            { IsBackground = true, Priority = ThreadPriority.BelowNormal, Name = "graph sketches" }.Start();
        }
    }

    /// <summary>Adds many templates on several threads. What was added when it ends early stays.</summary>
    /// <param name="templates">Ids, subjects and templates.</param>
    /// <param name="parallelism">The number of threads; null for one a processor. One builds the same graph every time.</param>
    /// <param name="progress">Receives the number of templates added.</param>
    /// <param name="cancellationToken">Ends the adding.</param>
    /// <exception cref="ArgumentException">As <see cref="Add"/>; from several threads within an <see cref="AggregateException"/>.</exception>
    /// <exception cref="OperationCanceledException">The adding was cancelled.</exception>
    public void AddRange(IReadOnlyList<(long Id, long Subject, Template Template)> templates, int? parallelism = null, IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(templates);
        var threads = parallelism ?? Environment.ProcessorCount;
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1, nameof(parallelism));
        if (MustTrain(Count + templates.Count))
        {
            // Before the graph is built rather than after: the walks of inserting threads are three times as fast with sketches.
            var sample = new SketchSample(templates.Count, Dimension, i => (UnitVector(templates[i].Template), templates[i].Subject));
            lock (_training)
                Train(sample, Count + templates.Count, cancellationToken);
        }
        lock (_writing)
        {
            if (_rows.Count == 0)
                _rows.Reserve(templates.Count);
        }
        var done = 0;
        void One(int i)
        {
            Add(templates[i].Id, templates[i].Subject, templates[i].Template);
            var count = Interlocked.Increment(ref done);
            if (count % 1000 == 0 || count == templates.Count)
                progress?.Report(count);
        }
        if (threads == 1)
        {
            for (var i = 0; i < templates.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                One(i);
            }
            return;
        }
        Parallel.For(0, templates.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, One);
    }

    /// <summary>Removes a template from every later answer; false when the index does not hold the id. Its vector is overwritten by the next repair.</summary>
    public bool Remove(long id)
    {
        var repair = false;
        for (var wait = new SpinWait(); ; wait.SpinOnce())
        {
            lock (_writing)
            {
                if (!_rows.TryGet(id, out var found))
                    return false;
                // While another thread is about to return from adding it, wait, but not with the lock that it may need.
                if (State((int)found) == NodeState.Linking)
                    continue;
                _rows.Remove(id, out _);
                SetState((int)found, NodeState.Tombstone);
                _tombstones.Add((int)found);
                Volatile.Write(ref _count, _count - 1);
                repair = !_repairingInBackground && _tombstones.Count > Math.Max(64, _nodes / 100);
                _repairingInBackground |= repair;
                break;
            }
        }
        if (repair)
        {
            new Thread(() =>
            {
                Repair();
                lock (_writing)
                    _repairingInBackground = false;
            })
            { IsBackground = true, Priority = ThreadPriority.BelowNormal, Name = "graph repair" }.Start();
        }
        return true;
    }

    /// <inheritdoc/>
    public bool Contains(long id)
    {
        lock (_writing)
            return _rows.TryGet(id, out _);
    }

    /// <summary>Leads all links around the templates removed so far and overwrites their vectors. Searches, adds and removes go on meanwhile.</summary>
    public void Repair()
    {
        lock (_repairing)
        {
            int[] dead;
            int nodes;
            lock (_writing)
            {
                dead = [.. _tombstones];
                _tombstones.Clear();
                nodes = _nodes;
            }
            if (dead.Length == 0)
                return;
            for (var node = 0; node < nodes; node++)
            {
                if (State(node) is NodeState.Living or NodeState.Linking)
                {
                    for (var level = 0; level <= Level(node); level++)
                        LeadAround(node, level);
                }
            }
            lock (_writing)
            {
                if (_entry >= 0 && State((int)_entry) != NodeState.Living)
                    Volatile.Write(ref _entry, HighestLiving());
                foreach (var node in dead)
                {
                    var (chunk, row, cells) = (Chunk(node), Row(node), _cells[node >> HnswChunk.RowBits]);
                    var (marks, level) = (cells.Marks(row), HnswCells.Level(cells.Marks(row)));
                    cells.Mark(row, HnswCells.Writing(marks));
                    Volatile.WriteBarrier();
                    new Span<byte>(chunk.Bodies + ((nint)row * Dimension), Dimension).Fill(0x80);
                    chunk.WriteCopy(row, default);
                    cells.Erase(row);
                    for (var l = 0; l <= level; l++)
                        *List(node, l) = End;
                    cells.Mark(row, HnswCells.Written(HnswCells.Writing(marks), NodeState.Free, level));
                    _free.Push(node);
                }
            }
        }
    }

    /// <summary>
    /// Trains the sketches on the templates as they are and redraws all, now and on the calling thread; searches, adds and removes go on meanwhile. The index does
    /// this by itself when <see cref="HnswOptions.SketchFrom"/> templates are reached, and again whenever their number has grown fourfold.
    /// </summary>
    /// <param name="cancellationToken">Ends the training; what is not redrawn is compared in full.</param>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public void TrainSketches(CancellationToken cancellationToken = default)
    {
        lock (_training)
        {
            var nodes = Volatile.Read(ref _nodes);
            if (nodes == 0)
                return;
            Train(new SketchSample(nodes, Dimension, Vector), nodes, cancellationToken);
        }
    }

    /// <summary>Trains the sketches on the templates that will be added.</summary>
    internal void Train(Segment[] segments, CancellationToken cancellationToken)
    {
        var rows = segments.Sum(segment => segment.Published);
        if (!MustTrain(rows))
            return;
        lock (_training)
            Train(new SketchSample(segments, Dimension), rows, cancellationToken);
    }

    /// <summary>Trains the sketches on a sample, for a gallery of a size.</summary>
    internal void Train(SketchSample sample, int gallerySize, CancellationToken cancellationToken)
    {
        if (!sample.IsEnough)
            return;
        var basis = sample.Train((_basis?.Version ?? 0) + 1, Math.Min(CellKernel.MaxElements, Dimension / SketchKernel.GroupElements * SketchKernel.GroupElements), gallerySize, cancellationToken);
        lock (_writing)
            Volatile.Write(ref _basis, basis);
        // Chunks that are born from now on have the new basis at once.
        for (var c = 0; c < Volatile.Read(ref _chunks).Length; c++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Redraw(c, basis);
        }
    }

    private bool MustTrain(int count) => count >= (_options.SketchFrom ?? int.MaxValue) && (_basis is not { } basis || count >= (long)RetrainGrowth * basis.Errors.TrainedOn);

    /// <summary>Gives a chunk new cells. Sketches are drawn without the lock; the marks move under it, with what was written meanwhile.</summary>
    private void Redraw(int c, SketchBasis basis)
    {
        var former = Volatile.Read(ref _cells)[c];
        if (former.Basis == basis)
            return;
        var cells = new HnswCells(basis, c > 0);
        var body = new sbyte[Dimension];
        var stamps = new uint[HnswChunk.Rows];
        var drawn = Math.Min(HnswChunk.Rows, Volatile.Read(ref _nodes) - (c << HnswChunk.RowBits));
        for (var row = 0; row < drawn; row++)
        {
            stamps[row] = former.Marks(row);
            Volatile.ReadBarrier();
            Draw(row);
        }
        lock (_writing)
        {
            var rows = Math.Min(HnswChunk.Rows, _nodes - (c << HnswChunk.RowBits));
            for (var row = 0; row < rows; row++)
            {
                var marks = former.Marks(row);
                // States may have changed, which is no matter of the sketch.
                if (row >= drawn || HnswCells.With(marks, 0) != HnswCells.With(stamps[row], 0) || HnswCells.IsWritten(marks))
                    Draw(row);
                cells.Mark(row, marks);
            }
            HnswCells[] columns = [.. _cells];
            columns[c] = cells;
            Volatile.Write(ref _cells, columns);
        }

        void Draw(int row)
        {
            ReadBody((c << HnswChunk.RowBits) + row, body);
            cells.Draw(row, body, former.Scale(row));
        }
    }

    private float[] UnitVector(Template template)
    {
        var vector = new float[Dimension];
        for (var i = 0; i < vector.Length; i++)
            vector[i] = template.Body[i] * template.Scale;
        return vector;
    }

    /// <summary>The vector of a node and its subject, for training; no vector when the node is none or is being written.</summary>
    private (float[]? Vector, long Subject) Vector(int node)
    {
        var marks = Marks(node);
        if (HnswCells.State(marks) is not (NodeState.Living or NodeState.Linking) || HnswCells.IsWritten(marks))
            return default;
        Span<sbyte> body = stackalloc sbyte[Dimension];
        ReadBody(node, body);
        var (scale, subject) = (Scale(node), Chunk(node).Subjects[Row(node)]);
        Volatile.ReadBarrier();
        if (HnswCells.With(marks, 0) != HnswCells.With(Marks(node), 0))
            return default;
        var vector = new float[Dimension];
        for (var i = 0; i < vector.Length; i++)
            vector[i] = body[i] * scale;
        return (vector, subject);
    }

    /// <summary>
    /// Measures which beam reaches <see cref="HnswOptions.MatedHitTarget"/>, with 95 % confidence, and lets searches use it. The probes are made of the gallery's own templates, as further
    /// encounters of its subjects would be whose scores with them are 0.69 ± 0.12 (measured on Labeled Faces in the Wild with the default model). Those count whose mate an exhaustive
    /// search ranks first. It takes about as long as the exhaustive searches of up to 20,000 probes.
    /// </summary>
    /// <param name="cancellationToken">Ends the measurement without a result.</param>
    /// <returns>The width of the beam.</returns>
    /// <exception cref="OperationCanceledException">The measurement was cancelled.</exception>
    public int Calibrate(CancellationToken cancellationToken = default) => CalibrateAgainst(probes => Nearest(probes, cancellationToken), cancellationToken);

    /// <summary>The same with a reference that knows the id of each probe's best template.</summary>
    internal int CalibrateAgainst(Func<Template[], long[]> nearest, CancellationToken cancellationToken)
    {
        if (Count == 0 || new HnswCalibration(this, _options.MatedHitTarget, _options.Seed).Run(nearest, cancellationToken) is not var (ef, reached))
            return EfSearch;
        lock (_writing)
        {
            _calibratedReached = reached;
            _calibratedAt = _count;
            Volatile.Write(ref _calibratedEf, ef);
        }
        return ef;
    }

    /// <inheritdoc/>
    public IndexAnswer Search(Template probe, int listLength = 20, float floor = -1f, Func<long, bool>? filter = null, CancellationToken cancellationToken = default) =>
        Search(probe, listLength, floor, filter, EfSearch, cancellationToken);

    /// <summary>A search with a beam of a width, or of the list's length if that is more.</summary>
    internal IndexAnswer Search(Template probe, int listLength, float floor, Func<long, bool>? filter, int width, CancellationToken cancellationToken)
    {
        Check(probe);
        ArgumentOutOfRangeException.ThrowIfLessThan(listLength, 1);
        if (float.IsNaN(floor))
            throw new ArgumentException("the score floor is NaN: give a cosine from −1 to 1", nameof(floor));
        cancellationToken.ThrowIfCancellationRequested();
        var ef = Math.Max(width, listLength);
        // A walk compares up to 2·M templates a step, at random: when that is the gallery, a scan is faster and misses nothing.
        while (2L * _options.M * ef < Count)
        {
            if (Walk(probe, listLength, floor, filter, ef, out var found, cancellationToken) is { } answer)
                return answer;
            // So many of the beam were subjects that pass; the beam that holds enough of them, and a half more.
            var share = Math.Max(found, 0.5) / ef;
            ef = (int)Math.Clamp(1.5 * listLength / share, 2.0 * ef, int.MaxValue / 2);
        }
        return Scan(probe, listLength, floor, filter, cancellationToken);
    }

    /// <inheritdoc/>
    public IReadOnlyList<IndexAnswer> SearchBatch(IReadOnlyList<Template> probes, int listLength = 20, float floor = -1f, Func<long, bool>? filter = null,
        CancellationToken cancellationToken = default) =>
        SearchBatch(probes, listLength, floor, filter, EfSearch, cancellationToken);

    /// <summary>The same with a beam of a width.</summary>
    internal IReadOnlyList<IndexAnswer> SearchBatch(IReadOnlyList<Template> probes, int listLength, float floor, Func<long, bool>? filter, int width,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(probes);
        foreach (var probe in probes)
            Check(probe);
        var answers = new IndexAnswer[probes.Count];
        if (probes.Count > 0)
        {
            // Walks share no memory traffic; they share the processors.
            Parallel.For(0, probes.Count, new ParallelOptions { CancellationToken = cancellationToken },
                i => answers[i] = Search(probes[i], listLength, floor, filter, width, cancellationToken));
        }
        return answers;
    }

    /// <summary>The links of a node on a level, for tests.</summary>
    internal int[] Links(int node, int level) => new ReadOnlySpan<int>(List(node, level), Length(List(node, level), Most(node, level))).ToArray();

    /// <summary>The number of nodes, removed ones included, for tests.</summary>
    internal int Nodes => Volatile.Read(ref _nodes);

    /// <summary>The node of a template, −1 when there is none.</summary>
    internal int NodeOf(long id)
    {
        lock (_writing)
            return _rows.TryGet(id, out var node) ? (int)node : -1;
    }

    /// <summary>The subject of a node; the smallest possible long when it is none.</summary>
    internal long SubjectOf(int node) => node >= 0 && State(node) == NodeState.Living ? Chunk(node).Subjects[Row(node)] : long.MinValue;

    /// <summary>The vector of a node; null when it is none or is being written.</summary>
    internal float[]? VectorOf(int node) => Vector(node).Vector;

    /// <summary>The level of a node.</summary>
    internal int LevelAt(int node) => Level(node);

    /// <summary>Copies a node's sketch in a basis, and its scale.</summary>
    internal void CopyCell(int node, SketchBasis? basis, Span<byte> target)
    {
        var cells = Volatile.Read(ref _cells)[node >> HnswChunk.RowBits];
        if (cells.Basis != basis)
        {
            // Not redrawn yet: as if the basis did not fit.
            target.Clear();
            System.Buffers.Binary.BinaryPrimitives.WriteSingleLittleEndian(target[CellKernel.CodeBytes..], -cells.Scale(Row(node)));
            return;
        }
        new ReadOnlySpan<byte>(cells.Cell(Row(node)), target.Length).CopyTo(target);
        GC.KeepAlive(cells);
    }

    /// <summary>Takes over the nodes of a snapshot: where it is mapped, but for the last ones, which do not fill a chunk. The index must be empty.</summary>
    /// <returns>The rows that are no nodes.</returns>
    internal List<int> Adopt(object owner, int rows, long* ids, long* subjects, byte* bodies, Half* copies, float largestChord, SketchBasis? basis, byte* cells,
        int* links, ReadOnlySpan<int> upper, HnswHeader header, int[] erased)
    {
        List<int> absent = [];
        lock (_writing)
        {
            var columns = new List<HnswCells>();
            var chunks = new List<HnswChunk>();
            for (var first = 0; first < rows; first += HnswChunk.Rows)
            {
                var count = Math.Min(HnswChunk.Rows, rows - first);
                var (body, list, cell) = ((nint)first * Dimension, (nint)first * ListLength, (nint)first * CellKernel.CellBytes);
                if (count == HnswChunk.Rows)
                {
                    chunks.Add(new HnswChunk(Dimension, bodies + body, links + list, ids + first, subjects + first, copies is null ? null : copies + body, owner));
                    columns.Add(new HnswCells(basis, cells + cell, owner));
                    continue;
                }
                var chunk = new HnswChunk(Dimension, ListLength, first > 0);
                var column = new HnswCells(basis, first > 0);
                new ReadOnlySpan<byte>(bodies + body, count * Dimension).CopyTo(new Span<byte>(chunk.Bodies, count * Dimension));
                new ReadOnlySpan<int>(links + list, count * ListLength).CopyTo(new Span<int>(chunk.Lists, count * ListLength));
                new ReadOnlySpan<long>(ids + first, count).CopyTo(new Span<long>(chunk.Ids, count));
                new ReadOnlySpan<long>(subjects + first, count).CopyTo(new Span<long>(chunk.Subjects, count));
                new ReadOnlySpan<byte>(cells + cell, count * CellKernel.CellBytes).CopyTo(new Span<byte>(column.Cell(0), count * CellKernel.CellBytes));
                for (var row = 0; copies is not null && row < count; row++)
                {
                    var copy = new ReadOnlySpan<Half>(copies + body + ((nint)row * Dimension), Dimension);
                    chunk.WriteCopy(row, Half.IsNaN(copy[0]) ? default : copy);
                }
                chunks.Add(chunk);
                columns.Add(column);
            }
            _upper = new int[(upper.Length + UpperChunk - 1) / UpperChunk][];
            for (var c = 0; c < _upper.Length; c++)
            {
                _upper[c] = GC.AllocateUninitializedArray<int>(UpperChunk, pinned: true);
                Array.Fill(_upper[c], End);
                upper[(c * UpperChunk)..Math.Min(upper.Length, (c + 1) * UpperChunk)].CopyTo(_upper[c]);
            }
            _upperUsed = upper.Length;
            _basis = basis;
            Volatile.Write(ref _cells, [.. columns]);
            Volatile.Write(ref _chunks, [.. chunks]);
            _rows.Reserve(rows);
            var gone = 0;
            for (var row = 0; row < rows; row++)
            {
                while (gone < erased.Length && erased[gone] < row)
                    gone++;
                if (gone < erased.Length && erased[gone] == row)
                {
                    SetState(row, NodeState.Tombstone);
                    _tombstones.Add(row);
                }
                else if (State(row) == NodeState.Living)
                {
                    _rows.Add(ids[row], (uint)row);
                }
                else
                {
                    absent.Add(row); // Its place is not free: the exhaustive index has a template there.
                }
            }
            _largestChord = largestChord;
            (_withCopies, _withoutCopies) = copies is null ? (0, rows) : (rows, 0);
            (_calibratedEf, _calibratedAt, _calibratedReached) = (header.CalibratedEf, header.CalibratedAt, header.CalibratedReached);
            Volatile.Write(ref _count, _rows.Count);
            Volatile.Write(ref _nodes, rows);
            Volatile.Write(ref _entry, header.EntryRow < 0 ? -1 : ((long)header.EntryLevel << 32) | (uint)header.EntryRow);
        }
        return absent;
    }

    /// <summary>Where lists of a length come to lie behind others: no node's lists lie in two pieces of memory.</summary>
    internal static int PlaceUpper(int used, int length) => (used % UpperChunk) + length > UpperChunk ? (used / UpperChunk * UpperChunk) + UpperChunk : used;

    /// <summary>A walk with a given beam; null when it found too few subjects to stop.</summary>
    private IndexAnswer? Walk(Template probe, int listLength, float floor, Func<long, bool>? filter, int ef, out int found, CancellationToken cancellationToken)
    {
        var beam = Rent();
        found = 0;
        try
        {
            var entry = Volatile.Read(ref _entry);
            if (entry < 0)
                return null;
            Prepare(beam, probe, copies: true);
            var node = (int)entry;
            for (var level = (int)(entry >> 32); level > 0; level--)
                node = Descend(node, level, beam);
            Spread(node, ef, 0, beam, cancellationToken);

            var list = beam.List;
            list.Begin(listLength, floor);
            var slack = Slack(beam);
            var threshold = float.NaN;
            var least = 0f;
            var enough = beam.Count < ef && beam.Count >= Count;
            for (var i = 0; i < Math.Min(Ahead, beam.Count); i++)
                Prefetch(beam.Node(i));
            for (var i = 0; i < beam.Count; i++)
            {
                if (list.Threshold != threshold)
                {
                    threshold = list.Threshold;
                    least = (beam.Basis is null ? threshold : beam.Sketch.LeastEstimate(threshold, BeamQuantile)) - slack;
                }
                if (beam.Score(i) < least)
                {
                    enough |= threshold <= floor; // Not the list's end but the floor.
                    break;
                }
                if (i + Ahead < beam.Count)
                    Prefetch(beam.Node(i + Ahead));
                if (TryRead(beam.Node(i), beam, threshold, slack, out var hit) && list.Admits(hit) && (filter is null || filter(hit.Subject)))
                    list.Add(hit);
            }
            var hits = list.ToList();
            found = hits.Length;
            if (found < listLength && !enough)
                return null;
            return Answer(hits, IndexAnswer.Hnsw, beam, ef);
        }
        finally
        {
            beam.Clear();
            Return(beam);
        }
    }

    private IndexAnswer Answer(IndexHit[] hits, string path, HnswBeam beam, int? ef) => new(hits, path, beam.Compared)
    {
        EfSearch = ef,
        ComparedInFull = beam.ComparedInFull,
        Precision = float.IsNaN(beam.Chord) || Volatile.Read(ref _withCopies) == 0 ? ScorePrecision.Int8
            : Volatile.Read(ref _withoutCopies) == 0 ? ScorePrecision.Float16 : ScorePrecision.Mixed,
    };

    /// <summary>Gives the probe, its sketch and, for a search, its float16 copy to a beam, with the cells that may be read.</summary>
    private void Prepare(HnswBeam beam, Template probe, bool copies)
    {
        probe.Body.CopyTo(new Span<sbyte>(beam.Probe, Dimension));
        beam.ProbeSum = DotKernel.Sum(probe.Body);
        beam.ProbeScale = probe.Scale;
        beam.Compared = beam.ComparedInFull = 0;
        // The basis before the cells: cells of a later one are compared in full.
        beam.Basis = Volatile.Read(ref _basis);
        beam.Columns = Volatile.Read(ref _cells);
        if (beam.Basis is { } basis)
        {
            Span<sbyte> elements = stackalloc sbyte[basis.Elements];
            beam.Sketch = basis.Prepare(probe.Body, probe.Scale, elements);
            CellKernel.WriteProbe(elements, beam.SketchElements);
            elements.Clear();
        }
        beam.Chord = float.NaN;
        if (!copies || !probe.HasUsableFloat16 || Volatile.Read(ref _withCopies) == 0)
            return;
        var copy = new Span<float>(beam.Copy, Dimension);
        Float16Dot.Widen(probe.Float16, copy);
        beam.CopySquares = Float16Dot.Squares(copy);
        beam.Chord = probe.Chord;
    }

    /// <summary>By how much the score from bodies may fall short of the one that is listed.</summary>
    private float Slack(HnswBeam beam) => float.IsNaN(beam.Chord) ? 0 : beam.Chord + Volatile.Read(ref _largestChord) + 1e-6f;

    /// <summary>Reads a node as a row of an answer; false when it is not living, was rewritten meanwhile, or scores too little to be listed.</summary>
    private bool TryRead(int node, HnswBeam beam, float threshold, float slack, out IndexHit hit)
    {
        var (chunk, row) = (Chunk(node), Row(node));
        var marks = Marks(node);
        var score = CompareInFull(node, beam);
        hit = default;
        if (score < threshold - slack)
            return false;
        if (slack > 0 && chunk.Copy(row) is { IsEmpty: false } copy)
        {
            var (dot, squares) = Float16Dot.Of(new ReadOnlySpan<float>(beam.Copy, Dimension), copy);
            score = Score.FromFloat16(dot, beam.CopySquares, squares);
        }
        hit = new IndexHit(chunk.Ids[row], chunk.Subjects[row], score);
        Volatile.ReadBarrier();
        return HnswCells.State(marks) == NodeState.Living && !HnswCells.IsWritten(marks) && marks == Marks(node) && score >= threshold;
    }

    /// <summary>Compares the probe with every template, in the order of memory.</summary>
    private IndexAnswer Scan(Template probe, int listLength, float floor, Func<long, bool>? filter, CancellationToken cancellationToken)
    {
        var beam = Rent();
        var list = beam.List;
        try
        {
            Prepare(beam, probe, copies: true);
            list.Begin(listLength, floor);
            var slack = Slack(beam);
            var sum = beam.ProbeSum;
            var dots = stackalloc int[ScanTile];
            var nodes = Volatile.Read(ref _nodes);
            for (var first = 0; first < nodes; first += ScanTile)
            {
                if (first % HnswChunk.Rows == 0)
                    cancellationToken.ThrowIfCancellationRequested();
                var (chunk, row, rows) = (Chunk(first), Row(first), Math.Min(ScanTile, nodes - first));
                _kernel.Dots(beam.Probe, &sum, 1, chunk.Bodies + ((nint)row * Dimension), rows, Dimension, dots);
                for (var i = 0; i < rows; i++)
                {
                    // A torn score is caught below, or is that of a row which was not there when the search began.
                    var score = Score.FromDot(dots[i], Scale(first + i) * beam.ProbeScale);
                    if (score >= list.Threshold - slack && TryRead(first + i, beam, list.Threshold, slack, out var hit)
                        && list.Admits(hit) && (filter is null || filter(hit.Subject)))
                    {
                        list.Add(hit);
                    }
                }
            }
            beam.Compared = beam.ComparedInFull = Count;
            return Answer(list.ToList(), IndexAnswer.Exact, beam, null);
        }
        finally
        {
            beam.Clear();
            Return(beam);
        }
    }

    /// <summary>The id of the best template of each of many probes by comparing all, the smallest possible long where there is none.</summary>
    private long[] Nearest(Template[] probes, CancellationToken cancellationToken)
    {
        const int Block = 64;
        var best = new long[probes.Length];
        Parallel.For(0, (probes.Length + Block - 1) / Block, new ParallelOptions { CancellationToken = cancellationToken }, block =>
        {
            var (from, count) = (block * Block, Math.Min(Block, probes.Length - (block * Block)));
            var bodies = GC.AllocateArray<sbyte>(count * Dimension, pinned: true);
            var sums = new int[count];
            var (scores, ids) = (new float[count], new long[count]);
            Array.Fill(scores, float.NegativeInfinity);
            Array.Fill(ids, long.MinValue);
            for (var p = 0; p < count; p++)
            {
                probes[from + p].Body.CopyTo(bodies.AsSpan(p * Dimension));
                sums[p] = DotKernel.Sum(probes[from + p].Body);
            }
            var dots = new int[count * ScanTile];
            var nodes = Volatile.Read(ref _nodes);
            fixed (sbyte* start = bodies)
            fixed (int* sum = sums, dot = dots)
            {
                for (var first = 0; first < nodes; first += ScanTile)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var (chunk, row, rows) = (Chunk(first), Row(first), Math.Min(ScanTile, nodes - first));
                    _kernel.Dots(start, sum, count, chunk.Bodies + ((nint)row * Dimension), rows, Dimension, dot);
                    for (var i = 0; i < rows; i++)
                    {
                        if (State(first + i) != NodeState.Living)
                            continue;
                        var scale = Scale(first + i);
                        for (var p = 0; p < count; p++)
                        {
                            if (dot[(p * rows) + i] * scale > scores[p])
                                (scores[p], ids[p]) = (dot[(p * rows) + i] * scale, chunk.Ids[row + i]);
                        }
                    }
                }
            }
            ids.CopyTo(best, from);
        });
        return best;
    }

    private int Allocate(long id, long subject, Template template)
    {
        lock (_writing)
        {
            if (_rows.TryGet(id, out _))
                throw new ArgumentException($"the index holds a template with id {id} already: remove it first", nameof(id));
            uint marks = 0;
            if (_free.TryPop(out var node))
            {
                marks = Marks(node);
            }
            else
            {
                node = _nodes;
                if (node >> HnswChunk.RowBits == _chunks.Length)
                {
                    Volatile.Write(ref _cells, [.. _cells, new HnswCells(_basis, _cells.Length > 0)]);
                    Volatile.Write(ref _chunks, [.. _chunks, new HnswChunk(Dimension, ListLength, _chunks.Length > 0)]);
                }
                var level = LevelOf(node);
                marks = HnswCells.Written(uint.MaxValue << 6, NodeState.Free, level);
                new Span<int>(Chunk(node).Lists + ((nint)Row(node) * ListLength), ListLength).Fill(End);
                if (level > 0)
                    Chunk(node).Lists[((nint)(Row(node) + 1) * ListLength) - 1] = AllocateUpper(level * _options.M);
            }
            var (chunk, row, cells) = (Chunk(node), Row(node), _cells[node >> HnswChunk.RowBits]);
            cells.Mark(row, HnswCells.Writing(marks));
            Volatile.WriteBarrier();
            DotKernel.WriteRow(template.Body, new Span<byte>(chunk.Bodies + ((nint)row * Dimension), Dimension));
            var copied = _options.KeepFloat16 && template.HasUsableFloat16;
            chunk.WriteCopy(row, copied ? template.Float16 : default);
            if (copied)
            {
                Volatile.Write(ref _largestChord, Math.Max(_largestChord, template.Chord));
                Volatile.Write(ref _withCopies, _withCopies + 1);
            }
            else
            {
                Volatile.Write(ref _withoutCopies, _withoutCopies + 1);
            }
            cells.Draw(row, template.Body, template.Scale);
            chunk.Ids[row] = id;
            chunk.Subjects[row] = subject;
            cells.Mark(row, HnswCells.Written(HnswCells.Writing(marks), NodeState.Linking, HnswCells.Level(marks)));
            _rows.Add(id, (uint)node);
            if (node == _nodes)
                Volatile.Write(ref _nodes, node + 1);
            if (_entry < 0)
                Volatile.Write(ref _entry, ((long)HnswCells.Level(marks) << 32) | (uint)node);
            return node;
        }
    }

    private int AllocateUpper(int length)
    {
        _upperUsed = PlaceUpper(_upperUsed, length);
        if (_upperUsed + length > _upper.Length * UpperChunk)
        {
            var lists = GC.AllocateUninitializedArray<int>(UpperChunk, pinned: true);
            Array.Fill(lists, End);
            Volatile.Write(ref _upper, [.. _upper, lists]);
        }
        _upperUsed += length;
        return _upperUsed - length;
    }

    /// <summary>The level of a place, geometric with the ratio 1/M, from the seed and its number alone: threads cannot change it.</summary>
    private int LevelOf(int node)
    {
        var hash = ((ulong)(uint)_options.Seed << 32 | (uint)node) * 0x9E3779B97F4A7C15;
        hash = (hash ^ (hash >> 29)) * 0xBF58476D1CE4E5B9;
        hash ^= hash >> 32;
        var uniform = ((hash >> 11) + 1) * (1.0 / (1UL << 53));
        return (int)Math.Min(MostLevels - 1, -Math.Log(uniform) / Math.Log(_options.M));
    }

    private void Link(int node, HnswBeam beam)
    {
        var level = Level(node);
        var entry = Volatile.Read(ref _entry);
        var from = (int)entry;
        if (from != node)
        {
            var top = (int)(entry >> 32);
            for (var l = top; l > level; l--)
                from = Descend(from, l, beam);
            Span<int> chosen = stackalloc int[_options.M];
            for (var l = Math.Min(top, level); l >= 0; l--)
            {
                Spread(from, _options.EfConstruction, l, beam, CancellationToken.None);
                CompareBeam(beam);
                from = beam.Count > 0 ? beam.Node(0) : from;
                var count = Choose(beam, node, chosen);
                Write(node, l, chosen[..count]);
                for (var i = 0; i < count; i++)
                    Connect(chosen[i], node, l);
            }
        }
        if (level > entry >> 32)
        {
            lock (_writing)
            {
                if (level > _entry >> 32)
                    Volatile.Write(ref _entry, ((long)level << 32) | (uint)node);
            }
        }
    }

    /// <summary>Walks to ever better nodes of a level, one at a time.</summary>
    private int Descend(int node, int level, HnswBeam beam)
    {
        beam.Waiting[0] = node;
        Estimate(beam, 1);
        var score = beam.Estimates[0];
        for (var moved = true; moved;)
        {
            moved = false;
            var list = List(node, level);
            var count = 0;
            for (int i = 0, most = Most(node, level), nodes = beam.Columns.Length << HnswChunk.RowBits; i < most && Volatile.Read(ref list[i]) is >= 0 and var link; i++)
            {
                // A node whose chunk is newer than the cells that this walk holds.
                if (link < nodes)
                    beam.Waiting[count++] = link;
            }
            Estimate(beam, count);
            for (var i = 0; i < count; i++)
            {
                if (beam.Estimates[i] > score)
                    (node, score, moved) = (beam.Waiting[i], beam.Estimates[i], true);
            }
        }
        return node;
    }

    /// <summary>Fills the beam with the best nodes of a level that a walk from a node finds.</summary>
    private void Spread(int from, int ef, int level, HnswBeam beam, CancellationToken cancellationToken)
    {
        if (!Begin(from, ef, beam))
            return;
        for (int node, steps = 0; (node = beam.Next()) >= 0; steps++)
        {
            if (steps % 1024 == 1023)
                cancellationToken.ThrowIfCancellationRequested();
            Step(node, level, beam);
        }
        beam.Order();
    }

    /// <summary>The narrowest beam with which a search would see a node; more than the limit when none up to it would.</summary>
    /// <remarks>
    /// Walks with beams of different widths take the same steps, only the narrower one ends sooner: where the best node that was not looked at has as many better ones before it as the
    /// beam is wide. So one walk tells what walks of all widths would have found.
    /// </remarks>
    internal int WidthToReach(Template probe, int target, int limit, CancellationToken cancellationToken)
    {
        var beam = Rent();
        try
        {
            var entry = Volatile.Read(ref _entry);
            if (entry < 0)
                return limit + 1;
            Prepare(beam, probe, copies: false);
            var node = (int)entry;
            for (var level = (int)(entry >> 32); level > 0; level--)
                node = Descend(node, level, beam);
            var width = 1;
            if (Begin(node, limit, beam))
            {
                for (var steps = 0; !beam.IsVisited(target); steps++)
                {
                    if (steps % 1024 == 1023)
                        cancellationToken.ThrowIfCancellationRequested();
                    node = beam.Next();
                    if (node < 0)
                        return limit + 1;
                    width = Math.Max(width, beam.BetterThanTaken() + 1);
                    Step(node, 0, beam);
                }
            }
            return beam.BetterThanAdded(target) is >= 0 and var better ? Math.Max(width, better + 1) : limit + 1;
        }
        finally
        {
            beam.Clear();
            Return(beam);
        }
    }

    private bool Begin(int from, int ef, HnswBeam beam)
    {
        beam.Begin(ef, beam.Columns.Length << HnswChunk.RowBits);
        if (!beam.Visit(from))
            return false;
        beam.Waiting[0] = from;
        Estimate(beam, 1);
        beam.Add(from, beam.Estimates[0]);
        return true;
    }

    /// <summary>Looks at the neighbours of a node.</summary>
    private void Step(int node, int level, HnswBeam beam)
    {
        var waiting = beam.Waiting;
        var estimates = beam.Estimates;
        var list = List(node, level);
        var most = Most(node, level);
        var unseen = 0;
        for (var i = 0; i < most && Volatile.Read(ref list[i]) is >= 0 and var other; i++)
        {
            if (beam.Visit(other))
                waiting[unseen++] = other;
        }
        // The list of the node that will probably be next is on its way while this one's are compared.
        if (beam.Peek() is >= 0 and var next)
            PrefetchList(next, level);
        Estimate(beam, unseen);
        for (var i = 0; i < unseen; i++)
        {
            if (beam.Add(waiting[i], estimates[i]))
                PrefetchList(waiting[i], level);
        }
    }

    /// <summary>Scores the nodes that wait, by their sketches where there are such.</summary>
    private void Estimate(HnswBeam beam, int count)
    {
        beam.Compared += count;
        var estimates = beam.Estimates;
        var waiting = beam.Waiting;
        if (beam.Basis is not { } basis)
        {
            for (var i = 0; i < Math.Min(Ahead, count); i++)
                Prefetch(waiting[i]);
            for (var i = 0; i < count; i++)
            {
                if (i + Ahead < count)
                    Prefetch(waiting[i + Ahead]);
                estimates[i] = CompareInFull(waiting[i], beam);
            }
            return;
        }
        var cells = beam.Cells;
        var columns = beam.Columns;
        for (var i = 0; i < count; i++)
        {
            cells[i] = columns[waiting[i] >> HnswChunk.RowBits].Cell(Row(waiting[i]));
            if (Sse.IsSupported)
                Sse.Prefetch0(cells[i]);
        }
        var sums = beam.Sums;
        _cellKernel.Sums(cells, count, beam.SketchElements, sums);
        var (factor, offset, shrinkage) = (beam.Sketch.Factor, beam.Sketch.Offset, beam.Sketch.Shrinkage);
        for (var i = 0; i < count; i++)
        {
            estimates[i] = factor * (sums[i] - offset);
            if (HnswCells.SignedScale(cells[i]) < 0 || columns[waiting[i] >> HnswChunk.RowBits].Basis != basis)
            {
                var score = CompareInFull(waiting[i], beam);
                estimates[i] = score - (Math.Max(score, 0) * shrinkage);
            }
        }
    }

    /// <summary>Replaces the estimates of the whole beam by scores.</summary>
    private void CompareBeam(HnswBeam beam)
    {
        if (beam.Basis is null)
            return;
        for (var i = 0; i < Math.Min(Ahead, beam.Count); i++)
            Prefetch(beam.Node(i));
        for (var i = 0; i < beam.Count; i++)
        {
            if (i + Ahead < beam.Count)
                Prefetch(beam.Node(i + Ahead));
            beam.Rescore(i, CompareInFull(beam.Node(i), beam));
        }
        beam.Sort();
    }

    private void Prefetch(int node)
    {
        if (!Sse.IsSupported)
            return;
        var body = Chunk(node).Bodies + ((nint)Row(node) * Dimension);
        for (var i = 0; i < Dimension; i += Segment.CacheLine)
            Sse.Prefetch0(body + i);
    }

    private void PrefetchList(int node, int level)
    {
        if (!Sse.IsSupported || level > 0)
            return;
        var list = (byte*)List(node, level);
        for (var i = 0; i < 4 * ListLength; i += Segment.CacheLine)
            Sse.Prefetch0(list + i);
    }

    private float CompareInFull(int node, HnswBeam beam)
    {
        var (chunk, row) = (Chunk(node), Row(node));
        beam.ComparedInFull++;
        return Score.FromDot(_kernel.Dot(beam.Probe, beam.ProbeSum, chunk.Bodies + ((nint)row * Dimension), Dimension), Scale(node) * beam.ProbeScale);
    }

    /// <summary>The heuristic of the paper's algorithm 4: the best nodes of the beam, but none that is closer to one chosen before than to the probe.</summary>
    private int Choose(HnswBeam beam, int self, Span<int> chosen)
    {
        Span<sbyte> body = stackalloc sbyte[Dimension];
        var count = 0;
        for (var i = 0; i < beam.Count && count < chosen.Length; i++)
        {
            var node = beam.Node(i);
            if (node == self || State(node) is not (NodeState.Living or NodeState.Linking))
                continue;
            if (IsDiverse(node, beam.Score(i), chosen[..count], body))
                chosen[count++] = node;
        }
        return count;
    }

    private bool IsDiverse(int node, float score, ReadOnlySpan<int> chosen, Span<sbyte> body)
    {
        if (chosen.IsEmpty)
            return true;
        ReadBody(node, body);
        var (scale, sum) = (Scale(node), DotKernel.Sum(body));
        fixed (sbyte* probe = body)
        {
            foreach (var other in chosen)
            {
                var dot = _kernel.Dot(probe, sum, Chunk(other).Bodies + ((nint)Row(other) * Dimension), Dimension);
                if (Score.FromDot(dot, scale * Scale(other)) > score)
                    return false;
            }
        }
        return true;
    }

    private void ReadBody(int node, Span<sbyte> body)
    {
        var bytes = Chunk(node).Bodies + ((nint)Row(node) * Dimension);
        var i = 0;
        for (; i + 16 <= body.Length; i += 16)
        {
            var signed = (Vector128.Load(bytes + i) ^ Vector128.Create((byte)0x80)).AsSByte();
            Vector128.CopyTo(signed, body[i..]);
        }
    }

    /// <summary>Adds a link; a full list is chosen anew from its links and the new one.</summary>
    private void Connect(int node, int link, int level)
    {
        Acquire(node);
        try
        {
            var list = List(node, level);
            var most = Most(node, level);
            var count = Length(list, most);
            if (new ReadOnlySpan<int>(list, count).Contains(link))
                return;
            if (count < most)
            {
                Volatile.Write(ref list[count], link);
                return;
            }
            Span<int> candidates = stackalloc int[count + 1];
            new ReadOnlySpan<int>(list, count).CopyTo(candidates);
            candidates[count] = link;
            Rechoose(node, list, most, candidates);
        }
        finally
        {
            Release(node);
        }
    }

    /// <summary>Replaces links to removed nodes by links of theirs.</summary>
    private void LeadAround(int node, int level)
    {
        var list = List(node, level);
        var most = Most(node, level);
        var broken = false;
        for (var i = 0; i < most && !broken && Volatile.Read(ref list[i]) is >= 0 and var link; i++)
            broken = State(link) is not (NodeState.Living or NodeState.Linking);
        if (!broken)
            return;
        Acquire(node);
        try
        {
            var living = new HashSet<int>();
            foreach (var link in new ReadOnlySpan<int>(list, Length(list, most)))
            {
                if (State(link) is NodeState.Living or NodeState.Linking)
                {
                    living.Add(link);
                    continue;
                }
                if (Level(link) < level)
                    continue;
                var theirs = List(link, level);
                for (int j = 0, theirMost = Most(link, level); j < theirMost && Volatile.Read(ref theirs[j]) is >= 0 and var other; j++)
                {
                    if (other != node && State(other) == NodeState.Living && Level(other) >= level)
                        living.Add(other);
                }
            }
            Rechoose(node, list, most, [.. living]);
        }
        finally
        {
            Release(node);
        }
    }

    private void Rechoose(int node, int* list, int most, Span<int> candidates)
    {
        foreach (var candidate in candidates)
            Prefetch(candidate);
        Span<sbyte> body = stackalloc sbyte[Dimension];
        ReadBody(node, body);
        Span<float> scores = candidates.Length <= 256 ? stackalloc float[candidates.Length] : new float[candidates.Length];
        var (scale, sum) = (Scale(node), DotKernel.Sum(body));
        fixed (sbyte* probe = body)
        {
            for (var i = 0; i < candidates.Length; i++)
            {
                var other = candidates[i];
                var dot = _kernel.Dot(probe, sum, Chunk(other).Bodies + ((nint)Row(other) * Dimension), Dimension);
                scores[i] = -Score.FromDot(dot, scale * Scale(other));
            }
        }
        scores.Sort(candidates);
        Span<int> chosen = stackalloc int[most];
        var count = 0;
        for (var i = 0; i < candidates.Length && count < most; i++)
        {
            if (IsDiverse(candidates[i], -scores[i], chosen[..count], body))
                chosen[count++] = candidates[i];
        }
        chosen[..count].CopyTo(new Span<int>(list, count));
        new Span<int>(list + count, most - count).Fill(End);
    }

    private void Write(int node, int level, ReadOnlySpan<int> links)
    {
        Acquire(node);
        try
        {
            // Others may have linked to the node meanwhile, and so been linked from it.
            var list = List(node, level);
            var most = Most(node, level);
            var count = Length(list, most);
            foreach (var link in links)
            {
                if (count < most && !new ReadOnlySpan<int>(list, count).Contains(link))
                    Volatile.Write(ref list[count++], link);
            }
        }
        finally
        {
            Release(node);
        }
    }

    /// <summary>The most links of a node on a level. On level 0 a node of a higher level has one fewer: its last place leads to its other lists.</summary>
    private int Most(int node, int level) => level > 0 ? _options.M : Level(node) > 0 ? ListLength - 1 : ListLength;

    private static int Length(int* list, int most)
    {
        var length = new ReadOnlySpan<int>(list, most).IndexOf(End);
        return length < 0 ? most : length;
    }

    private void Acquire(int node)
    {
        var wait = new SpinWait();
        while (Interlocked.CompareExchange(ref _stripes[node % Stripes], 1, 0) != 0)
            wait.SpinOnce();
    }

    private void Release(int node) => Volatile.Write(ref _stripes[node % Stripes], 0);

    private long HighestLiving()
    {
        var best = -1L;
        for (var node = 0; node < _nodes; node++)
        {
            if (State(node) == NodeState.Living && (best < 0 || Level(node) > best >> 32))
                best = ((long)Level(node) << 32) | (uint)node;
        }
        return best;
    }

    private HnswChunk Chunk(int node) => Volatile.Read(ref _chunks)[node >> HnswChunk.RowBits];

    private static int Row(int node) => node & (HnswChunk.Rows - 1);

    private uint Marks(int node) => Volatile.Read(ref _cells)[node >> HnswChunk.RowBits].Marks(Row(node));

    private NodeState State(int node) => HnswCells.State(Marks(node));

    private int Level(int node) => HnswCells.Level(Marks(node));

    private float Scale(int node) => Volatile.Read(ref _cells)[node >> HnswChunk.RowBits].Scale(Row(node));

    /// <summary>Under the lock for writing.</summary>
    private void SetState(int node, NodeState state)
    {
        var cells = _cells[node >> HnswChunk.RowBits];
        cells.Mark(Row(node), HnswCells.With(cells.Marks(Row(node)), state));
    }

    private int* List(int node, int level)
    {
        var list = Chunk(node).Lists + ((nint)Row(node) * ListLength);
        if (level == 0)
            return list;
        var at = list[ListLength - 1] + ((level - 1) * _options.M);
        return (int*)Unsafe.AsPointer(ref Volatile.Read(ref _upper)[at / UpperChunk][at % UpperChunk]);
    }

    private HnswBeam Rent()
    {
        for (var i = 0; i < _idle.Length; i++)
        {
            if (Volatile.Read(ref _idle[i]) is not null && Interlocked.Exchange(ref _idle[i], null) is { } beam)
                return beam;
        }
        return new HnswBeam(Dimension);
    }

    private void Return(HnswBeam beam)
    {
        for (var i = 0; i < _idle.Length; i++)
        {
            if (Interlocked.CompareExchange(ref _idle[i], beam, null) is null)
                return;
        }
    }

    private void Check(Template template)
    {
        ArgumentNullException.ThrowIfNull(template);
        if (template.Model != Model)
            throw new ModelMismatchException(Model, template.Model);
        if (template.Dimension != Dimension)
            throw new ArgumentException($"the template has {template.Dimension} dimensions, the index {Dimension}", nameof(template));
    }
}
