using System.Runtime.Intrinsics;
using MatchEngine.Vectors.Kernels;
using MatchEngine.Vectors.Sketches;

namespace MatchEngine.Vectors.Exact;

/// <summary>The stages that a row passes on its way into a list, each of which lets through all that the next could list.</summary>
/// <remarks>
/// <para>A segment with sketches of the current basis is scanned by them: rows whose estimate, given the bound of
/// <see cref="SketchBasis"/>, may reach the threshold of the list survive. Survivors, and all rows of a segment without sketches, are
/// compared by their bodies in int8. Those which come as near to the threshold as the chords of probe and rows allow
/// (<see cref="Template.Chord"/>) are compared by their float16 copies, where both sides have one, and that score is the one listed. The
/// second step loses nothing for certain, the first with the probability stated. The threshold is the score of the k-th subject so far, the
/// best of what any worker knows.</para>
/// <para>Copies lie apart from all else a search reads, perhaps in a file, so as few as can be are looked at: rows wait for theirs until
/// the scan is over. Meanwhile a scan without sketches has its threshold from a list by bodies: the final scores of its k subjects are at
/// most the two chords lower. When one of those rows is removed before its copy is looked at, others may have been passed over for it, and
/// the scan is made again with copies at once (<see cref="IsBoundBroken"/>), so that a removal never shortens a list.</para>
/// </remarks>
internal sealed unsafe class ScanStages
{
    /// <summary>Scores are float32: what a comparison of thresholds may be off by.</summary>
    private const float Rounding = 1e-6f;

    /// <summary>How many survivors ahead memory is asked for: four comparisons take about as long as memory takes to answer.</summary>
    private const int Ahead = 4;

    private readonly DotKernel _kernel;
    private readonly int _dimension;
    private readonly ScanProbes _probes;

    // What the innermost steps ask for, at hand.
    private readonly ProbeBlock _block;
    private readonly float[] _scales;
    private readonly float[] _chords;

    // The best threshold that any worker knows for a probe's list. Written without care: each value ever written is a valid one.
    private readonly float[] _thresholds = new float[ScanProbes.Most];

    private Segment[] _segments = [];
    private SketchBasis? _basis;
    private float _quantile;
    private float _largestChord;
    private SubjectSet? _filter;
    private bool _copiesAtOnce;
    private bool _tallies;
    private bool _boundBroken;
    private int _count;

    /// <summary>Stages of a scan.</summary>
    /// <param name="kernel">What compares bodies.</param>
    /// <param name="dimension">Their dimension.</param>
    /// <param name="probes">The probes.</param>
    public ScanStages(DotKernel kernel, int dimension, ScanProbes probes)
    {
        (_kernel, _dimension, _probes) = (kernel, dimension, probes);
        (_block, _scales, _chords) = (probes.Block, probes.Scales, probes.Chords);
    }

    /// <summary>Whether a row that a bound rests on was removed before its copy was compared.</summary>
    public bool IsBoundBroken => Volatile.Read(ref _boundBroken);

    /// <summary>Begins a pass; the probes have been taken in.</summary>
    /// <param name="segments">The segments.</param>
    /// <param name="basis">The basis of the sketches; null when none is used.</param>
    /// <param name="largestChord">The largest chord of a row.</param>
    /// <param name="listLength">The subjects on a list.</param>
    /// <param name="floor">The score floor.</param>
    /// <param name="filter">Which subjects may be listed.</param>
    /// <param name="copiesAtOnce">Whether no row waits for its copy.</param>
    /// <param name="tallies">Whether the workers' rows at the upper end are gathered.</param>
    public void Begin(
        Segment[] segments, SketchBasis? basis, float largestChord, int listLength, float floor, SubjectSet? filter, bool copiesAtOnce,
        bool tallies)
    {
        _segments = segments;
        _basis = basis;
        _largestChord = largestChord;
        _quantile = SketchProbe.Quantile(listLength);
        _filter = filter;
        _copiesAtOnce = copiesAtOnce;
        _tallies = tallies;
        _boundBroken = false;
        _count = _probes.Count;
        _thresholds.AsSpan(0, _count).Fill(floor);
    }

