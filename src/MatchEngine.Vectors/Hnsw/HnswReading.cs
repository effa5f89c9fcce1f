using MatchEngine.Vectors.Kernels;

namespace MatchEngine.Vectors.Hnsw;

/// <summary>Makes candidate lists of a graph's nodes: of what a walk's beam holds, or of all.</summary>
/// <remarks>
/// A row of an answer is read, with its vector, between two looks at its stamp, and counts only if both found the same even number and a
/// living node. So no answer holds half a vector, and none a template that was removed before. Of the beam the best estimates are compared
/// in full until none can reach the list any more; listed scores come from float16 copies where both sides have one.
/// </remarks>
internal sealed unsafe class HnswReading
{
    private const int ScanTile = 64;

    /// <summary>
    /// The number of spreads that an estimate may be off by before the beam is no longer read: one candidate in thousands is farther.
    /// </summary>
    private const float BeamQuantile = 3.5f;

    private readonly HnswGraph _graph;
    private readonly HnswWalk _walk;
    private readonly DotKernel _kernel = DotKernel.Best;

    /// <summary>Lists of a graph's nodes.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="walk">Walks through it.</param>
    public HnswReading(HnswGraph graph, HnswWalk walk) => (_graph, _walk) = (graph, walk);

    /// <summary>A walk with a given beam; null when it found too few subjects to stop.</summary>
    public IndexAnswer? Walk(
        Template probe, int listLength, float floor, SubjectSet? filter, int ef, int templates, out int found,
        CancellationToken cancellationToken)
    {
        var beam = _walk.Rent();
        found = 0;
        try
        {
            if (_graph.Entry is not { Node: >= 0 } entry)
                return null;
            _walk.Prepare(beam, probe, copies: true);
            _walk.Spread(_walk.Descend(entry, 0, beam), ef, 0, beam, cancellationToken);

            var list = beam.List;
            list.Begin(listLength, floor);
            var slack = Slack(beam);
            var threshold = float.NaN;
            var least = 0f;
            var enough = beam.Count < ef && beam.Count >= templates;
            for (var i = 0; i < Math.Min(HnswWalk.Ahead, beam.Count); i++)
                _graph.Prefetch(beam.Node(i));
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
                if (i + HnswWalk.Ahead < beam.Count)
                    _graph.Prefetch(beam.Node(i + HnswWalk.Ahead));
                if (TryRead(beam.Node(i), beam, threshold, slack, out var hit) && list.Admits(hit)
                    && (filter is null || filter.Admits(hit.Subject)))
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
            _walk.Return(beam);
        }
    }

    /// <summary>Compares the probe with every template, in the order of memory.</summary>
    public IndexAnswer Scan(
        Template probe, int listLength, float floor, SubjectSet? filter, int templates, CancellationToken cancellationToken)
    {
        var beam = _walk.Rent();
        var list = beam.List;
        try
        {
            _walk.Prepare(beam, probe, copies: true);
            list.Begin(listLength, floor);
            var slack = Slack(beam);
            var sum = beam.ProbeSum;
            var dots = stackalloc int[ScanTile];
            var nodes = _graph.Nodes;
            for (var first = 0; first < nodes; first += ScanTile)
            {
                if (first % HnswChunk.Rows == 0)
                    cancellationToken.ThrowIfCancellationRequested();
                var (chunk, row, rows) = (_graph.Chunk(first), HnswGraph.Row(first), Math.Min(ScanTile, nodes - first));
                _kernel.Dots(beam.Probe, &sum, 1, chunk.Bodies + ((nint)row * _graph.Dimension), rows, _graph.Dimension, dots);
                for (var i = 0; i < rows; i++)
                {
                    // A torn score is caught below, or is that of a row which was not there when the search began.
                    var score = Score.FromDot(dots[i], _graph.Scale(first + i) * beam.ProbeScale);
                    if (score >= list.Threshold - slack && TryRead(first + i, beam, list.Threshold, slack, out var hit)
                        && list.Admits(hit) && (filter is null || filter.Admits(hit.Subject)))
                    {
                        list.Add(hit);
                    }
                }
            }
            beam.Compared = beam.ComparedInFull = templates;
            return Answer(list.ToList(), IndexAnswer.Exact, beam, null);
        }
        finally
        {
            beam.Clear();
            _walk.Return(beam);
        }
    }

