using System.Runtime.Intrinsics.X86;
using MatchEngine.Vectors;
using MatchEngine.Vectors.Exact;
using MatchEngine.Vectors.Hnsw;
using MatchEngine.Vectors.Kernels;
using MatchEngine.Vectors.Sketches;

namespace MatchEngine.Benchmarks.Rivals;

/// <summary>What a walk reads at a step: a node's links and the sketches by which its neighbours are judged.</summary>
internal interface ILinkLayout
{
    /// <summary>The bytes of a node on level 0, without its body and ids.</summary>
    int NodeBytes { get; }

    /// <summary>The basis of the sketches.</summary>
    SketchBasis Basis { get; }

    /// <summary>Gives a walk its probe.</summary>
    void Prepare(LayoutWalk walk, Template probe);

    /// <summary>Offers the neighbours of a node to a walk's beam.</summary>
    void Step(int node, LayoutWalk walk);

    /// <summary>Asks for what a step from a node reads first.</summary>
    void Prefetch(int node);
}

/// <summary>
/// The layout that the index ships: links in one array, every node's own sketch in a cache line of its own,
/// read for each neighbour that was not seen before.
/// </summary>
internal sealed unsafe class CellLayout : ILinkLayout
{
    private readonly NativeBlock _lists;
    private readonly NativeBlock _cells;
    private readonly int _most;

    /// <summary>Lays a graph out.</summary>
    public CellLayout(HnswIndex graph, IReadOnlyList<Template> templates, SketchBasis basis)
    {
        Basis = basis;
        _most = 2 * graph.M;
        _lists = new NativeBlock(4L * _most * templates.Count, largePages: true);
        _cells = new NativeBlock((long)CellKernel.CellBytes * templates.Count, largePages: true);
        Span<byte> codes = stackalloc byte[basis.Elements];
        for (var node = 0; node < templates.Count; node++)
        {
            LinkLists.Write(graph, node, new Span<int>((int*)_lists.Start + ((nint)node * _most), _most));
            basis.Encode(templates[node].Body, templates[node].Scale, codes);
            CellKernel.WriteCodes(codes, Cell(node));
        }
    }

    /// <inheritdoc/>
    public int NodeBytes => (4 * _most) + CellKernel.CellBytes;

    /// <inheritdoc/>
    public SketchBasis Basis { get; }

    /// <inheritdoc/>
    public void Prepare(LayoutWalk walk, Template probe)
    {
        Span<sbyte> elements = stackalloc sbyte[Basis.Elements];
        walk.Sketch = Basis.Prepare(probe.Body, probe.Scale, elements);
        CellKernel.WriteProbe(elements, walk.Beam.SketchElements);
    }

    /// <inheritdoc/>
    public void Step(int node, LayoutWalk walk)
    {
        var beam = walk.Beam;
        var list = (int*)_lists.Start + ((nint)node * _most);
        var count = 0;
        for (var i = 0; i < _most && list[i] is >= 0 and var link; i++)
        {
            if (!beam.Visit(link))
                continue;
            beam.Waiting[count] = link;
            beam.Cells[count] = Cell(link);
            Sse.Prefetch0(beam.Cells[count++]);
        }
        if (beam.Peek() is >= 0 and var next)
            Prefetch(next);
        CellKernel.Best.Sums(beam.Cells, count, beam.SketchElements, beam.Sums);
        for (var i = 0; i < count; i++)
        {
            if (beam.Add(beam.Waiting[i], walk.Estimate(beam.Sums[i])))
                Prefetch(beam.Waiting[i]);
        }
    }

    /// <inheritdoc/>
    public void Prefetch(int node) => MatchEngine.Vectors.Kernels.Prefetch.Lines(_lists.Start + ((nint)node * 4 * _most), 4 * _most);

    private byte* Cell(int node) => _cells.Start + ((nint)node * CellKernel.CellBytes);
}

/// <summary>
/// The rival, as in NGT-QG and SymphonyQG: the sketches of all neighbours stand beside the links, eight interleaved, so that a step reads
/// one run of memory and estimates all neighbours, seen or not, at once;
/// only those that the beam would take are looked up among the visited.
/// </summary>
internal sealed unsafe class BesideLayout : ILinkLayout
{
    private readonly NativeBlock _nodes;
    private readonly int _most;

    /// <summary>Lays a graph out.</summary>
    public BesideLayout(HnswIndex graph, IReadOnlyList<Template> templates, SketchBasis basis)
    {
        Basis = basis;
        _most = 2 * graph.M;
        _nodes = new NativeBlock((long)Stride * templates.Count, largePages: true);
        var all = new byte[(long)templates.Count * basis.Elements];
        Parallel.For(
            0, templates.Count,
            node => basis.Encode(templates[node].Body, templates[node].Scale, all.AsSpan(node * basis.Elements, basis.Elements)));
        for (var node = 0; node < templates.Count; node++)
        {
            var links = new Span<int>((int*)Node(node), _most);
            LinkLists.Write(graph, node, links);
            var column = new SketchColumn(basis, _most, Node(node) + (4 * _most), []);
            for (var i = 0; i < _most && links[i] >= 0; i++)
                column.Write(i, all.AsSpan(links[i] * basis.Elements, basis.Elements), fits: true);
        }
    }

    /// <inheritdoc/>
    public int NodeBytes => (4 * _most) + (_most * Basis.Elements / 2);

    /// <inheritdoc/>
    public SketchBasis Basis { get; }

    // A node begins with a cache line.
    private int Stride => (NodeBytes + Segment.CacheLine - 1) / Segment.CacheLine * Segment.CacheLine;

    /// <inheritdoc/>
    public void Prepare(LayoutWalk walk, Template probe) =>
        walk.Sketch = Basis.Prepare(probe.Body, probe.Scale, new Span<sbyte>(walk.Elements, Basis.Elements));

    /// <inheritdoc/>
    public void Step(int node, LayoutWalk walk)
    {
        var beam = walk.Beam;
        var links = (int*)Node(node);
        var sums = walk.Sums;
        SketchKernel.Best.Sums(Node(node) + (4 * _most), _most / SketchKernel.BlockRows, Basis.Groups, walk.Elements, 1, sums);
        if (beam.Peek() is >= 0 and var next)
            Prefetch(next);
        for (var i = 0; i < _most && links[i] is >= 0 and var link; i++)
        {
            var estimate = walk.Estimate(sums[i]);
            if (beam.Admits(estimate) && beam.Visit(link) && beam.Add(link, estimate))
                Prefetch(link);
        }
    }

    /// <inheritdoc/>
    public void Prefetch(int node) =>
        // The rest follows in order, which the processor finds out by itself.
        MatchEngine.Vectors.Kernels.Prefetch.Lines(Node(node), Math.Min(Stride, 16 * Segment.CacheLine));

    private byte* Node(int node) => _nodes.Start + ((nint)node * Stride);
}

/// <summary>Lists of links as both layouts write them.</summary>
internal static class LinkLists
{
    /// <summary>Writes a node's links on level 0, −1 behind the last.</summary>
    public static void Write(HnswIndex graph, int node, Span<int> target)
    {
        target.Fill(-1);
        graph.Graph.Links(node, 0).CopyTo(target);
    }
}