    /// <summary>Lets go of the gallery.</summary>
    public void Forget()
    {
        _segments = [];
        _basis = null;
        _filter = null;
    }

    /// <summary>Compares rows by their bodies.</summary>
    /// <param name="worker">What the thread has for itself.</param>
    /// <param name="segmentAt">The segment.</param>
    /// <param name="from">Its first row.</param>
    /// <param name="to">The end of the rows.</param>
    public void ScanBodies(ScanWorker worker, int segmentAt, int from, int to)
    {
        // Limits rise between tiles: many probes make up for small ones.
        var segment = _segments[segmentAt];
        var tile = _count == 1 ? ScanWorker.MaxTileRows : ScanWorker.MaxTileRows / 8;
        for (var p = 0; p < _count; p++)
            SetLimit(worker, p, segment);
        fixed (Reached* reached = worker.Reached)
        {
            for (var row = from; row < to; row += tile)
            {
                var rows = Math.Min(tile, to - row);
                var count = _kernel.Reaching(
                    _block, worker.Limits, segment.Bodies + ((nint)row * _dimension), segment.Scales + row, rows, reached);
                for (var i = 0; i < count; i++)
                {
                    var (p, r, dot) = reached[i];
                    if (!Admits(segmentAt, row + r))
                        continue;
                    var threshold = Threshold(worker, p);
                    var score = Score.FromDot(dot, segment.Scales[row + r] * _scales[p]);
                    if (_tallies && score >= worker.Tallies[p].From)
                        Tally(worker, p, segmentAt, row + r, score);
                    Offer(worker, p, segmentAt, row + r, score);
                    if (Threshold(worker, p) > threshold)
                        SetLimit(worker, p, segment);
                }
            }
        }
        for (var p = 0; p < _count; p++)
            Share(worker, p);
        GC.KeepAlive(segment);
    }

    /// <summary>Compares rows that lie apart by their bodies: those of the few who may be listed.</summary>
    /// <param name="worker">What the thread has for itself.</param>
    /// <param name="segmentAt">The segment.</param>
    /// <param name="rows">The rows, rising.</param>
    public void ScanSelected(ScanWorker worker, int segmentAt, ReadOnlySpan<int> rows)
    {
        var segment = _segments[segmentAt];
        for (var i = 0; i < rows.Length; i++)
        {
            if (i + Ahead < rows.Length)
                Prefetch.Lines(segment.Bodies + ((nint)rows[i + Ahead] * _dimension), _dimension);
            var body = segment.Bodies + ((nint)rows[i] * _dimension);
            for (var p = 0; p < _count; p++)
            {
                var dot = _kernel.Dot(_block.Bodies + ((nint)p * _dimension), _block.Sums[p], body, _dimension);
                var score = Score.FromDot(dot, segment.Scales[rows[i]] * _scales[p]);
                if (_tallies && score >= worker.Tallies[p].From)
                    Tally(worker, p, segmentAt, rows[i], score);
                Offer(worker, p, segmentAt, rows[i], score);
            }
        }
        for (var p = 0; p < _count; p++)
            Share(worker, p);
        GC.KeepAlive(segment);
    }

    /// <summary>
    /// Brings the limit that decides about rows up to date with the list's threshold. Scores are the same products,
    /// in another order: hence the margin.
    /// </summary>
    private void SetLimit(ScanWorker worker, int p, Segment segment)
    {
        var least = Threshold(worker, p) - Slack(segment, p);
        if (_tallies)
            least = Math.Min(least, worker.Tallies[p].From);
        var limit = least / _scales[p];
        worker.Limits.Set(_block, p, limit - (MathF.Abs(limit) * Rounding));
    }

