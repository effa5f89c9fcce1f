using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MatchEngine.Vectors.Kernels;

namespace MatchEngine.Vectors;

/// <summary>
/// One pass of a block of probes over the segments of an index, by the calling thread and as many helping threads of the pool as are free.
/// Reusable: it keeps its buffers and, between scans, nothing of what was in them.
/// </summary>
/// <remarks>
/// <para>The segments are cut into portions; each worker takes the next one until none is left. The caller works too and never waits for a helper
/// that has not begun, so a busy thread pool makes a search slower but cannot stall it. A helper that arrives late finds the scan closed
/// and touches nothing of it; the scan goes back to its owner when the caller and every helper, late ones included, have let go.</para>
/// <para>A steady stream of searches allocates nothing but their answers: buffers, probes and work items are all this object.</para>
/// </remarks>
internal sealed unsafe class ExactScan : IThreadPoolWorkItem
{
    /// <summary>The most probes that share a pass. 64 probes of 512 bytes stay in the second-level cache beside the rows.</summary>
    public const int MaxProbes = 64;

    private const int CacheLine = 64;

    /// <summary>A portion must be worth a helper's trip (tens of microseconds), and is how long a cancelled search goes on.</summary>
    private const int PortionBytes = 512 * 1024;

    private const int Closed = 1 << 30;

    private readonly ExactScanPool _owner;
    private readonly DotKernel _kernel;
    private readonly int _dimension;
    private readonly Worker[] _workers;
    private readonly byte[] _probeMemory;
    private readonly sbyte* _probes;
    private readonly int[] _probeSums = new int[MaxProbes];
    private readonly float[] _probeScales = new float[MaxProbes];