    /// <summary>
    /// The id of the best template of each of many probes by comparing all, the smallest possible long where there is none.
    /// </summary>
    public long[] Nearest(Template[] probes, CancellationToken cancellationToken)
    {
        const int Block = 64;
        var best = new long[probes.Length];
        Parallel.For(0, (probes.Length + Block - 1) / Block, new ParallelOptions { CancellationToken = cancellationToken }, block =>
        {
            var (from, count) = (block * Block, Math.Min(Block, probes.Length - (block * Block)));
            var bodies = GC.AllocateArray<sbyte>(count * _graph.Dimension, pinned: true);
            var sums = new int[count];
            var (scores, ids) = (new float[count], new long[count]);
            Array.Fill(scores, float.NegativeInfinity);
            Array.Fill(ids, long.MinValue);
            for (var p = 0; p < count; p++)
            {
                probes[from + p].Body.CopyTo(bodies.AsSpan(p * _graph.Dimension));
                sums[p] = DotKernel.Sum(probes[from + p].Body);
            }
            var dots = new int[count * ScanTile];
            var nodes = _graph.Nodes;
            fixed (sbyte* start = bodies)
            fixed (int* sum = sums, dot = dots)
            {
                for (var first = 0; first < nodes; first += ScanTile)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var (chunk, row, rows) = (_graph.Chunk(first), HnswGraph.Row(first), Math.Min(ScanTile, nodes - first));
                    _kernel.Dots(start, sum, count, chunk.Bodies + ((nint)row * _graph.Dimension), rows, _graph.Dimension, dot);
                    for (var i = 0; i < rows; i++)
                    {
                        if (_graph.State(first + i) != NodeState.Living)
                            continue;
                        var scale = _graph.Scale(first + i);
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

    private IndexAnswer Answer(IndexHit[] hits, string path, HnswBeam beam, int? ef) => new(hits, path, beam.Compared)
    {
        IsExhaustive = ef is null,
        EfSearch = ef,
        ComparedInFull = beam.ComparedInFull,
        Precision = float.IsNaN(beam.Chord) || !_graph.HasCopies ? ScorePrecision.Int8
            : !_graph.LacksCopies ? ScorePrecision.Float16 : ScorePrecision.Mixed,
    };

    /// <summary>By how much the score from bodies may fall short of the one that is listed.</summary>
    private float Slack(HnswBeam beam) => float.IsNaN(beam.Chord) ? 0 : beam.Chord + _graph.LargestChord + 1e-6f;

    /// <summary>
    /// Reads a node as a row of an answer; false when it is not living, was rewritten meanwhile, or scores too little to be listed.
    /// </summary>
    private bool TryRead(int node, HnswBeam beam, float threshold, float slack, out IndexHit hit)
    {
        var (chunk, row) = (_graph.Chunk(node), HnswGraph.Row(node));
        var marks = _graph.Marks(node);
        var score = _walk.CompareInFull(node, beam);
        hit = default;
        if (score < threshold - slack)
            return false;
        if (slack > 0 && chunk.Copy(row) is { IsEmpty: false } copy)
        {
            var (dot, squares) = Float16Dot.Of(new ReadOnlySpan<float>(beam.Copy, _graph.Dimension), copy);
            score = Score.FromFloat16(dot, beam.CopySquares, squares);
        }
        hit = new IndexHit(chunk.Ids[row], chunk.Subjects[row], score);
        Volatile.ReadBarrier();
        return HnswCells.State(marks) == NodeState.Living && !HnswCells.IsWritten(marks)
            && marks == _graph.Marks(node) && score >= threshold;
    }
}
