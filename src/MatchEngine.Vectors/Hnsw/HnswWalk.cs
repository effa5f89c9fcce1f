using System.Runtime.Intrinsics.X86;
using MatchEngine.Vectors.Kernels;

namespace MatchEngine.Vectors.Hnsw;

/// <summary>
/// Walks through a graph: from its entry down to the nodes of a level that are best for a probe.
/// Walks of many threads go on at once, and take no lock.
/// </summary>
/// <remarks>
/// A step reads the list of a node's links, asks for the cells of all nodes on it that were not seen yet (<see cref="HnswCells"/>, one
/// cache line where the body is eight), and orders the beam by the estimates. A template that the directions do not fit is compared in full
/// when it is met; without sketches all are.
/// </remarks>
internal sealed unsafe class HnswWalk
{
    /// <summary>How many vectors ahead memory is asked for.</summary>
    public const int Ahead = 4;

    private readonly HnswGraph _graph;
    private readonly DotKernel _kernel = DotKernel.Best;
    private readonly CellKernel _cellKernel = CellKernel.Best;
    private readonly HnswBeam?[] _idle = new HnswBeam?[4 * Environment.ProcessorCount];

    /// <summary>Walks through a graph.</summary>
    public HnswWalk(HnswGraph graph) => _graph = graph;

    /// <summary>A beam that no other thread uses.</summary>
    public HnswBeam Rent()
    {
        for (var i = 0; i < _idle.Length; i++)
        {
            if (Volatile.Read(ref _idle[i]) is not null && Interlocked.Exchange(ref _idle[i], null) is { } beam)
                return beam;
        }
        return new HnswBeam(_graph.Dimension);
    }

    /// <summary>Takes a beam back for the next walk.</summary>
    public void Return(HnswBeam beam)
    {
        for (var i = 0; i < _idle.Length; i++)
        {
            if (Interlocked.CompareExchange(ref _idle[i], beam, null) is null)
                return;
        }
    }

    /// <summary>Gives the probe, its sketch and, for a search, its float16 copy to a beam, with the cells that may be read.</summary>
    public void Prepare(HnswBeam beam, Template probe, bool copies)
    {
        probe.Body.CopyTo(new Span<sbyte>(beam.Probe, _graph.Dimension));
        beam.ProbeSum = DotKernel.Sum(probe.Body);
        beam.ProbeScale = probe.Scale;
        beam.Compared = beam.ComparedInFull = 0;
        // The basis before the cells: cells of a later one are compared in full.
        beam.Basis = _graph.Basis;
        beam.Columns = _graph.Cells;
        if (beam.Basis is { } basis)
        {
            Span<sbyte> elements = stackalloc sbyte[basis.Elements];
            beam.Sketch = basis.Prepare(probe.Body, probe.Scale, elements);
            CellKernel.WriteProbe(elements, beam.SketchElements);
            elements.Clear();
        }
        beam.Chord = float.NaN;
        if (!copies || !probe.HasUsableFloat16 || !_graph.HasCopies)
            return;
        var copy = new Span<float>(beam.Copy, _graph.Dimension);
        Float16Dot.Widen(probe.Float16, copy);
        beam.CopySquares = Float16Dot.Squares(copy);
        beam.Chord = probe.Chord;
    }

    /// <summary>Walks from the entry to ever better nodes of each level above a given one, one at a time.</summary>
    public int Descend((int Node, int Level) entry, int above, HnswBeam beam)
    {
        var node = entry.Node;
        for (var level = entry.Level; level > above; level--)
            node = Descend(node, level, beam);
        return node;
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
            var list = _graph.List(node, level);
            var count = 0;
            for (int i = 0, most = _graph.Most(node, level), nodes = beam.Columns.Length << HnswChunk.RowBits; i < most
                && Volatile.Read(ref list[i]) is >= 0 and var link; i++)
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
    public void Spread(int from, int ef, int level, HnswBeam beam, CancellationToken cancellationToken)
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
    /// Walks with beams of different widths take the same steps, only the narrower one ends sooner: where as many nodes as it is wide are
    /// better than the best that was not looked at yet. So one walk tells what walks of all widths would have found.
    /// </remarks>
    public int WidthToReach(Template probe, int target, int limit, CancellationToken cancellationToken)
    {
        var beam = Rent();
        try
        {
            if (_graph.Entry is not { Node: >= 0 } entry)
                return limit + 1;
            Prepare(beam, probe, copies: false);
            var node = Descend(entry, 0, beam);
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

    /// <summary>Begins a walk at a node; false when it is too new for the cells that the beam holds.</summary>
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
        var list = _graph.List(node, level);
        var most = _graph.Most(node, level);
        var unseen = 0;
        for (var i = 0; i < most && Volatile.Read(ref list[i]) is >= 0 and var other; i++)
        {
            if (beam.Visit(other))
                waiting[unseen++] = other;
        }
        // The list of the node that will probably be next is on its way while this one's are compared.
        if (beam.Peek() is >= 0 and var next)
            _graph.PrefetchList(next, level);
        Estimate(beam, unseen);
        for (var i = 0; i < unseen; i++)
        {
            if (beam.Add(waiting[i], estimates[i]))
                _graph.PrefetchList(waiting[i], level);
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
                _graph.Prefetch(waiting[i]);
            for (var i = 0; i < count; i++)
            {
                if (i + Ahead < count)
                    _graph.Prefetch(waiting[i + Ahead]);
                estimates[i] = CompareInFull(waiting[i], beam);
            }
            return;
        }
        var cells = beam.Cells;
        var columns = beam.Columns;
        for (var i = 0; i < count; i++)
        {
            cells[i] = columns[waiting[i] >> HnswChunk.RowBits].Cell(HnswGraph.Row(waiting[i]));
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
    public void CompareBeam(HnswBeam beam)
    {
        if (beam.Basis is null)
            return;
        for (var i = 0; i < Math.Min(Ahead, beam.Count); i++)
            _graph.Prefetch(beam.Node(i));
        for (var i = 0; i < beam.Count; i++)
        {
            if (i + Ahead < beam.Count)
                _graph.Prefetch(beam.Node(i + Ahead));
            beam.Rescore(i, CompareInFull(beam.Node(i), beam));
        }
        beam.Sort();
    }

    /// <summary>The score of a node with the probe.</summary>
    public float CompareInFull(int node, HnswBeam beam)
    {
        var (chunk, row) = (_graph.Chunk(node), HnswGraph.Row(node));
        beam.ComparedInFull++;
        return Score.FromDot(
            _kernel.Dot(beam.Probe, beam.ProbeSum, chunk.Bodies + ((nint)row * _graph.Dimension), _graph.Dimension),
            _graph.Scale(node) * beam.ProbeScale);
    }
}