    private Segment[] _segments = [];
    private int[] _rows = [];
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
        _probeMemory = GC.AllocateArray<byte>((MaxProbes * dimension) + CacheLine, pinned: true);
        var address = (nuint)Unsafe.AsPointer(ref _probeMemory[0]);
        _probes = (sbyte*)((address + (CacheLine - 1)) & ~(nuint)(CacheLine - 1));
    }

    /// <summary>Runs the scan and writes one answer a probe.</summary>
    public void Run(Segment[] segments, ReadOnlySpan<Template> probes, int listLength, float floor, Func<long, bool>? filter,
        Span<IndexAnswer> answers, CancellationToken cancellationToken)
    {
        // From here to the release, exceptions included, the scan is this caller's.
        _references = 1;
        try
        {
            Prepare(segments, probes, filter, cancellationToken);
            foreach (var worker in _workers)
                worker.Begin(_probeCount, listLength, floor);
            var helpers = Math.Min(_workers.Length, _portions) - 1;
            if (helpers > 0)
                Call(helpers);
            Work(_workers[0]);
            Close();

            _failure?.Throw();
            cancellationToken.ThrowIfCancellationRequested();
            for (var p = 0; p < _probeCount; p++)
            {
                var list = _workers[0].Lists[p];
                for (var w = 1; w < _workers.Length; w++)
                    list.AddAll(_workers[w].Lists[p]);
                answers[p] = new IndexAnswer(list.ToList(), IndexAnswer.Exact, _compared);
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

    private void Prepare(Segment[] segments, ReadOnlySpan<Template> probes, Func<long, bool>? filter, CancellationToken cancellationToken)
    {
        _probeCount = probes.Length;
        for (var p = 0; p < probes.Length; p++)
        {
            var body = probes[p].Body;
            body.CopyTo(new Span<sbyte>(_probes + ((nint)p * _dimension), _dimension));
            _probeSums[p] = DotKernel.Sum(body);
            _probeScales[p] = probes[p].Scale;
        }

        // The counts are read once: a row that is added while the scan runs is in it for no worker, rather than for some.
        if (_rows.Length < segments.Length)
            _rows = new int[Math.Max(2 * _rows.Length, segments.Length)];
        _segments = segments;
        _portionRows = Math.Max(Worker.MaxTileRows, PortionBytes / _dimension / Worker.MaxTileRows * Worker.MaxTileRows);
        _portions = 0;
        _compared = 0;
        for (var s = 0; s < segments.Length; s++)
        {
            _rows[s] = segments[s].Published;
            _compared += Math.Max(0, _rows[s] - segments[s].Erased);
            _portions += Portions(s);
        }
        _filter = filter;
        _cancellation = cancellationToken;
        _failure = null;
        _nextPortion = 0;
        _nextWorker = 0;
        Volatile.Write(ref _helpers, 0);
    }

    private int Portions(int segment) => (_rows[segment] + _portionRows - 1) / _portionRows;

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
        Array.Clear(_probeMemory);
        Array.Clear(_probeSums);
        Array.Clear(_probeScales);
        foreach (var worker in _workers)
            worker.Clear();
        _segments = [];
        _filter = null;
        _cancellation = default;
        _failure = null;
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "What a filter throws must reach the caller, not the thread pool.")]
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
                var first = (portion - firstPortion) * _portionRows;
                Scan(worker, _segments[segment], first, Math.Min(first + _portionRows, _rows[segment]));
            }
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
            Volatile.Write(ref _nextPortion, _portions);
        }
    }

    private void Scan(Worker worker, Segment segment, int from, int to)
    {
        // A single probe is cheap to bring along and wants long runs of memory; many probes want the rows to stay in the first-level cache.
        var tile = _probeCount == 1 ? Worker.MaxTileRows : Worker.MaxTileRows / 8;
        fixed (int* sums = _probeSums)
        fixed (int* dots = worker.Dots)
        {
            for (var row = from; row < to; row += tile)
            {
                var rows = Math.Min(tile, to - row);
                _kernel.Dots(_probes, sums, _probeCount, segment.Bodies + ((nint)row * _dimension), rows, _dimension, dots);
                Volatile.ReadBarrier(); // Bodies before marks: see Segment.
                for (var p = 0; p < _probeCount; p++)
                    Select(worker.Lists[p], segment, row, new ReadOnlySpan<int>(dots + ((nint)p * rows), rows), _probeScales[p]);
            }
        }
        GC.KeepAlive(segment);
    }

    /// <summary>Offers the list those rows of a tile that reach its threshold: few, once the list is full.</summary>
    private void Select(BestPerSubject list, Segment segment, int firstRow, ReadOnlySpan<int> dots, float probeScale)
    {
        var scales = segment.Scales.AsSpan(firstRow, dots.Length);
        var i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            // The same operations in the same order as Score.FromDot, hence the same bits. A score above 1 passes either way.
            var least = Vector256.Create(-1f);
            var threshold = Vector256.Create(list.Threshold);
            ref var firstDot = ref MemoryMarshal.GetReference(dots);
            ref var firstScale = ref MemoryMarshal.GetReference(scales);
            for (; i + 8 <= dots.Length; i += 8)
            {
                var scores = Vector256.ConvertToSingle(Vector256.LoadUnsafe(ref firstDot, (nuint)i)) * (Vector256.LoadUnsafe(ref firstScale, (nuint)i) * probeScale);
                var reached = Vector256.GreaterThanOrEqual(Vector256.Max(scores, least), threshold).ExtractMostSignificantBits();
                if (reached == 0)
                    continue;
                for (; reached != 0; reached &= reached - 1)
                {
                    var j = i + System.Numerics.BitOperations.TrailingZeroCount(reached);
                    Offer(list, segment, firstRow + j, Score.FromDot(dots[j], scales[j] * probeScale));
                }
                threshold = Vector256.Create(list.Threshold);
            }
        }
        for (; i < dots.Length; i++)
            Offer(list, segment, firstRow + i, Score.FromDot(dots[i], scales[i] * probeScale));
    }

    private void Offer(BestPerSubject list, Segment segment, int row, float score)
    {
        if (score < list.Threshold || segment.IsErased(row))
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

        public BestPerSubject[] Lists { get; private set; } = [];

        public void Begin(int probes, int listLength, float floor)
        {
            if (probes > 1 && Dots.Length < MaxTileRows / 8 * MaxProbes)
                Dots = new int[MaxTileRows / 8 * MaxProbes];
            if (Lists.Length < probes)
            {
                var had = Lists.Length;
                var lists = new BestPerSubject[probes];
                Lists.CopyTo(lists, 0);
                for (var i = had; i < probes; i++)
                    lists[i] = new BestPerSubject();
                Lists = lists;
            }
            for (var i = 0; i < probes; i++)
                Lists[i].Begin(listLength, floor);
        }

        public void Clear()
        {
            Array.Clear(Dots);
            foreach (var list in Lists)
                list.Clear();
        }
    }
}
