using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using System.Runtime.Intrinsics;
using MatchEngine.Vectors.Kernels;
using MatchEngine.Vectors.Sketches;

namespace MatchEngine.Vectors.Exact;

/// <summary>
/// One pass of a block of probes over the segments of an index, by the calling thread and as many helping threads of the pool as are free.
/// Reusable: it keeps its buffers and, between scans, nothing of what was in them.
/// </summary>
/// <remarks>
/// <para>The segments are cut into portions; each worker takes the next one until none is left. The caller works too and never waits for a
/// helper that has not begun, so a busy thread pool makes a search slower but cannot stall it. A helper that arrives late finds the scan
/// closed and touches nothing of it; the scan goes back to its owner when the caller and every helper,
/// late ones included, have let go.</para>
/// <para>A score passes up to three stages, each of which lets through all that the next could list. A segment with sketches of the current
/// basis is scanned by them: rows whose estimate, given the bound of <see cref="SketchBasis"/>, may reach the threshold of the list
/// survive. Survivors, and all rows of a segment without sketches, are compared by their bodies in int8. Those which come as near to the
/// threshold as the chords of probe and rows allow (<see cref="Template.Chord"/>) are compared by their float16 copies, where both sides
/// have one, and that score is the one listed. The second step loses nothing for certain, the first with the probability stated. The
/// threshold is the score of the k-th subject so far, the best of what any worker knows.</para>
/// <para>Copies lie apart from all else a search reads, perhaps in a file, so as few as can be are looked at: rows wait for theirs until
/// the scan is over. Meanwhile a scan without sketches has its threshold from a list by bodies: the final scores of its k subjects are at
/// most the two chords lower. When one of those rows is removed before its copy is looked at, others may have been passed over for it, and
/// the scan is made again with copies at once, so that a removal never shortens a list.</para>
/// <para>A steady stream of searches allocates nothing but their answers: buffers, probes and work items are all this object.</para>
/// </remarks>
internal sealed unsafe class ExactScan : IThreadPoolWorkItem
{
    /// <summary>The most probes that share a pass. 64 probes of 512 bytes stay in the second-level cache beside the rows.</summary>
    public const int MaxProbes = 64;

    /// <summary>A portion must be worth a helper's trip (tens of microseconds), and is how long a cancelled search goes on.</summary>
    private const int PortionBytes = 512 * 1024;

    /// <summary>The same for sketches, whose scan takes less time a row.</summary>
    private const int SketchPortionRows = 8192;

    /// <summary>Scores are float32: what a comparison of thresholds may be off by.</summary>
    private const float Rounding = 1e-6f;

    /// <summary>How many survivors ahead memory is asked for: four comparisons take about as long as memory takes to answer.</summary>
    private const int Ahead = 4;

    /// <summary>The most rows of a probe that wait after their sketches, and after their bodies.</summary>
    private const int MaxSurvivors = 2048, MaxNear = 512;

    private const int Closed = 1 << 30;

    private readonly ExactScanPool _owner;
    private readonly DotKernel _kernel;
    private readonly int _dimension;
    private readonly Worker[] _workers;
    private readonly ProbeBlock _probes;
    private readonly float[] _probeScales = new float[MaxProbes];
    private readonly float[] _probeChords = new float[MaxProbes];
    private readonly double[] _probeSquares = new double[MaxProbes];
    private readonly SketchProbe[] _sketchProbes = new SketchProbe[MaxProbes];

    // The best threshold that any worker knows for a probe's list. Written without care: each value ever written is a valid one.
    private readonly float[] _thresholds = new float[MaxProbes];
    private float[] _probeCopies = [];
    private sbyte[] _sketchElements = [];

    private Segment[] _segments = [];
    private SketchColumn?[] _columns = [];
    private int[] _rows = [];
    private SketchBasis? _basis;
    private float _quantile;
    private float _largestChord;
    private int _withoutCopies;
    private int _probeCount;
    private int _portionRows;
    private int _portions;
    private long _compared;
    private Func<long, bool>? _filter;
    private CancellationToken _cancellation;
    private ExceptionDispatchInfo? _failure;
    private int _nextPortion;
    private int _nextWorker;
    private int _references;
    private bool _copiesAtOnce;

