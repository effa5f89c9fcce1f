using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using MatchEngine.Vectors.Kernels;
using MatchEngine.Vectors.Sketches;

namespace MatchEngine.Vectors.Exact;

/// <summary>
/// One pass of a block of probes over the segments of an index, by the calling thread and helpers (<see cref="ScanCrew"/>). Reusable: it
/// keeps its buffers and, between scans, nothing of what was in them.
/// </summary>
/// <remarks>
/// <para>The segments are cut into portions; each worker (<see cref="ScanWorker"/>) takes the next one until none is left. What a row
/// passes on its way into a list is told at <see cref="ScanStages"/>.</para>
/// <para>A steady stream of searches allocates nothing but their answers: buffers, probes and work items are all this object.</para>
/// </remarks>
internal sealed class ExactScan
{
    /// <summary>A portion must be worth a helper's trip (tens of microseconds), and is how long a cancelled search goes on.</summary>
    private const int PortionBytes = 512 * 1024;

    /// <summary>The same for sketches, whose scan takes less time a row.</summary>
    private const int SketchPortionRows = 8192;

    /// <summary>The same for rows that lie apart, each of which costs a trip to memory.</summary>
    private const int SelectedPortionRows = 512;

    private readonly ScanCrew _crew;
    private readonly ScanStages _stages;
    private readonly ScanWorker[] _workers;
    private readonly TallyStart _tallyStart;
    private readonly TallySum _tallySum = new();
    private readonly ScoreTally?[] _tallies = new ScoreTally?[ScanProbes.Most];
    private readonly float[] _tallyFrom = new float[ScanProbes.Most];
    private readonly int _portionRows;

    private Segment[] _segments = [];
    private SketchColumn?[] _columns = [];
    private int[] _rows = [];
    private int[][]? _selected;
    private SketchBasis? _basis;
    private float _largestChord;
    private int _withoutCopies;
    private int _portions;
    private long _compared;
    private CancellationToken _cancellation;
    private ExceptionDispatchInfo? _failure;
    private int _nextPortion;

    /// <summary>A scan.</summary>
    /// <param name="owner">Where it goes back to when it ends.</param>
    /// <param name="kernel">What compares bodies.</param>
    /// <param name="dimension">Their dimension.</param>
    /// <param name="parallelism">The most threads at work.</param>
    public ExactScan(ExactScanPool owner, DotKernel kernel, int dimension, int parallelism)
    {
        _crew = new ScanCrew(this, owner);
        Probes = new ScanProbes(dimension);
        _stages = new ScanStages(kernel, dimension, Probes);
        _tallyStart = new TallyStart(kernel, dimension, Probes);
        _workers = new ScanWorker[parallelism];
        for (var i = 0; i < parallelism; i++)
            _workers[i] = new ScanWorker();
        _portionRows = Math.Max(ScanWorker.MaxTileRows, PortionBytes / dimension / ScanWorker.MaxTileRows * ScanWorker.MaxTileRows);
    }

    /// <summary>The probes; none between scans.</summary>
    internal ScanProbes Probes { get; }

