using System.Runtime.CompilerServices;
using MatchEngine.Vectors.Kernels;
using MatchEngine.Vectors.Sketches;

namespace MatchEngine.Vectors.Hnsw;

/// <summary>The nodes of a graph and their links, in flat columns: where they lie, and how they are read while others write them.</summary>
/// <remarks>
/// <para><b>Links.</b> A list is changed in place under the lock of its stripe, one int at a time: a reader, who takes no lock, may see old
/// and new links mixed, each of which is some node, and that costs it a detour at most.</para>
/// <para><b>Nodes.</b> What is written of a node, but for its links, is written under <see cref="Writing"/> and guarded by its stamp
/// (<see cref="HnswCells"/>): who reads a node's columns between two looks at its marks, and finds the same even stamp, has read one
/// template's data. A reader takes the basis first, then the cells, then the chunks:
/// what it does not find in older ones it leaves out.</para>
/// </remarks>
internal sealed unsafe class HnswGraph
{
    /// <summary>The end of a list of links that is not full.</summary>
    public const int End = -1;

    private const int Stripes = 4096;
    private const int MostLevels = 16;
    private const int UpperChunk = 1 << 14;

    private readonly int _seed;
    private readonly int[] _stripes = new int[Stripes];
    private readonly Stack<int> _free = [];
    private HnswChunk[] _chunks = [];
    private HnswCells[] _cells = [];
    private SketchBasis? _basis;
    private int[][] _upper = [];
    private int _upperUsed;
    private int _nodes;
    private long _entry = -1; // level in the high half, node in the low one
    private float _largestChord;
    private long _withCopies;
    private long _withoutCopies;

    /// <summary>A graph without nodes.</summary>
    /// <param name="dimension">The dimension of templates.</param>
    /// <param name="m">The links that a new node makes.</param>
    /// <param name="seed">The seed of levels.</param>
    public HnswGraph(int dimension, int m, int seed) => (Dimension, M, _seed) = (dimension, m, seed);

    /// <summary>The dimension of templates.</summary>
    public int Dimension { get; }

    /// <summary>The links that a new node makes, and the longest list above level 0.</summary>
    public int M { get; }

    /// <summary>The longest list of level 0.</summary>
    public int ListLength => 2 * M;

    /// <summary>The lock under which nodes are written.</summary>
    public Lock Writing { get; } = new();

    /// <summary>The number of places that were given to nodes, those of removed ones included.</summary>
    public int Nodes => Volatile.Read(ref _nodes);

    /// <summary>Bytes of links above level 0.</summary>
    public long UpperBytes => 4L * _upperUsed;

    /// <summary>The cells of each chunk.</summary>
    public HnswCells[] Cells => Volatile.Read(ref _cells);

    /// <summary>The basis of the sketches that are drawn from now on, null while there is none. Set under <see cref="Writing"/>.</summary>
    public SketchBasis? Basis
    {
        get => Volatile.Read(ref _basis);
        set => Volatile.Write(ref _basis, value);
    }

    /// <summary>The node at which walks begin, and its level; −1 when there is none.</summary>
    public (int Node, int Level) Entry => Volatile.Read(ref _entry) is >= 0 and var entry ? ((int)entry, (int)(entry >> 32)) : (-1, -1);

    /// <summary>The largest chord of a float16 copy.</summary>
    public float LargestChord => Volatile.Read(ref _largestChord);

    /// <summary>Whether any template has a float16 copy.</summary>
    public bool HasCopies => Volatile.Read(ref _withCopies) > 0;

    /// <summary>Whether any template has none.</summary>
    public bool LacksCopies => Volatile.Read(ref _withoutCopies) > 0;

