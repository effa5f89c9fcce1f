using MatchEngine.Vectors.Kernels;
using MatchEngine.Vectors.Sketches;

namespace MatchEngine.Vectors.Hnsw;

/// <summary>What a snapshot says of a graph apart from its nodes: eight int32.</summary>
/// <param name="M">The links that a new node makes.</param>
/// <param name="EntryRow">The row of the node at which walks begin, −1 when there is none.</param>
/// <param name="EntryLevel">Its level.</param>
/// <param name="CalibratedEf">The beam that was calibrated, 0 when none was.</param>
/// <param name="CalibratedAt">The number of templates then.</param>
/// <param name="CalibratedReached">Whether it reached the target.</param>
internal sealed record HnswHeader(int M, int EntryRow, int EntryLevel, int CalibratedEf, int CalibratedAt, bool CalibratedReached)
{
    /// <summary>The number of int32 in the file.</summary>
    public const int Numbers = 8;

    public int[] ToNumbers() => [M, EntryRow, EntryLevel, CalibratedEf, CalibratedAt, CalibratedReached ? 1 : 0, 0, 0];

    public static HnswHeader FromNumbers(ReadOnlySpan<int> n) => new(n[0], n[1], n[2], n[3], n[4], n[5] != 0);
}

/// <summary>
/// A graph's side of a snapshot: its nodes in the order of the snapshot's rows, so that bodies,
/// ids and subjects are those of the exhaustive index.
/// </summary>
/// <remarks>
/// Links are read while others change them, as a walk reads them. A row that the graph does not have yet gets an unusable cell and is added
/// when the snapshot is opened; a link to a node that is no row is left out.
/// </remarks>
internal sealed unsafe class HnswExport
{
    private readonly HnswIndex _index;
    private readonly HnswGraph _graph;
    private readonly int[] _nodes;
    private readonly int[] _rowOfNode;
    private readonly SketchBasis? _basis;
    private int _upperUsed;
    private int _best = -1;
    private int _bestLevel = -1;

    /// <summary>Finds the nodes of rows.</summary>
    public HnswExport(HnswIndex index, IEnumerable<long> ids, int rows)
    {
        _index = index;
        _graph = index.Graph;
        _basis = _graph.Basis;
        _nodes = new int[rows];
        var at = 0;
        foreach (var id in ids)
            _nodes[at++] = index.NodeOf(id);
        _rowOfNode = new int[_graph.Nodes];
        Array.Fill(_rowOfNode, -1);
        for (var row = 0; row < rows; row++)
        {
            if (_nodes[row] < 0 || _nodes[row] >= _rowOfNode.Length)
                _nodes[row] = -1;
            else
                _rowOfNode[_nodes[row]] = row;
        }
    }

    /// <summary>The basis of the cells that are written.</summary>
    public SketchBasis? Basis => _basis;

    public int Rows => _nodes.Length;

    /// <summary>The ints of a row's links on level 0.</summary>
    public int LinkNumbers => 2 * _graph.M;

    /// <summary>Writes a row's cell.</summary>
    public void WriteCell(int row, Span<byte> target)
    {
        target.Clear();
        if (_nodes[row] < 0)
        {
            Mark(target, NodeState.Free, 0);
            return;
        }
        _graph.CopyCell(_nodes[row], _basis, target[..(CellKernel.CodeBytes + 4)]);
        var level = _graph.Level(_nodes[row]);
        Mark(target, NodeState.Living, level);
        if (level > _bestLevel)
            (_best, _bestLevel) = (row, level);
    }

    /// <summary>Writes a row's links on level 0, and where its other lists will be.</summary>
    public void WriteLinks(int row, Span<int> target)
    {
        target.Fill(-1);
        if (_nodes[row] < 0)
            return;
        Translate(_nodes[row], 0, target);
        if (_graph.Level(_nodes[row]) is > 0 and var level)
            target[^1] = Place(ref _upperUsed, level);
    }

    /// <summary>The lists above level 0, in the order of the rows, as they are placed in memory too.</summary>
    public IEnumerable<int> Upper()
    {
        var used = 0;
        var written = 0;
        var list = new int[_graph.M];
        for (var row = 0; row < _nodes.Length; row++)
        {
            if (_nodes[row] < 0 || _graph.Level(_nodes[row]) is not (> 0 and var level))
                continue;
            for (var at = Place(ref used, level); written < at; written++)
                yield return -1;
            for (var l = 1; l <= level; l++)
            {
                Array.Fill(list, -1);
                Translate(_nodes[row], l, list);
                foreach (var link in list)
                    yield return link;
                written += list.Length;
            }
        }
    }

    /// <summary>The header, once the cells were written.</summary>
    public HnswHeader Header()
    {
        var (node, level) = _graph.Entry;
        var row = node >= 0 && node < _rowOfNode.Length ? _rowOfNode[node] : -1;
        var (ef, at, reached) = _index.Calibration;
        return row >= 0
            ? new HnswHeader(_graph.M, row, level, ef, at, reached)
            : new HnswHeader(_graph.M, _best, Math.Max(0, _bestLevel), ef, at, reached);
    }

    private static void Mark(Span<byte> cell, NodeState state, int level) =>
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(
            cell[(CellKernel.CodeBytes + 4)..], HnswCells.Written(uint.MaxValue << 6, state, level));

    private int Place(ref int used, int level)
    {
        var at = HnswGraph.PlaceUpper(used, level * _graph.M);
        used = at + (level * _graph.M);
        return at;
    }

    private void Translate(int node, int level, Span<int> target)
    {
        var count = 0;
        foreach (var link in _graph.Links(node, level))
        {
            if (link < _rowOfNode.Length && _rowOfNode[link] >= 0)
                target[count++] = _rowOfNode[link];
        }
    }
}