    // Whether a row that a bound rests on was removed before its copy was compared.
    private bool _boundBroken;

    // The number of helpers at work, and the Closed bit once the caller has found no portion left.
    private int _helpers;

    public ExactScan(ExactScanPool owner, DotKernel kernel, int dimension, int parallelism)
    {
        _owner = owner;
        _kernel = kernel;
        _dimension = dimension;
        _workers = new Worker[parallelism];
        for (var i = 0; i < parallelism; i++)
            _workers[i] = new Worker();
        _probes = new ProbeBlock(MaxProbes, dimension);
    }

    /// <summary>Runs the scan and writes one answer a probe.</summary>
    public void Run(
        Segment[] segments, SketchBasis? basis, ReadOnlySpan<Template> probes, int listLength, float floor, Func<long, bool>? filter,
        Span<IndexAnswer> answers, CancellationToken cancellationToken)
    {
        // From here to the release, exceptions included, the scan is this caller's.
        _references = 1;
        try
        {
            for (_copiesAtOnce = false; ; _copiesAtOnce = true)
            {
                Prepare(segments, basis, probes, listLength, floor, filter, cancellationToken);
                foreach (var worker in _workers)
                    worker.Begin(_probeCount, listLength, floor, _basis is not null);
                // A second time with those helpers at most that come late: no more are called than there are workers for.
                var helpers = Math.Min(_workers.Length, _portions) - 1;
                if (helpers > 0 && !_copiesAtOnce)
                    Call(helpers);
                Work(_workers[0]);
                Close();
                _failure?.Throw();
                cancellationToken.ThrowIfCancellationRequested();
                if (_copiesAtOnce || !_boundBroken)
                    break;
            }
            for (var p = 0; p < _probeCount; p++)
            {
                var list = _workers[0].Lists[p];
                var rescored = _workers[0].Rescored[p];
                for (var w = 1; w < _workers.Length; w++)
                {
                    list.AddAll(_workers[w].Lists[p]);
                    rescored += _workers[w].Rescored[p];
                }
                answers[p] = new IndexAnswer(list.ToList(), _basis is null ? IndexAnswer.Exact : IndexAnswer.ExactSketch, _compared)
                {
                    ComparedInFull = _basis is null ? _compared : rescored,
                    Precision = float.IsNaN(_probeChords[p]) || _withoutCopies == segments.Length ? ScorePrecision.Int8
                        : _withoutCopies == 0 ? ScorePrecision.Float16 : ScorePrecision.Mixed,
                };
            }
        }
        finally
        {
            Close();
            Forget();
            Release();
        }
    }

