using MatchEngine.Vectors.Kernels;
using MatchEngine.Vectors.Sketches;

namespace MatchEngine.Vectors.Exact;

/// <summary>
/// Finds, from a sample of rows, the score from which on a scan counts: about as many as are wanted will reach it. The sample is spread
/// evenly over all rows and always the same ones, so that neither the order of enrolment nor the number of threads plays a part.
/// </summary>
/// <param name="kernel">What compares bodies.</param>
/// <param name="dimension">Their dimension.</param>
/// <param name="probes">The probes.</param>
internal sealed unsafe class TallyStart(DotKernel kernel, int dimension, ScanProbes probes)
{
    // 512 rows tell a standard deviation to 3 %, and so how many will come to a third or so; they are 64 reads from memory.
    private const int Blocks = 64;
    private const int BlockRows = SketchKernel.BlockRows;

    /// <summary>How many blocks ahead memory is asked for.</summary>
    private const int Ahead = 4;

    // Somewhat more than what is wanted: strangers' scores are only nearly normal, and counting begins at an edge.
    private const double Surplus = 1.25;
    private const double MostSurplus = 4;

    private readonly double[] _sums = new double[ScanProbes.Most];
    private readonly double[] _squares = new double[ScanProbes.Most];
    private readonly int[] _dots = GC.AllocateArray<int>(BlockRows * ScanProbes.Most, pinned: true);

    /// <summary>Finds it for each probe.</summary>
    /// <param name="tallying">What is asked, and of how many subjects.</param>
    /// <param name="segments">The segments.</param>
    /// <param name="rows">How many rows of each segment are scanned.</param>
    /// <param name="columns">The sketches by which they are scanned; null where by bodies.</param>
    /// <param name="selected">Of each segment the rows that are looked at, where not all are.</param>
    /// <param name="from">Receives a score a probe; negative infinity where everybody is to be counted.</param>
    public void Find(
        ExactScan.Tallying tallying, Segment[] segments, ReadOnlySpan<int> rows, ReadOnlySpan<SketchColumn?> columns, int[][]? selected,
        Span<float> from)
    {
        var request = tallying.Request;
        from.Fill(float.NegativeInfinity);
        long total = 0;
        foreach (var count in rows)
            total += count;
        var all = (double)Math.Max(1, selected is null ? tallying.All : tallying.Subjects);
        // Of those who may be listed.
        var counted = total * (tallying.Subjects / all);
        if (counted <= MostSurplus * request.Least)
            return;
        var taken = selected is null ? Sample(segments, rows, columns, total) : Sample(segments, selected, total);
        if (taken < BlockRows)
            return;
        // Of several templates of a subject not all reach the upper end together.
        var together = Math.Clamp(1 + ((total / all) - 1) / 2, 1, 2.5);
        for (var p = 0; p < probes.Count; p++)
        {
            var mean = _sums[p] / taken;
            var deviation = Math.Sqrt(Math.Max(0, (_squares[p] / taken) - (mean * mean)));
            var usual = Level(Surplus * together * request.Least / counted, mean, deviation);
            var lowest = Level(MostSurplus * together * request.Least / counted, mean, deviation);
            var wanted = request.DownTo is { } score && score < usual ? Math.Max(lowest, score) : usual;
            var cell = request.Edges.CellOf((float)wanted);
            from[p] = cell == 0 ? float.NegativeInfinity : request.Edges[cell];
        }
        Array.Clear(_sums);
        Array.Clear(_squares);
        Array.Clear(_dots);
    }

    private static double Level(double share, double mean, double deviation) =>
        share >= 0.45 ? double.NegativeInfinity : mean + (deviation * SketchTraining.NormalQuantile(share));

    private int Sample(Segment[] segments, ReadOnlySpan<int> rows, ReadOnlySpan<SketchColumn?> columns, long total)
    {
        Span<(int Segment, int Row)> places = stackalloc (int, int)[Blocks];
        var (s, before) = (0, 0L);
        for (var i = 0; i < Blocks; i++)
        {
            var at = (long)((i + 0.5) / Blocks * total);
            while (at - before >= rows[s])
                before += rows[s++];
            places[i] = (s, (int)(at - before) / BlockRows * BlockRows);
        }
        var taken = 0;
        for (var i = 0; i < Blocks; i++)
        {
            if (i + Ahead < Blocks)
                Ask(segments, columns, places[i + Ahead]);
            var (segment, row) = places[i];
            taken += Take(segments[segment], columns[segment], row, Math.Min(BlockRows, rows[segment] - row));
        }
        return taken;
    }

    private int Sample(Segment[] segments, int[][] selected, long total)
    {
        const int Most = Blocks * BlockRows;
        var (s, before, taken) = (0, 0L, 0);
        for (var i = 0; i < Most; i++)
        {
            var at = (long)((i + 0.5) / Most * total);
            while (at - before >= selected[s].Length)
                before += selected[s++].Length;
            taken += Take(segments[s], null, selected[s][at - before], 1);
        }
        return taken;
    }

    private void Ask(Segment[] segments, ReadOnlySpan<SketchColumn?> columns, (int Segment, int Row) place)
    {
        if (columns[place.Segment] is { } column)
            Prefetch.Lines(Block(column, place.Row), column.Basis.Groups * SketchKernel.GroupBytes);
        else
            Prefetch.Lines(segments[place.Segment].Bodies + ((nint)place.Row * dimension), dimension);
    }

    private int Take(Segment segment, SketchColumn? column, int row, int count)
    {
        var width = count;
        fixed (int* dots = _dots)
        {
            if (column is not null)
            {
                width = BlockRows;
                fixed (sbyte* elements = probes.SketchElements)
                    SketchKernel.Best.Sums(Block(column, row), 1, column.Basis.Groups, elements, probes.Count, dots);
            }
            else
            {
                kernel.Dots(
                    probes.Block.Bodies, probes.Block.Sums, probes.Count, segment.Bodies + ((nint)row * dimension), count, dimension, dots);
            }
        }
        Volatile.ReadBarrier(); // Vectors before marks: see Segment.
        var taken = 0;
        for (var r = 0; r < count; r++)
        {
            if (segment.IsErased(row + r))
                continue;
            taken++;
            for (var p = 0; p < probes.Count; p++)
            {
                var dot = _dots[(p * width) + r];
                double score = column is not null
                    ? probes.Sketch(p).Estimate(dot)
                    : Score.FromDot(dot, segment.Scales[row + r] * probes.Scales[p]);
                _sums[p] += score;
                _squares[p] += score * score;
            }
        }
        GC.KeepAlive(segment);
        GC.KeepAlive(column);
        return taken;
    }

    private static byte* Block(SketchColumn column, int row) =>
        column.Blocks + ((nint)(row / BlockRows) * column.Basis.Groups * SketchKernel.GroupBytes);
}