    /// <summary>Runs the scan and writes one answer a probe.</summary>
    /// <param name="segments">The segments.</param>
    /// <param name="basis">The basis of their sketches, if they have any.</param>
    /// <param name="selected">Of each segment the rows that may be listed, rising, where no others are looked at; null for all.</param>
    /// <param name="probes">The probes.</param>
    /// <param name="listLength">The subjects on a list.</param>
    /// <param name="floor">The score floor.</param>
    /// <param name="filter">Which subjects may be listed.</param>
    /// <param name="tallying">What is to be counted.</param>
    /// <param name="answers">Receives the answers.</param>
    /// <param name="cancellationToken">Ends the scan.</param>
    public void Run(
        Segment[] segments, SketchBasis? basis, int[][]? selected, ReadOnlySpan<Template> probes, int listLength, float floor,
        SubjectSet? filter, Tallying? tallying, Span<IndexAnswer> answers, CancellationToken cancellationToken)
    {
        // From here to the release, exceptions included, the scan is this caller's.
        _crew.Begin();
        try
        {
            var copiesAtOnce = false;
            for (var first = true; ; first = false)
            {
                Prepare(segments, basis, selected, cancellationToken);
                Probes.Begin(probes, _basis, _withoutCopies < segments.Length, _largestChord);
                _stages.Begin(segments, _basis, _largestChord, listLength, floor, filter, copiesAtOnce, tallying is not null);
                foreach (var worker in _workers)
                    worker.Begin(probes.Length, listLength, floor, _basis is not null);
                if (tallying is not null)
                    BeginTallies(tallying, first);
                _crew.Open();
                // A second time with those helpers at most that come late: no more are called than there are workers for.
                var helpers = Math.Min(_workers.Length, _portions) - 1;
                if (helpers > 0 && first)
                    _crew.Call(helpers);
                Work(0);
                _crew.Close();
                _failure?.Throw();
                cancellationToken.ThrowIfCancellationRequested();
                if (!copiesAtOnce && _stages.IsBoundBroken)
                {
                    copiesAtOnce = true;
                    continue;
                }
                for (var p = 0; p < probes.Length; p++)
                    answers[p] = Answer(p);
                // If the sample misled, everybody is counted of the probes that it misled about.
                if (tallying is null || HasTallied(tallying, answers))
                    break;
            }
            for (var p = 0; tallying is not null && p < probes.Length; p++)
                answers[p] = answers[p] with { Tally = _tallies[p] };
        }
        finally
        {
            _crew.Close();
            Forget();
            _crew.Release();
        }
    }