    /// <summary>Writes a template as a node that is not linked yet, at a place that is free. Under <see cref="Writing"/>.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="subject">Its subject.</param>
    /// <param name="template">The template.</param>
    /// <param name="copied">Whether its float16 copy is kept.</param>
    /// <returns>The node.</returns>
    public int Place(long id, long subject, Template template, bool copied)
    {
        uint marks = 0;
        if (_free.TryPop(out var node))
        {
            marks = Marks(node);
        }
        else
        {
            node = _nodes;
            if (node >> HnswChunk.RowBits == _chunks.Length)
            {
                Volatile.Write(ref _cells, [.. _cells, new HnswCells(_basis, _cells.Length > 0)]);
                Volatile.Write(ref _chunks, [.. _chunks, new HnswChunk(Dimension, ListLength, _chunks.Length > 0)]);
            }
            var level = LevelOf(node);
            marks = HnswCells.Written(uint.MaxValue << 6, NodeState.Free, level);
            new Span<int>(Chunk(node).Lists + ((nint)Row(node) * ListLength), ListLength).Fill(End);
            if (level > 0)
                Chunk(node).Lists[((nint)(Row(node) + 1) * ListLength) - 1] = AllocateUpper(level * M);
        }
        var (chunk, row, cells) = (Chunk(node), Row(node), _cells[node >> HnswChunk.RowBits]);
        cells.Mark(row, HnswCells.Writing(marks));
        Volatile.WriteBarrier();
        DotKernel.WriteRow(template.Body, new Span<byte>(chunk.Bodies + ((nint)row * Dimension), Dimension));
        chunk.WriteCopy(row, copied ? template.Float16 : default);
        if (copied)
        {
            Volatile.Write(ref _largestChord, Math.Max(_largestChord, template.Chord));
            Volatile.Write(ref _withCopies, _withCopies + 1);
        }
        else
        {
            Volatile.Write(ref _withoutCopies, _withoutCopies + 1);
        }
        cells.Draw(row, template.Body, template.Scale);
        chunk.Ids[row] = id;
        chunk.Subjects[row] = subject;
        cells.Mark(row, HnswCells.Written(HnswCells.Writing(marks), NodeState.Linking, HnswCells.Level(marks)));
        if (node == _nodes)
            Volatile.Write(ref _nodes, node + 1);
        if (_entry < 0)
            Volatile.Write(ref _entry, ((long)HnswCells.Level(marks) << 32) | (uint)node);
        return node;
    }

    /// <summary>Overwrites a node whose links nobody needs any more; its place is free. Under <see cref="Writing"/>.</summary>
    public void Erase(int node)
    {
        var (chunk, row, cells) = (Chunk(node), Row(node), _cells[node >> HnswChunk.RowBits]);
        var (marks, level) = (cells.Marks(row), HnswCells.Level(cells.Marks(row)));
        cells.Mark(row, HnswCells.Writing(marks));
        Volatile.WriteBarrier();
        new Span<byte>(chunk.Bodies + ((nint)row * Dimension), Dimension).Fill(0x80);
        chunk.WriteCopy(row, default);
        cells.Erase(row);
        for (var l = 0; l <= level; l++)
            *List(node, l) = End;
        cells.Mark(row, HnswCells.Written(HnswCells.Writing(marks), NodeState.Free, level));
        _free.Push(node);
    }

    /// <summary>Lets walks begin at a node if it is on a higher level than where they begin now.</summary>
    public void RaiseEntry(int node, int level)
    {
        if (level <= Entry.Level)
            return;
        lock (Writing)
        {
            if (level > Entry.Level)
                Volatile.Write(ref _entry, ((long)level << 32) | (uint)node);
        }
    }

    /// <summary>Lets walks begin at the highest living node, if there is any. Reads all nodes. Under <see cref="Writing"/>.</summary>
    public void FindEntry()
    {
        var best = -1L;
        for (var node = 0; node < _nodes; node++)
        {
            if (State(node) == NodeState.Living && (best < 0 || Level(node) > best >> 32))
                best = ((long)Level(node) << 32) | (uint)node;
        }
        Volatile.Write(ref _entry, best);
    }

    /// <summary>Replaces the cells of a chunk. Under <see cref="Writing"/>.</summary>
    public void Replace(int chunk, HnswCells cells)
    {
        HnswCells[] columns = [.. _cells];
        columns[chunk] = cells;
        Volatile.Write(ref _cells, columns);
    }

    /// <summary>The links of a node on a level.</summary>
    public int[] Links(int node, int level) =>
        new ReadOnlySpan<int>(List(node, level), Length(List(node, level), Most(node, level))).ToArray();

    /// <summary>The chunk of a node.</summary>
    public HnswChunk Chunk(int node) => Volatile.Read(ref _chunks)[node >> HnswChunk.RowBits];

    /// <summary>The row of a node in its chunk.</summary>
    public static int Row(int node) => node & (HnswChunk.Rows - 1);

    /// <summary>The marks of a node.</summary>
    public uint Marks(int node) => Volatile.Read(ref _cells)[node >> HnswChunk.RowBits].Marks(Row(node));

    /// <summary>What a node is at the moment.</summary>
    public NodeState State(int node) => HnswCells.State(Marks(node));

    /// <summary>The highest level of a node; its place has it for ever.</summary>
    public int Level(int node) => HnswCells.Level(Marks(node));

    /// <summary>The scale of a node's body.</summary>
    public float Scale(int node) => Volatile.Read(ref _cells)[node >> HnswChunk.RowBits].Scale(Row(node));