    /// <summary>Compares rows by their sketches, and those which the basis does not fit by their bodies.</summary>
    /// <param name="worker">What the thread has for itself.</param>
    /// <param name="segment">The segment.</param>
    /// <param name="sketches">Its sketches.</param>
    /// <param name="from">The first row, the first of a block of sketches.</param>
    /// <param name="to">The end of the rows.</param>
    public void ScanSketches(ScanWorker worker, int segment, SketchColumn sketches, int from, int to)
    {
        var basis = sketches.Basis;
        nint blockBytes = basis.Groups * SketchKernel.GroupBytes;
        var tile = _count == 1 ? ScanWorker.MaxTileRows : ScanWorker.MaxTileRows / 8;
        for (var p = 0; p < _count; p++)
        {
            SetLeastSums(worker, p);
            worker.TallySums[p] = _tallies ? _probes.Sketch(p).LeastTallied(worker.Tallies[p].From) : int.MaxValue;
        }
        fixed (sbyte* elements = _probes.SketchElements)
        fixed (int* sums = worker.Dots)
        {
            for (var row = from; row < to; row += tile)
            {
                var rows = Math.Min(tile, to - row);
                var blocks = (rows + SketchKernel.BlockRows - 1) / SketchKernel.BlockRows;
                SketchKernel.Best.Sums(
                    sketches.Blocks + (row / SketchKernel.BlockRows * blockBytes), blocks, basis.Groups, elements, _count, sums);
                for (var p = 0; p < _count; p++)
                    Survive(worker, p, segment, row, rows, sums + ((nint)p * blocks * SketchKernel.BlockRows));
            }
        }
        foreach (var row in sketches.Outliers)
        {
            if (row < from || row >= to || !Admits(segment, row))
                continue;
            for (var p = 0; p < _count; p++)
                Compare(worker, p, segment, row);
        }
        for (var p = 0; p < _count; p++)
            Share(worker, p);
        GC.KeepAlive(sketches);
    }

    /// <summary>
    /// Sorts out the rows of a tile. One whose estimate alone brings it into the list is compared at once, which keeps the threshold close
    /// to that of all rows so far at the cost of few comparisons; one that may belong to the list waits.
    /// </summary>
    private void Survive(ScanWorker worker, int p, int segment, int firstRow, int rows, int* sums)
    {
        var tallied = worker.TallySums[p];
        var least = Vector256.Create(Math.Min(worker.LeastSums[p], tallied));
        for (var i = 0; i < rows; i += 8)
        {
            var reached = Vector256.GreaterThanOrEqual(Vector256.Load(sums + i), least).ExtractMostSignificantBits();
            for (; reached != 0; reached &= reached - 1)
            {
                // The last block may be filled in part.
                var j = i + System.Numerics.BitOperations.TrailingZeroCount(reached);
                if (j >= rows)
                    break;
                if (!Admits(segment, firstRow + j))
                    continue;
                if (sums[j] >= tallied)
                    Tally(worker, p, segment, firstRow + j, _probes.Sketch(p).Estimate(sums[j]));
                if (sums[j] < worker.LeastSums[p])
                    continue;
                if (sums[j] >= worker.PromisingSums[p])
                {
                    Compare(worker, p, segment, firstRow + j);
                    SetLeastSums(worker, p);
                }
                else
                {
                    Wait(worker, p, segment, firstRow + j, sums[j]);
                }
                least = Vector256.Create(Math.Min(worker.LeastSums[p], tallied));
            }
        }
    }

    /// <summary>
    /// Whether a row may be listed. Asked before a row goes on to any stage, and of none after: where few may be listed, what there is of
    /// the others would be compared in full for nothing.
    /// </summary>
    private bool Admits(int segment, int row) => _filter is null || _filter.Admits(_segments[segment].Subjects[row]);

    /// <summary>Takes a row at the upper end, by the first score that it has.</summary>
    private void Tally(ScanWorker worker, int p, int segmentAt, int row, float score)
    {
        var segment = _segments[segmentAt];
        Volatile.ReadBarrier(); // Vectors before marks: see Segment.
        if (score >= worker.Tallies[p].From && !segment.IsErased(row))
            worker.Tallies[p].Add(score, segmentAt, row);
    }