    /// <summary>A worker's turn: portions while there are any, then what still waits.</summary>
    /// <param name="number">The worker's number, 0 for the caller.</param>
    [SuppressMessage(
        "Design", "CA1031:Do not catch general exception types",
        Justification = "What goes wrong on a helper's thread must reach the caller, not the thread pool.")]
    public void Work(int number)
    {
        try
        {
            var worker = _workers[number];
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
                if (_selected is not null)
                    _stages.ScanSelected(worker, segment, _selected[segment].AsSpan(first..end));
                else if (_columns[segment] is { } sketches)
                    _stages.ScanSketches(worker, segment, sketches, first, end);
                else
                    _stages.ScanBodies(worker, segment, first, end);
            }
            for (var p = 0; p < Probes.Count && !_cancellation.IsCancellationRequested; p++)
                _stages.CompareWaiting(worker, p);
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
            Volatile.Write(ref _nextPortion, _portions);
        }
    }

    private void Prepare(Segment[] segments, SketchBasis? basis, int[][]? selected, CancellationToken cancellationToken)
    {
        // The counts are read once: a row that is added while the scan runs is in it for no worker, rather than for some.
        if (_rows.Length < segments.Length)
        {
            _rows = new int[Math.Max(2 * _rows.Length, segments.Length)];
            _columns = new SketchColumn?[_rows.Length];
        }
        _segments = segments;
        _selected = selected;
        _portions = 0;
        _compared = 0;
        _withoutCopies = 0;
        _basis = null;
        _largestChord = 0;
        for (var s = 0; s < segments.Length; s++)
        {
            _rows[s] = selected is null ? segments[s].Published : selected[s].Length;
            _columns[s] = selected is null && basis is not null && segments[s].Sketches is { IsUnfit: false } column
                && column.Basis == basis ? column : null;
            if (_columns[s] is not null)
                _basis = basis;
            if (!segments[s].HasCopies)
                _withoutCopies++;
            _largestChord = Math.Max(_largestChord, segments[s].LargestChord);
            _compared += selected is null ? Math.Max(0, _rows[s] - segments[s].Erased) : Living(segments[s], selected[s]);
            _portions += Portions(s);
        }
        _cancellation = cancellationToken;
        _failure = null;
        _nextPortion = 0;
    }

    private static int Living(Segment segment, int[] rows)
    {
        if (segment.Erased == 0)
            return rows.Length;
        var living = 0;
        foreach (var row in rows)
            living += segment.IsErased(row) ? 0 : 1;
        return living;
    }

    private void BeginTallies(Tallying tallying, bool first)
    {
        var from = _tallyFrom.AsSpan(0, Probes.Count);
        if (first)
            _tallyStart.Find(
                tallying, _segments, _rows.AsSpan(0, _segments.Length), _columns.AsSpan(0, _segments.Length), _selected, from);
        foreach (var worker in _workers)
        {
            for (var p = 0; p < from.Length; p++)
                worker.Tallies[p].Begin(tallying.Request, from[p]);
        }
    }

    /// <summary>
    /// Makes the tallies; false when one has too few subjects to be of use, and a scan that counts everybody, for which all is set, would
    /// give more.
    /// </summary>
    private bool HasTallied(Tallying tallying, ReadOnlySpan<IndexAnswer> answers)
    {
        long sketched = 0, all = 0;
        for (var s = 0; s < _segments.Length; s++)
        {
            all += _rows[s];
            sketched += _columns[s] is null ? 0 : _rows[s];
        }
        var enough = true;
        var parts = new TallyRows[_workers.Length];
        for (var p = 0; p < answers.Length; p++)
        {
            for (var w = 0; w < parts.Length; w++)
                parts[w] = _workers[w].Tallies[p];
            var tally = _tallySum.Of(
                tallying.Request, parts, _segments, tallying.Subjects, tallying.Subjects < _compared || tallying.IsFiltered,
                answers[p].Hits, sketched == 0 ? 0 : Probes.Sketch(p).ExcessVariance * sketched / all);
            _tallies[p] = tally;
            if (float.IsNegativeInfinity(_tallyFrom[p]) || tally.Counted >= Math.Min(tallying.Request.Least, tally.Subjects / 4) / 4)
                continue;
            _tallyFrom[p] = float.NegativeInfinity;
            enough = false;
        }
        return enough;
    }

    private IndexAnswer Answer(int p)
    {
        var list = _workers[0].Lists[p];
        var rescored = _workers[0].Rescored[p];
        for (var w = 1; w < _workers.Length; w++)
        {
            list.AddAll(_workers[w].Lists[p]);
            rescored += _workers[w].Rescored[p];
        }
        return new IndexAnswer(list.ToList(), _basis is null ? IndexAnswer.Exact : IndexAnswer.ExactSketch, _compared)
        {
            IsExhaustive = true,
            ComparedInFull = _basis is null ? _compared : rescored,
            Precision = float.IsNaN(Probes.Chords[p]) || _withoutCopies == _segments.Length ? ScorePrecision.Int8
                : _withoutCopies == 0 ? ScorePrecision.Float16 : ScorePrecision.Mixed,
        };
    }

    /// <summary>A tally that a scan is to make.</summary>
    /// <param name="Request">What is asked.</param>
    /// <param name="Subjects">How many subjects may be listed.</param>
    /// <param name="All">How many there are.</param>
    /// <param name="IsFiltered">Whether a filter says who may.</param>
    internal sealed record Tallying(TallyRequest Request, long Subjects, long All, bool IsFiltered);

    private int PortionRows(int segment) =>
        _selected is not null ? SelectedPortionRows : _columns[segment] is null ? _portionRows : SketchPortionRows;

    private int Portions(int segment) => (_rows[segment] + PortionRows(segment) - 1) / PortionRows(segment);

    /// <summary>Overwrites what came from the probes and the gallery.</summary>
    private void Forget()
    {
        Probes.Forget();
        _stages.Forget();
        foreach (var worker in _workers)
            worker.Clear();
        _segments = [];
        _selected = null;
        Array.Clear(_columns);
        Array.Clear(_tallies);
        Array.Clear(_tallyFrom);
        _basis = null;
        _cancellation = default;
        _failure = null;
    }
}