    /// <summary>Changes what a node is. Under <see cref="Writing"/>.</summary>
    public void SetState(int node, NodeState state)
    {
        var cells = _cells[node >> HnswChunk.RowBits];
        cells.Mark(Row(node), HnswCells.With(cells.Marks(Row(node)), state));
    }

    /// <summary>The list of a node's links on a level: up to <see cref="Most"/> of them, or to <see cref="End"/>.</summary>
    public int* List(int node, int level)
    {
        var list = Chunk(node).Lists + ((nint)Row(node) * ListLength);
        if (level == 0)
            return list;
        var at = list[ListLength - 1] + ((level - 1) * M);
        return (int*)Unsafe.AsPointer(ref Volatile.Read(ref _upper)[at / UpperChunk][at % UpperChunk]);
    }

    /// <summary>
    /// The most links of a node on a level. On level 0 a node of a higher level has one fewer: its last place leads to its other lists.
    /// </summary>
    public int Most(int node, int level) => level > 0 ? M : Level(node) > 0 ? ListLength - 1 : ListLength;

    /// <summary>The number of links on a list.</summary>
    public static int Length(int* list, int most)
    {
        var length = new ReadOnlySpan<int>(list, most).IndexOf(End);
        return length < 0 ? most : length;
    }

    /// <summary>Waits for the lock of a node's lists, and takes it.</summary>
    public void Acquire(int node)
    {
        var wait = new SpinWait();
        while (Interlocked.CompareExchange(ref _stripes[node % Stripes], 1, 0) != 0)
            wait.SpinOnce();
    }

    /// <summary>Gives the lock of a node's lists back.</summary>
    public void Release(int node) => Volatile.Write(ref _stripes[node % Stripes], 0);

    /// <summary>Copies a node's body.</summary>
    public void ReadBody(int node, Span<sbyte> body) =>
        DotKernel.ReadRow(new ReadOnlySpan<byte>(Chunk(node).Bodies + ((nint)Row(node) * Dimension), Dimension), body);

    /// <summary>The vector of a node and its subject, for training; no vector when the node is none or is being written.</summary>
    public (float[]? Vector, long Subject) Vector(int node)
    {
        var marks = Marks(node);
        if (HnswCells.State(marks) is not (NodeState.Living or NodeState.Linking) || HnswCells.IsWritten(marks))
            return default;
        Span<sbyte> body = stackalloc sbyte[Dimension];
        ReadBody(node, body);
        var (scale, subject) = (Scale(node), Chunk(node).Subjects[Row(node)]);
        Volatile.ReadBarrier();
        if (HnswCells.With(marks, default) != HnswCells.With(Marks(node), default))
            return default;
        return (UnitVector.Of(body, scale), subject);
    }

    /// <summary>The subject of a node; the smallest possible long when it is none.</summary>
    public long SubjectOf(int node) => node >= 0 && State(node) == NodeState.Living ? Chunk(node).Subjects[Row(node)] : long.MinValue;

    /// <summary>Asks for a node's body from memory.</summary>
    public void Prefetch(int node) => Kernels.Prefetch.Lines(Chunk(node).Bodies + ((nint)Row(node) * Dimension), Dimension);

    /// <summary>Asks for a node's list on level 0 from memory.</summary>
    public void PrefetchList(int node, int level)
    {
        if (level == 0)
            Kernels.Prefetch.Lines((byte*)List(node, level), 4 * ListLength);
    }

    /// <summary>Copies a node's sketch in a basis, and its scale.</summary>
    public void CopyCell(int node, SketchBasis? basis, Span<byte> target)
    {
        var cells = Volatile.Read(ref _cells)[node >> HnswChunk.RowBits];
        if (cells.Basis != basis)
        {
            // Not redrawn yet: as if the basis did not fit.
            target.Clear();
            System.Buffers.Binary.BinaryPrimitives.WriteSingleLittleEndian(target[CellKernel.CodeBytes..], -cells.Scale(Row(node)));
            return;
        }
        new ReadOnlySpan<byte>(cells.Cell(Row(node)), target.Length).CopyTo(target);
        GC.KeepAlive(cells);
    }

    /// <summary>Where lists of a length come to lie behind others: no node's lists lie in two pieces of memory.</summary>
    public static int PlaceUpper(int used, int length) =>
        (used % UpperChunk) + length > UpperChunk ? (used / UpperChunk * UpperChunk) + UpperChunk : used;

    private int AllocateUpper(int length)
    {
        _upperUsed = PlaceUpper(_upperUsed, length);
        if (_upperUsed + length > _upper.Length * UpperChunk)
        {
            var lists = GC.AllocateUninitializedArray<int>(UpperChunk, pinned: true);
            Array.Fill(lists, End);
            Volatile.Write(ref _upper, [.. _upper, lists]);
        }
        _upperUsed += length;
        return _upperUsed - length;
    }