    /// <summary>A helper's turn.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        _owner.HelperStarted();
        if (TryEnter())
        {
            Work(_workers[Interlocked.Increment(ref _nextWorker)]);
            Interlocked.Decrement(ref _helpers);
        }
        Release();
    }

    private void Prepare(
        Segment[] segments, SketchBasis? basis, ReadOnlySpan<Template> probes, int listLength, float floor, Func<long, bool>? filter,
        CancellationToken cancellationToken)
    {
        // The counts are read once: a row that is added while the scan runs is in it for no worker, rather than for some.
        if (_rows.Length < segments.Length)
        {
            _rows = new int[Math.Max(2 * _rows.Length, segments.Length)];
            _columns = new SketchColumn?[_rows.Length];
        }
        _segments = segments;
        _portionRows = Math.Max(Worker.MaxTileRows, PortionBytes / _dimension / Worker.MaxTileRows * Worker.MaxTileRows);
        _portions = 0;
        _compared = 0;
        _withoutCopies = 0;
        _basis = null;
        _largestChord = 0;
        for (var s = 0; s < segments.Length; s++)
        {
            _rows[s] = segments[s].Published;
            _columns[s] = basis is not null && segments[s].Sketches is { IsUnfit: false } column && column.Basis == basis ? column : null;
            if (_columns[s] is not null)
                _basis = basis;
            if (segments[s].Float16 is null)
                _withoutCopies++;
            _largestChord = Math.Max(_largestChord, segments[s].LargestChord);
            _compared += Math.Max(0, _rows[s] - segments[s].Erased);
            _portions += Portions(s);
        }

        _probes.Count = _probeCount = probes.Length;
        _quantile = SketchProbe.Quantile(listLength);
        if (_basis is not null && _sketchElements.Length < MaxProbes * _basis.Elements)
            _sketchElements = GC.AllocateArray<sbyte>(MaxProbes * _basis.Elements, pinned: true);
        for (var p = 0; p < probes.Length; p++)
        {
            var body = probes[p].Body;
            _probes.Set(p, body);
            _probeScales[p] = probes[p].Scale;
            _thresholds[p] = floor;
            if (_basis is not null)
                _sketchProbes[p] = _basis.Prepare(body, probes[p].Scale, _sketchElements.AsSpan(p * _basis.Elements, _basis.Elements));
            PrepareCopy(p, probes[p]);
            if (_basis is not null && !float.IsNaN(_probeChords[p]))
            {
                // The difference between the scores of copies and of bodies, as one more error of the estimate.
                var chords = MathF.Sqrt((_probeChords[p] * _probeChords[p]) + (_largestChord * _largestChord));
                _sketchProbes[p] = _sketchProbes[p].With(chords * _basis.Errors.ScoreSpread);
            }
        }
        _filter = filter;
        _cancellation = cancellationToken;
        _failure = null;
        _boundBroken = false;
        _nextPortion = 0;
        _nextWorker = 0;
        Volatile.Write(ref _helpers, 0);
    }

    private void PrepareCopy(int p, Template probe)
    {
        _probeChords[p] = float.NaN;
        if (!probe.HasUsableFloat16 || _withoutCopies == _segments.Length)
            return;
        if (_probeCopies.Length < (p + 1) * _dimension)
        {
            // One probe is the common case; a batch takes room for a whole one.
            var longer = GC.AllocateArray<float>((p == 0 ? 1 : MaxProbes) * _dimension, pinned: true);
            _probeCopies.CopyTo(longer, 0);
            Array.Clear(_probeCopies);
            _probeCopies = longer;
        }
        var copy = _probeCopies.AsSpan(p * _dimension, _dimension);
        Float16Dot.Widen(probe.Float16, copy);
        _probeSquares[p] = Float16Dot.Squares(copy);
        _probeChords[p] = probe.Chord;
    }

    /// <summary>By how much the score from bodies may fall short of the one that is listed.</summary>
    private float Slack(Segment segment, int p) =>
        segment.Float16 is null || float.IsNaN(_probeChords[p]) ? 0 : segment.LargestChord + _probeChords[p] + Rounding;

    /// <summary>The same for any segment.</summary>
    private float LargestSlack(int p) => _largestChord + _probeChords[p] + Rounding;

    private int PortionRows(int segment) => _columns[segment] is null ? _portionRows : SketchPortionRows;

    private int Portions(int segment) => (_rows[segment] + PortionRows(segment) - 1) / PortionRows(segment);

    private void Call(int helpers)
    {
        for (var i = 0; i < helpers && _owner.MayCallHelper(); i++)
        {
            Interlocked.Increment(ref _references);
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private bool TryEnter()
    {
        var helpers = Volatile.Read(ref _helpers);
        while ((helpers & Closed) == 0)
        {
            var before = Interlocked.CompareExchange(ref _helpers, helpers + 1, helpers);
            if (before == helpers)
                return true;
            helpers = before;
        }
        return false;
    }

    /// <summary>Lets no further helper in and waits for those at work, each of which is within one portion of its end.</summary>
    private void Close()
    {
        Interlocked.Or(ref _helpers, Closed);
        var wait = new SpinWait();
        while (Volatile.Read(ref _helpers) != Closed)
            wait.SpinOnce(sleep1Threshold: -1);
    }

    private void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
            _owner.Return(this);
    }

    /// <summary>Overwrites what came from the probes and the gallery.</summary>
    private void Forget()
    {
        _probes.Clear();
        Array.Clear(_probeScales);
        Array.Clear(_probeSquares);
        Array.Clear(_probeCopies);
        Array.Clear(_sketchElements);
        Array.Clear(_sketchProbes);
        foreach (var worker in _workers)
            worker.Clear();
        _segments = [];
        Array.Clear(_columns);
        _basis = null;
        _filter = null;
        _cancellation = default;
        _failure = null;
    }

    [SuppressMessage(
        "Design", "CA1031:Do not catch general exception types",
        Justification = "What a filter throws must reach the caller, not the thread pool.")]
    private void Work(Worker worker)
    {
        try
        {
            // Portions are numbered through all segments; a worker's numbers only rise, so it walks the segments once.
            int segment = 0, firstPortion = 0;
            int portion;
            while ((portion = Interlocked.Increment(ref _nextPortion) - 1) < _portions)
            {
                if (_cancellation.IsCancellationRequested)
                    break;
                while (portion >= firstPortion + Portions(segment))
                    firstPortion += Portions(segment++);
                var first = (portion - firstPortion) * PortionRows(segment);
                var end = Math.Min(first + PortionRows(segment), _rows[segment]);
                if (_columns[segment] is { } sketches)
                    ScanSketches(worker, segment, sketches, first, end);
                else
                    Scan(worker, segment, first, end);
            }
            for (var p = 0; p < _probeCount && !_cancellation.IsCancellationRequested; p++)
            {
                if (_basis is not null)
                    CompareSurvivors(worker, p);
                CompareCopies(worker, p);
            }
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
            Volatile.Write(ref _nextPortion, _portions);
        }
    }

    private void Scan(Worker worker, int segmentAt, int from, int to)
    {
        // Limits rise between tiles: many probes make up for small ones.
        var segment = _segments[segmentAt];
        var tile = _probeCount == 1 ? Worker.MaxTileRows : Worker.MaxTileRows / 8;
        for (var p = 0; p < _probeCount; p++)
            SetLimit(worker, p, segment);
        fixed (Reached* reached = worker.Reached)
        {
            for (var row = from; row < to; row += tile)
            {
                var rows = Math.Min(tile, to - row);
                var count = _kernel.Reaching(
                    _probes, worker.Limits, segment.Bodies + ((nint)row * _dimension), segment.Scales + row, rows, reached);
                for (var i = 0; i < count; i++)
                {
                    var (p, r, dot) = reached[i];
                    var threshold = Threshold(worker, p);
                    Offer(worker, p, segmentAt, row + r, Score.FromDot(dot, segment.Scales[row + r] * _probeScales[p]));
                    if (Threshold(worker, p) > threshold)
                        SetLimit(worker, p, segment);
                }
            }
        }
        for (var p = 0; p < _probeCount; p++)
            Share(worker, p);
        GC.KeepAlive(segment);
    }

    /// <summary>
    /// Brings the limit that decides about rows up to date with the list's threshold. Scores are the same products,
    /// in another order: hence the margin.
    /// </summary>
    private void SetLimit(Worker worker, int p, Segment segment)
    {
        var limit = (Threshold(worker, p) - Slack(segment, p)) / _probeScales[p];
        worker.Limits.Set(_probes, p, limit - (MathF.Abs(limit) * Rounding));
    }

    private void ScanSketches(Worker worker, int segment, SketchColumn sketches, int from, int to)
    {
        var basis = sketches.Basis;
        nint blockBytes = basis.Groups * SketchKernel.GroupBytes;
        var tile = _probeCount == 1 ? Worker.MaxTileRows : Worker.MaxTileRows / 8;
        for (var p = 0; p < _probeCount; p++)
            SetLeastSums(worker, p);
        fixed (sbyte* elements = _sketchElements)
        fixed (int* sums = worker.Dots)
        {
            for (var row = from; row < to; row += tile)
            {
                var rows = Math.Min(tile, to - row);
                var blocks = (rows + SketchKernel.BlockRows - 1) / SketchKernel.BlockRows;
                SketchKernel.Best.Sums(
                    sketches.Blocks + (row / SketchKernel.BlockRows * blockBytes), blocks, basis.Groups, elements, _probeCount, sums);
                for (var p = 0; p < _probeCount; p++)
                    Survive(worker, p, segment, row, rows, sums + ((nint)p * blocks * SketchKernel.BlockRows));
            }
        }
        foreach (var row in sketches.Outliers)
        {
            if (row < from || row >= to)
                continue;
            for (var p = 0; p < _probeCount; p++)
                Compare(worker, p, segment, row);
        }
        for (var p = 0; p < _probeCount; p++)
            Share(worker, p);
        GC.KeepAlive(sketches);
    }

    /// <summary>
    /// Sorts out the rows of a tile. One whose estimate alone brings it into the list is compared at once, which keeps the threshold close
    /// to that of all rows so far at the cost of few comparisons; one that may belong to the list waits.
    /// </summary>
    private void Survive(Worker worker, int p, int segment, int firstRow, int rows, int* sums)
    {
        var least = Vector256.Create(worker.LeastSums[p]);
        for (var i = 0; i < rows; i += 8)
        {
            var reached = Vector256.GreaterThanOrEqual(Vector256.Load(sums + i), least).ExtractMostSignificantBits();
            for (; reached != 0; reached &= reached - 1)
            {
                // The last block may be filled in part.
                var j = i + System.Numerics.BitOperations.TrailingZeroCount(reached);
                if (j >= rows)
                    break;
                if (sums[j] >= worker.PromisingSums[p])
                {
                    Compare(worker, p, segment, firstRow + j);
                    SetLeastSums(worker, p);
                }
                else
                {
                    Wait(worker, p, segment, firstRow + j, sums[j]);
                }
                least = Vector256.Create(worker.LeastSums[p]);
            }
        }
    }

    private void Wait(Worker worker, int p, int segment, int row, int sum)
    {
        var survivors = worker.Survivors[p]!;
        if (survivors.IsFull)
        {
            SetLeastSums(worker, p);
            survivors.Drop(worker.LeastSums[p]);
            if (survivors.Count > MaxSurvivors / 2)
                CompareSurvivors(worker, p);
        }
        survivors.Add(segment, row, sum);
    }

    private void CompareSurvivors(Worker worker, int p)
    {
        var survivors = worker.Survivors[p]!;
        SetLeastSums(worker, p);
        survivors.Drop(worker.LeastSums[p]);
        survivors.Sort();
        for (var i = 0; i < survivors.Count; i++)
        {
            if (i + Ahead < survivors.Count && survivors.Sum(i + Ahead) >= worker.LeastSums[p])
                Prefetch.Lines(_segments[survivors.Segment(i + Ahead)].Bodies + ((nint)survivors.Row(i + Ahead) * _dimension), _dimension);
            if (survivors.Sum(i) < worker.LeastSums[p])
                continue;
            var threshold = worker.Lists[p].Threshold;
            Compare(worker, p, survivors.Segment(i), survivors.Row(i));
            if (worker.Lists[p].Threshold > threshold)
                SetLeastSums(worker, p);
        }
        survivors.Reset();
        Share(worker, p);
    }

    /// <summary>Brings the sums that decide about rows up to date with the list's threshold.</summary>
    private void SetLeastSums(Worker worker, int p)
    {
        var threshold = Threshold(worker, p);
        ref readonly var probe = ref _sketchProbes[p];
        worker.LeastSums[p] = probe.LeastSum(threshold - Rounding, _quantile);
        worker.PromisingSums[p] = probe.LeastSum(threshold, 0);
    }

    private void Compare(Worker worker, int p, int segmentAt, int row)
    {
        var segment = _segments[segmentAt];
        var dot = _kernel.Dot(
            _probes.Bodies + ((nint)p * _dimension), _probes.Sums[p], segment.Bodies + ((nint)row * _dimension), _dimension);
        worker.Rescored[p]++;
        Offer(worker, p, segmentAt, row, Score.FromDot(dot, segment.Scales[row] * _probeScales[p]));
    }

    /// <summary>The score below which no row can come into a probe's list.</summary>
    private float Threshold(Worker worker, int p) => Math.Max(Math.Max(worker.Lists[p].Threshold, worker.Bounds[p]), _thresholds[p]);

    private void Share(Worker worker, int p)
    {
        var threshold = Threshold(worker, p);
        if (threshold > _thresholds[p])
            _thresholds[p] = threshold;
    }

    /// <summary>
    /// Takes a score from bodies. After sketches, which want the threshold as high as it can be, a row that would come into the list is
    /// compared by the copies at once. A scan in full leaves all rows that the copies might lift into the list to its end, when most are
    /// overtaken, and has a threshold of their bodies meanwhile.
    /// </summary>
    private void Offer(Worker worker, int p, int segmentAt, int row, float score)
    {
        var segment = _segments[segmentAt];
        var slack = Slack(segment, p);
        var threshold = Threshold(worker, p);
        if (!(score >= threshold - slack))
            return;
        if (slack == 0 || _copiesAtOnce || (_basis is not null && score >= threshold))
        {
            List(worker, p, segment, row, score);
            return;
        }
        Volatile.ReadBarrier(); // Vectors before marks: see Segment.
        if (segment.IsErased(row))
            return;
        WaitForCopy(worker, p, segmentAt, row, score);
        if (_basis is null)
        {
            var list = worker.ByBodies[p];
            Add(list, segment, row, score);
            // Each of these subjects has a row whose final score is no further below than this.
            worker.Bounds[p] = list.Threshold - LargestSlack(p);
        }
    }

    private void WaitForCopy(Worker worker, int p, int segment, int row, float score)
    {
        var near = worker.Near[p] ??= new Survivors(MaxNear);
        if (near.IsFull)
        {
            near.Drop(Order(Threshold(worker, p) - LargestSlack(p)));
            if (near.Count > MaxNear / 2)
                CompareCopies(worker, p);
        }
        near.Add(segment, row, Order(score));
    }

    private void CompareCopies(Worker worker, int p)
    {
        if (worker.Near[p] is not { Count: > 0 } near)
            return;
        near.Drop(Order(Threshold(worker, p) - LargestSlack(p)));
        near.Sort();
        for (var i = 0; i < near.Count; i++)
        {
            if (i + Ahead < near.Count && _segments[near.Segment(i + Ahead)].Float16 is var copies and not null)
                Prefetch.Lines((byte*)(copies + ((nint)near.Row(i + Ahead) * _dimension)), _dimension * sizeof(Half));
            var segment = _segments[near.Segment(i)];
            if (near.Sum(i) < Order(Threshold(worker, p) - Slack(segment, p)))
                continue;
            List(worker, p, segment, near.Row(i), ScoreOf(near.Sum(i)));
            if (_basis is null && segment.IsErased(near.Row(i)))
                Volatile.Write(ref _boundBroken, true);
        }
        near.Reset();
        Share(worker, p);
    }

    /// <summary>A score as an integer in the same order, from which <see cref="ScoreOf"/> takes it back to the bit.</summary>
    private static int Order(float score)
    {
        var bits = BitConverter.SingleToInt32Bits(score + 0f); // Of the two zeros, the positive one.
        return bits ^ ((bits >> 31) & int.MaxValue);
    }

    private static float ScoreOf(int order) => BitConverter.Int32BitsToSingle(order ^ ((order >> 31) & int.MaxValue));

    /// <summary>Puts a row into the list if its final score, from the copies where both sides have one, belongs there.</summary>
    private void List(Worker worker, int p, Segment segment, int row, float score)
    {
        if (Slack(segment, p) > 0 && segment.Copy(row) is { IsEmpty: false } copy)
        {
            var (dot, squares) = Float16Dot.Of(_probeCopies.AsSpan(p * _dimension, _dimension), copy);
            score = Score.FromFloat16(dot, _probeSquares[p], squares);
        }
        if (score >= Threshold(worker, p))
            Add(worker.Lists[p], segment, row, score);
    }

    private void Add(BestPerSubject list, Segment segment, int row, float score)
    {
        Volatile.ReadBarrier(); // Vectors before marks: see Segment.
        if (segment.IsErased(row))
            return;
        var hit = new IndexHit(segment.Ids[row], segment.Subjects[row], score);
        if (list.Admits(hit) && (_filter is null || _filter(hit.Subject)))
            list.Add(hit);
    }

    /// <summary>What one thread needs for itself.</summary>
    private sealed class Worker
    {
        /// <summary>The most rows between two looks at the results.</summary>
        public const int MaxTileRows = 256;

        /// <summary>The products of one tile: 256 rows with one probe, or 32 rows with each of 64.</summary>
        public int[] Dots { get; private set; } = new int[MaxTileRows];

        /// <summary>The pairs of one tile that reached their limits.</summary>
        public Reached[] Reached { get; private set; } = new Reached[MaxTileRows];

        /// <summary>What rows must reach.</summary>
        public ProbeLimits Limits { get; } = new(MaxProbes);

        /// <summary>For each probe, the smallest sum with which a sketch survives.</summary>
        public int[] LeastSums { get; } = new int[MaxProbes];

        /// <summary>For each probe, the sum with which a row is compared at once.</summary>
        public int[] PromisingSums { get; } = new int[MaxProbes];

        /// <summary>For each probe, the number of rows compared in full after their sketches.</summary>
        public long[] Rescored { get; } = new long[MaxProbes];

        /// <summary>For each probe, the rows that wait for a comparison in full.</summary>
        public Survivors?[] Survivors { get; } = new Survivors?[MaxProbes];

        /// <summary>For each probe, the rows that wait for a comparison by their copies.</summary>
        public Survivors?[] Near { get; } = new Survivors?[MaxProbes];

        /// <summary>The lists by final scores.</summary>
        public BestPerSubject[] Lists { get; private set; } = [];

        /// <summary>The lists by scores from bodies, of scans in full whose rows have copies.</summary>
        public BestPerSubject[] ByBodies { get; private set; } = [];

        /// <summary>For each probe, the least final score that the last row of its list can have, by the list from bodies.</summary>
        public float[] Bounds { get; } = new float[MaxProbes];

        public void Begin(int probes, int listLength, float floor, bool sketches)
        {
            Array.Clear(Rescored);
            for (var p = 0; sketches && p < probes; p++)
                Survivors[p] ??= new Survivors(MaxSurvivors);
            if (probes > 1 && Dots.Length < MaxTileRows / 8 * MaxProbes)
            {
                Dots = new int[MaxTileRows / 8 * MaxProbes];
                Reached = new Reached[MaxTileRows / 8 * MaxProbes];
            }
            if (Lists.Length < probes)
            {
                Lists = [.. Lists, .. Enumerable.Range(0, probes - Lists.Length).Select(_ => new BestPerSubject())];
                ByBodies = [.. ByBodies, .. Enumerable.Range(0, probes - ByBodies.Length).Select(_ => new BestPerSubject())];
            }
            for (var i = 0; i < probes; i++)
            {
                Lists[i].Begin(listLength, floor);
                ByBodies[i].Begin(listLength, floor);
                Bounds[i] = float.NegativeInfinity;
            }
        }

        public void Clear()
        {
            Array.Clear(Dots);
            Array.Clear(Reached);
            Limits.Clear();
            foreach (var near in Near)
                near?.Clear();
            foreach (var list in Lists)
                list.Clear();
            foreach (var list in ByBodies)
                list.Clear();
            foreach (var survivors in Survivors)
                survivors?.Clear();
        }
    }
}