    private void Wait(ScanWorker worker, int p, int segment, int row, int sum)
    {
        var survivors = worker.Survivors[p]!;
        if (survivors.IsFull)
        {
            SetLeastSums(worker, p);
            survivors.Drop(worker.LeastSums[p]);
            if (survivors.Count > ScanWorker.MaxSurvivors / 2)
                CompareSurvivors(worker, p);
        }
        survivors.Add(segment, row, sum);
    }

    /// <summary>The later stages of the rows that still wait when there is no portion left.</summary>
    /// <param name="worker">What the thread has for itself.</param>
    /// <param name="p">The probe.</param>
    public void CompareWaiting(ScanWorker worker, int p)
    {
        if (_basis is not null)
            CompareSurvivors(worker, p);
        CompareCopies(worker, p);
    }

    private void CompareSurvivors(ScanWorker worker, int p)
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
    private void SetLeastSums(ScanWorker worker, int p)
    {
        var threshold = Threshold(worker, p);
        ref readonly var probe = ref _probes.Sketch(p);
        worker.LeastSums[p] = probe.LeastSum(threshold - Rounding, _quantile);
        worker.PromisingSums[p] = probe.LeastSum(threshold, 0);
    }

    private void Compare(ScanWorker worker, int p, int segmentAt, int row)
    {
        var segment = _segments[segmentAt];
        var dot = _kernel.Dot(
            _block.Bodies + ((nint)p * _dimension), _block.Sums[p], segment.Bodies + ((nint)row * _dimension), _dimension);
        worker.Rescored[p]++;
        Offer(worker, p, segmentAt, row, Score.FromDot(dot, segment.Scales[row] * _scales[p]));
    }

    /// <summary>The score below which no row can come into a probe's list.</summary>
    private float Threshold(ScanWorker worker, int p) => Math.Max(Math.Max(worker.Lists[p].Threshold, worker.Bounds[p]), _thresholds[p]);

    private void Share(ScanWorker worker, int p)
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
    private void Offer(ScanWorker worker, int p, int segmentAt, int row, float score)
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

    private void WaitForCopy(ScanWorker worker, int p, int segment, int row, float score)
    {
        var near = worker.Near[p] ??= new Survivors(ScanWorker.MaxNear);
        if (near.IsFull)
        {
            near.Drop(Order(Threshold(worker, p) - LargestSlack(p)));
            if (near.Count > ScanWorker.MaxNear / 2)
                CompareCopies(worker, p);
        }
        near.Add(segment, row, Order(score));
    }

    private void CompareCopies(ScanWorker worker, int p)
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

    /// <summary>By how much the score from bodies may fall short of the one that is listed.</summary>
    private float Slack(Segment segment, int p) =>
        segment.Float16 is null || float.IsNaN(_chords[p]) ? 0 : segment.LargestChord + _chords[p] + Rounding;

    /// <summary>The same for any segment.</summary>
    private float LargestSlack(int p) => _largestChord + _chords[p] + Rounding;

    /// <summary>A score as an integer in the same order, from which <see cref="ScoreOf"/> takes it back to the bit.</summary>
    private static int Order(float score)
    {
        var bits = BitConverter.SingleToInt32Bits(score + 0f); // Of the two zeros, the positive one.
        return bits ^ ((bits >> 31) & int.MaxValue);
    }

    private static float ScoreOf(int order) => BitConverter.Int32BitsToSingle(order ^ ((order >> 31) & int.MaxValue));

    /// <summary>Puts a row into the list if its final score, from the copies where both sides have one, belongs there.</summary>
    private void List(ScanWorker worker, int p, Segment segment, int row, float score)
    {
        if (Slack(segment, p) > 0 && segment.Copy(row) is { IsEmpty: false } copy)
            score = _probes.Score(p, copy);
        if (score >= Threshold(worker, p))
            Add(worker.Lists[p], segment, row, score);
    }

    private void Add(BestPerSubject list, Segment segment, int row, float score)
    {
        Volatile.ReadBarrier(); // Vectors before marks: see Segment.
        if (segment.IsErased(row))
            return;
        var hit = new IndexHit(segment.Ids[row], segment.Subjects[row], score);
        if (list.Admits(hit))
            list.Add(hit);
    }
}