    /// <summary>The level of a place, geometric with the ratio 1/M, from the seed and its number alone: threads cannot change it.</summary>
    private int LevelOf(int node)
    {
        var hash = ((ulong)(uint)_seed << 32 | (uint)node) * 0x9E3779B97F4A7C15;
        hash = (hash ^ (hash >> 29)) * 0xBF58476D1CE4E5B9;
        hash ^= hash >> 32;
        var uniform = ((hash >> 11) + 1) * (1.0 / (1UL << 53));
        return (int)Math.Min(MostLevels - 1, -Math.Log(uniform) / Math.Log(M));
    }

    /// <summary>
    /// Takes over the nodes of a snapshot: where it is mapped, but for the last ones, which do not fill a chunk. The graph must be empty.
    /// Under <see cref="Writing"/>.
    /// </summary>
    /// <param name="owner">Keeps the mapped memory.</param>
    /// <param name="rows">The number of nodes.</param>
    /// <param name="ids">Their ids.</param>
    /// <param name="subjects">Their subjects.</param>
    /// <param name="bodies">Their bodies.</param>
    /// <param name="copies">Their float16 copies; null when they have none.</param>
    /// <param name="largestChord">The largest chord of these.</param>
    /// <param name="basis">The basis of their sketches.</param>
    /// <param name="cells">Their cells.</param>
    /// <param name="links">Their lists on level 0.</param>
    /// <param name="upper">The lists above it.</param>
    /// <param name="entry">The node at which walks begin, and its level.</param>
    public void Adopt(
        object owner, int rows, long* ids, long* subjects, byte* bodies, Half* copies, float largestChord,
        SketchBasis? basis, byte* cells, int* links,
        ReadOnlySpan<int> upper, (int Node, int Level) entry)
    {
        var columns = new List<HnswCells>();
        var chunks = new List<HnswChunk>();
        for (var first = 0; first < rows; first += HnswChunk.Rows)
        {
            var count = Math.Min(HnswChunk.Rows, rows - first);
            var (body, list, cell) = ((nint)first * Dimension, (nint)first * ListLength, (nint)first * CellKernel.CellBytes);
            if (count == HnswChunk.Rows)
            {
                chunks.Add(new HnswChunk(
                    Dimension, bodies + body, links + list, ids + first, subjects + first, copies is null ? null : copies + body, owner));
                columns.Add(new HnswCells(basis, cells + cell, owner));
                continue;
            }
            var chunk = new HnswChunk(Dimension, ListLength, first > 0);
            var column = new HnswCells(basis, first > 0);
            new ReadOnlySpan<byte>(bodies + body, count * Dimension).CopyTo(new Span<byte>(chunk.Bodies, count * Dimension));
            new ReadOnlySpan<int>(links + list, count * ListLength).CopyTo(new Span<int>(chunk.Lists, count * ListLength));
            new ReadOnlySpan<long>(ids + first, count).CopyTo(new Span<long>(chunk.Ids, count));
            new ReadOnlySpan<long>(subjects + first, count).CopyTo(new Span<long>(chunk.Subjects, count));
            new ReadOnlySpan<byte>(cells + cell, count * CellKernel.CellBytes).CopyTo(
                new Span<byte>(column.Cell(0), count * CellKernel.CellBytes));
            for (var row = 0; copies is not null && row < count; row++)
            {
                var copy = new ReadOnlySpan<Half>(copies + body + ((nint)row * Dimension), Dimension);
                chunk.WriteCopy(row, Half.IsNaN(copy[0]) ? default : copy);
            }
            chunks.Add(chunk);
            columns.Add(column);
        }
        _upper = new int[(upper.Length + UpperChunk - 1) / UpperChunk][];
        for (var c = 0; c < _upper.Length; c++)
        {
            _upper[c] = GC.AllocateUninitializedArray<int>(UpperChunk, pinned: true);
            Array.Fill(_upper[c], End);
            upper[(c * UpperChunk)..Math.Min(upper.Length, (c + 1) * UpperChunk)].CopyTo(_upper[c]);
        }
        _upperUsed = upper.Length;
        _basis = basis;
        Volatile.Write(ref _cells, [.. columns]);
        Volatile.Write(ref _chunks, [.. chunks]);
        _largestChord = largestChord;
        (_withCopies, _withoutCopies) = copies is null ? (0, rows) : (rows, 0);
        Volatile.Write(ref _nodes, rows);
        Volatile.Write(ref _entry, entry.Node < 0 ? -1 : ((long)entry.Level << 32) | (uint)entry.Node);
    }
}
