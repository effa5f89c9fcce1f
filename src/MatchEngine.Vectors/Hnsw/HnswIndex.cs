using MatchEngine.Vectors.Exact;
using MatchEngine.Vectors.Kernels;
using MatchEngine.Vectors.Sketches;

namespace MatchEngine.Vectors.Hnsw;

/// <summary>
/// The index that walks a graph of templates (hierarchical navigable small world, Malkov and Yashunin 2016/2018): it compares a probe with
/// a small part of the gallery, and may miss a candidate. About 858 bytes of memory for a 512-d template with M = 32,
/// 730 with 16, the float16 copy apart.
/// </summary>
/// <remarks>
/// <para>It is made of a graph's storage, where it is said how readers and writers get along (<see cref="HnswGraph"/>), walks through it
/// (<see cref="HnswWalk"/>, <see cref="HnswBeam"/>), lists made of what they find (<see cref="HnswReading"/>), the choice of links
/// (<see cref="HnswLinking"/>), sketches (<see cref="HnswSketching"/>, <see cref="HnswCells"/>), and the calibration of the beam
/// (<see cref="HnswCalibration"/>). Until <see cref="HnswOptions.SketchFrom"/> templates there are no sketches and all
/// is compared in full.</para>
/// <para><b>Removal</b> marks a node: it stays a step to others but is on no list. When one in a hundred nodes is marked, a thread of low
/// priority gives each node with links to marked ones new links, chosen among its own and theirs; then the marked vectors are overwritten
/// and their places are free for later templates (<see cref="HnswRepair"/>). <see cref="Repair"/> does it at once.</para>
/// <para><b>Fewer than k.</b> When a walk finds fewer subjects than asked, the beam is widened by as much as the share of nodes that passed
/// the filter tells, and at last the gallery is scanned: removed templates, filters and subjects with many templates never shorten a list.
/// The floor ends the reading of the beam and spares the widening.</para>
/// </remarks>
public sealed unsafe class HnswIndex : IVectorIndex
{
    private readonly HnswOptions _options;
    private readonly HnswGraph _graph;
    private readonly HnswWalk _walk;
    private readonly HnswLinking _linking;
    private readonly HnswReading _reading;
    private readonly HnswRepair _repair;
    private readonly HnswSketching _sketching;
    private readonly RowMap _rows;
    private int _count;
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
                $"dimension {dimension} is not supported: it must be a multiple of {Template.DimensionStep} up to {Template.MaxDimension}",
                nameof(dimension));
        }
        if (_options.M is < 4 or > 64)
            throw new ArgumentException($"M is {_options.M}: it must be 4 … 64", nameof(options));
        if (_options.EfConstruction < _options.M)
            throw new ArgumentException(
                $"efConstruction is {_options.EfConstruction}: it must be at least M, {_options.M}", nameof(options));
        if (_options.EfSearch < 1)
            throw new ArgumentException($"ef is {_options.EfSearch}: it must be at least 1", nameof(options));
        if (_options.SketchFrom is < 1000)
            throw new ArgumentException($"sketches from {_options.SketchFrom} templates on: it must be 1,000 at least", nameof(options));
        if (_options.MatedHitTarget is not (> 0 and <= 1))
            throw new ArgumentException(
                $"the target of mated hits is {_options.MatedHitTarget}: it must be a share, 0 … 1", nameof(options));
        Model = model;
        Dimension = dimension;
        _graph = new HnswGraph(dimension, _options.M, _options.Seed);
        _walk = new HnswWalk(_graph);
        _linking = new HnswLinking(_graph, _walk, _options.EfConstruction);
        _reading = new HnswReading(_graph, _walk);
        _repair = new HnswRepair(_graph, _linking);
        _sketching = new HnswSketching(_graph, _options.SketchFrom);
        _rows = new RowMap(node => _graph.Chunk((int)node).Ids[HnswGraph.Row((int)node)]);
    }

    /// <inheritdoc/>
    public ModelDigest Model { get; }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public int Count => Volatile.Read(ref _count);

    /// <summary>
    /// The width of a search's beam: as given, or as the last <see cref="Calibrate"/> found it, or, as long as there was none for half of
    /// the present size, a cautious guess that grows with the square root of the size.
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
    /// The memory that the templates take, in bytes: vectors, sketches, links, ids and the map of ids, without float16 copies. What is
    /// allocated ahead is address space that nothing was written to yet, and is not counted.
    /// </summary>
    public long AllocatedBytes =>
        (_graph.Nodes * (Dimension + (4L * _graph.ListLength) + CellKernel.CellBytes + 16L)) + _graph.UpperBytes + _rows.Bytes;

    /// <summary>The nodes and their links.</summary>
    internal HnswGraph Graph => _graph;

    /// <summary>The number of nodes, removed ones included.</summary>
    internal int Nodes => _graph.Nodes;

    /// <summary>The links that a new node makes.</summary>
    internal int M => _options.M;

    /// <summary>The calibrated beam, the number of templates then, and whether the target was reached.</summary>
    internal (int Ef, int At, bool Reached) Calibration => (_calibratedEf, _calibratedAt, _calibratedReached);

    /// <inheritdoc/>
    public void Add(long id, long subject, Template template)
    {
        Check(template);
        int node;
        lock (_graph.Writing)
        {
            if (_rows.TryGet(id, out _))
                throw new ArgumentException($"the index holds a template with id {id} already: remove it first", nameof(id));
            node = _graph.Place(id, subject, template, _options.KeepFloat16 && template.HasUsableFloat16);
            _rows.Add(id, (uint)node);
        }
        var beam = _walk.Rent();
        try
        {
            _walk.Prepare(beam, template, copies: false);
            _linking.Link(node, beam);
        }
        finally
        {
            _walk.Return(beam);
        }
        lock (_graph.Writing)
        {
            _graph.SetState(node, NodeState.Living);
            Volatile.Write(ref _count, _count + 1);
            if (_graph.Entry.Node < 0)
                _graph.FindEntry();
            _sketching.TrainWhenNeeded(_count);
        }
    }

    /// <summary>Adds many templates on several threads. What was added when it ends early stays.</summary>
    /// <param name="templates">Ids, subjects and templates.</param>
    /// <param name="parallelism">The number of threads; null for one a processor. One builds the same graph every time.</param>
    /// <param name="progress">Receives the number of templates added.</param>
    /// <param name="cancellationToken">Ends the adding.</param>
    /// <exception cref="ArgumentException">As <see cref="Add"/>; from several threads within an
    /// <see cref="AggregateException"/>.</exception>
    /// <exception cref="OperationCanceledException">The adding was cancelled.</exception>
    public void AddRange(
        IReadOnlyList<(long Id, long Subject, Template Template)> templates, int? parallelism = null, IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(templates);
        var threads = parallelism ?? Environment.ProcessorCount;
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1, nameof(parallelism));
        if (_sketching.MustTrain(Count + templates.Count))
        {
            // Before the graph is built rather than after: the walks of inserting threads are three times as fast with sketches.
            _sketching.Train(
                () => new SketchSample(templates.Count, Dimension, i =>
                    (UnitVector.Of(templates[i].Template.Body, templates[i].Template.Scale), templates[i].Subject)),
                Count + templates.Count, cancellationToken);
        }
        lock (_graph.Writing)
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
        Parallel.For(
            0, templates.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, One);
    }

    /// <summary>
    /// Removes a template from every later answer; false when the index does not hold the id. Its vector is overwritten by the next repair.
    /// </summary>
    public bool Remove(long id)
    {
        for (var wait = new SpinWait(); ; wait.SpinOnce())
        {
            lock (_graph.Writing)
            {
                if (!_rows.TryGet(id, out var found))
                    return false;
                // While another thread is about to return from adding it, wait, but not with the lock that it may need.
                if (_graph.State((int)found) == NodeState.Linking)
                    continue;
                _rows.Remove(id, out _);
                _repair.Bury((int)found);
                Volatile.Write(ref _count, _count - 1);
                _repair.RunWhenNeeded();
                return true;
            }
        }
    }

    /// <inheritdoc/>
    public bool Contains(long id)
    {
        lock (_graph.Writing)
            return _rows.TryGet(id, out _);
    }

    /// <summary>
    /// Leads all links around the templates removed so far and overwrites their vectors. Searches, adds and removes go on meanwhile.
    /// </summary>
    public void Repair() => _repair.Run();

    /// <summary>
    /// Trains the sketches on the templates as they are and redraws all, now and on the calling thread; searches, adds and removes go on
    /// meanwhile. The index does this by itself when <see cref="HnswOptions.SketchFrom"/> templates are reached,
    /// and again whenever their number has grown fourfold.
    /// </summary>
    /// <param name="cancellationToken">Ends the training; what is not redrawn is compared in full.</param>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public void TrainSketches(CancellationToken cancellationToken = default) => _sketching.Train(cancellationToken);

    /// <summary>Trains the sketches on the templates that will be added.</summary>
    internal void Train(Segment[] segments, CancellationToken cancellationToken)
    {
        var rows = segments.Sum(segment => segment.Published);
        if (_sketching.MustTrain(rows))
            _sketching.Train(() => new SketchSample(segments, Dimension), rows, cancellationToken);
    }

    /// <summary>
    /// Measures which beam reaches <see cref="HnswOptions.MatedHitTarget"/>, with 95 % confidence, and lets searches use it. The probes are
    /// made of the gallery's own templates, as further encounters of its subjects would be whose scores with them are 0.69 ± 0.12 (measured
    /// on Labeled Faces in the Wild with the default model). Those count whose mate an exhaustive search ranks first. It takes about as
    /// long as the exhaustive searches of up to 20,000 probes.
    /// </summary>
    /// <param name="cancellationToken">Ends the measurement without a result.</param>
    /// <returns>The width of the beam.</returns>
    /// <exception cref="OperationCanceledException">The measurement was cancelled.</exception>
    public int Calibrate(CancellationToken cancellationToken = default) =>
        CalibrateAgainst(probes => _reading.Nearest(probes, cancellationToken), cancellationToken);

    /// <summary>The same with a reference that knows the id of each probe's best template.</summary>
    internal int CalibrateAgainst(Func<Template[], long[]> nearest, CancellationToken cancellationToken)
    {
        if (Count == 0
            || new HnswCalibration(this, _options.MatedHitTarget, _options.Seed).Run(nearest, cancellationToken) is not var (ef, reached))
            return EfSearch;
        lock (_graph.Writing)
        {
            _calibratedReached = reached;
            _calibratedAt = _count;
            Volatile.Write(ref _calibratedEf, ef);
        }
        return ef;
    }

    /// <inheritdoc/>
    public IndexAnswer Search(
        Template probe, int listLength = 20, float floor = -1f, SubjectSet? filter = null, TallyRequest? tally = null,
        CancellationToken cancellationToken = default) =>
        Search(probe, listLength, floor, filter, EfSearch, cancellationToken);

    /// <summary>A search with a beam of a width, or of the list's length if that is more.</summary>
    internal IndexAnswer Search(
        Template probe, int listLength, float floor, SubjectSet? filter, int width, CancellationToken cancellationToken)
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
            if (_reading.Walk(probe, listLength, floor, filter, ef, Count, out var found, cancellationToken) is { } answer)
                return answer;
            // So many of the beam were subjects that pass; the beam that holds enough of them, and a half more.
            var share = Math.Max(found, 0.5) / ef;
            ef = (int)Math.Clamp(1.5 * listLength / share, 2.0 * ef, int.MaxValue / 2);
        }
        return _reading.Scan(probe, listLength, floor, filter, Count, cancellationToken);
    }

    /// <inheritdoc/>
    public IReadOnlyList<IndexAnswer> SearchBatch(
        IReadOnlyList<Template> probes, int listLength = 20, float floor = -1f, SubjectSet? filter = null, TallyRequest? tally = null,
        CancellationToken cancellationToken = default) =>
        SearchBatch(probes, listLength, floor, filter, EfSearch, cancellationToken);

    /// <summary>The same with a beam of a width.</summary>
    internal IReadOnlyList<IndexAnswer> SearchBatch(
        IReadOnlyList<Template> probes, int listLength, float floor, SubjectSet? filter, int width,
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

    /// <inheritdoc cref="HnswWalk.WidthToReach"/>
    internal int WidthToReach(Template probe, int target, int limit, CancellationToken cancellationToken) =>
        _walk.WidthToReach(probe, target, limit, cancellationToken);

    /// <summary>The node of a template, −1 when there is none.</summary>
    internal int NodeOf(long id)
    {
        lock (_graph.Writing)
            return _rows.TryGet(id, out var node) ? (int)node : -1;
    }

    /// <summary>
    /// Takes over the nodes of a snapshot: where it is mapped, but for the last ones, which do not fill a chunk. The index must be empty.
    /// </summary>
    /// <returns>The rows that are no nodes.</returns>
    internal List<int> Adopt(
        object owner, int rows, long* ids, long* subjects, byte* bodies, Half* copies, float largestChord, SketchBasis? basis, byte* cells,
        int* links, ReadOnlySpan<int> upper, HnswHeader header, int[] erased)
    {
        List<int> absent = [];
        lock (_graph.Writing)
        {
            _graph.Adopt(
                owner, rows, ids, subjects, bodies, copies, largestChord, basis, cells, links, upper, (header.EntryRow, header.EntryLevel));
            _rows.Reserve(rows);
            var gone = 0;
            for (var row = 0; row < rows; row++)
            {
                while (gone < erased.Length && erased[gone] < row)
                    gone++;
                if (gone < erased.Length && erased[gone] == row)
                {
                    _repair.Bury(row);
                }
                else if (_graph.State(row) == NodeState.Living)
                {
                    _rows.Add(ids[row], (uint)row);
                }
                else
                {
                    absent.Add(row); // Its place is not free: the exhaustive index has a template there.
                }
            }
            (_calibratedEf, _calibratedAt, _calibratedReached) = (header.CalibratedEf, header.CalibratedAt, header.CalibratedReached);
            Volatile.Write(ref _count, _rows.Count);
        }
        return absent;
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
