using System.Runtime.CompilerServices;
using MatchEngine.Vectors.Kernels;

namespace MatchEngine.Vectors;

/// <summary>The best nodes that a walk has seen, in order, each with a mark whether its neighbours were looked at; and which nodes it has visited.</summary>
/// <remarks>One array in order serves as both heaps of the textbook: the next node to expand is the first without a mark, the worst is the last.</remarks>
internal sealed unsafe class HnswBeam
{
    /// <summary>The most nodes that wait to be compared: the longest list of links.</summary>
    public const int MaxWaiting = 128;

    private const long Expanded = 1L << 31;

    private readonly byte[] _memory;
    private long[] _keys = new long[64];
    private ulong[] _visited = [];
    private long _least;
    private int _nodes;
    private int _width;
    private int _next;

    public HnswBeam(int dimension)
    {
        _memory = GC.AllocateArray<byte>((5 * Round(dimension)) + CellKernel.ProbeBytes + (12 * MaxWaiting) + Segment.CacheLine, pinned: true);
        var start = (byte*)(((nuint)Unsafe.AsPointer(ref _memory[0]) + (Segment.CacheLine - 1)) & ~(nuint)(Segment.CacheLine - 1));
        Probe = (sbyte*)start;
        SketchElements = Probe + Round(dimension);
        Copy = (float*)(SketchElements + CellKernel.ProbeBytes);
        Cells = (byte**)(Copy + Round(dimension));
        Sums = (int*)(Cells + MaxWaiting);

        static int Round(int bytes) => (bytes + Segment.CacheLine - 1) / Segment.CacheLine * Segment.CacheLine;
    }

    /// <summary>The probe's body.</summary>
    public sbyte* Probe { get; }

    public int ProbeSum { get; set; }

    public float ProbeScale { get; set; }

    /// <summary>The basis that the probe's sketch was made in; null when it has none.</summary>
    public SketchBasis? Basis { get; set; }

    /// <summary>The probe's side of estimates.</summary>
    public SketchProbe Sketch { get; set; }

    /// <summary>The probe's sketch, as <see cref="CellKernel"/> wants it.</summary>
    public sbyte* SketchElements { get; }

    /// <summary>The probe's float16 copy, widened.</summary>
    public float* Copy { get; }

    /// <summary>The chord of the probe's copy; NaN when it has none.</summary>
    public float Chord { get; set; }

    /// <summary>The sum of the squares of the probe's copy.</summary>
    public double CopySquares { get; set; }

    /// <summary>The cells that a walk may read; kept alive by this reference.</summary>
    public HnswCells[] Columns { get; set; } = [];

    /// <summary>Pointers to the cells of the nodes that wait.</summary>
    public byte** Cells { get; }

    /// <summary>Their sums.</summary>
    public int* Sums { get; }

    /// <summary>The nodes that wait to be compared.</summary>
    public int[] Waiting { get; } = new int[MaxWaiting];

    /// <summary>What came of it.</summary>
    public float[] Estimates { get; } = new float[MaxWaiting];

    /// <summary>The rows of an answer.</summary>
    public BestPerSubject List { get; } = new();

    /// <summary>The nodes compared since the probe was set, by sketch or in full.</summary>
    public long Compared { get; set; }

    /// <summary>Those compared in full.</summary>
    public long ComparedInFull { get; set; }

    /// <summary>The number of nodes in the beam.</summary>
    public int Count { get; private set; }

    /// <summary>The node at a place, best first.</summary>
    public int Node(int place) => (int)(_keys[place] & int.MaxValue);

    /// <summary>Its score, or the estimate of it.</summary>
    public float Score(int place)
    {
        var ordered = (int)(_keys[place] >> 32);
        return BitConverter.Int32BitsToSingle(ordered ^ ((ordered >> 31) & int.MaxValue));
    }

    /// <summary>Begins a walk.</summary>
    public void Begin(int width, int nodes)
    {
        if (_keys.Length < width)
            _keys = new long[Math.Max(width, 2 * _keys.Length)];
        // A bit a node, cleared for each walk: a million take four microseconds, and the walk's many looks find them in the second-level cache.
        var words = (nodes + 63) / 64;
        if (_visited.Length < words)
            _visited = new ulong[Math.Max(words, _visited.Length * 3 / 2)];
        else
            Array.Clear(_visited, 0, words);
        _nodes = nodes;
        _width = width;
        _next = 0;
        _least = long.MinValue;
        Count = 0;
    }

    /// <summary>Marks a node as visited; false when it was, or is too new for this walk.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Visit(int node)
    {
        if ((uint)node >= (uint)_nodes)
            return false;
        ref var word = ref _visited[node >> 6];
        var bit = 1UL << node;
        if ((word & bit) != 0)
            return false;
        word |= bit;
        return true;
    }

    /// <summary>Adds a node if it is among the best.</summary>
    /// <returns>Whether its neighbours may soon be looked at.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Add(int node, float score)
    {
        var key = Key(node, score);
        return key > _least && Insert(key);
    }

    private bool Insert(long key)
    {
        // Without branches, which nobody could predict. Keys differ by less than 2⁶³, as scores lie within −1 … 1.
        ref var first = ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(_keys);
        var low = 0;
        for (var rest = Count; rest > 0;)
        {
            var half = (rest + 1) >> 1;
            low += half & (int)((key - Unsafe.Add(ref first, low + half - 1) - 1) >> 63);
            rest -= half;
        }
        if (low == _width)
            return false; // The last has the same score, and was expanded since.
        var moved = (Count == _width ? Count - 1 : Count) - low;
        _keys.AsSpan(low, moved).CopyTo(_keys.AsSpan(low + 1));
        _keys[low] = key;
        if (Count < _width)
            Count++;
        if (Count == _width)
            _least = _keys[Count - 1];
        var soon = low <= _next + 1;
        _next = Math.Min(_next, low);
        return soon;
    }

    /// <summary>The best node whose neighbours were not looked at, −1 when there is none.</summary>
    public int Next()
    {
        for (; _next < Count; _next++)
        {
            if ((_keys[_next] & Expanded) == 0)
            {
                _keys[_next] |= Expanded;
                return Node(_next);
            }
        }
        return -1;
    }

    /// <summary>The node that <see cref="Next"/> would give now, −1 when there is none.</summary>
    public int Peek()
    {
        for (var i = _next; i < Count; i++)
        {
            if ((_keys[i] & Expanded) == 0)
                return Node(i);
        }
        return -1;
    }

    /// <summary>Gives the node at a place another score. <see cref="Sort"/> brings it to its new place.</summary>
    public void Rescore(int place, float score) => _keys[place] = Key(Node(place), score);

    /// <summary>Orders the nodes by their scores anew.</summary>
    public void Sort() => _keys.AsSpan(0, Count).Sort(static (a, b) => b.CompareTo(a));

    /// <summary>Overwrites the probe and lets go of the cells.</summary>
    public void Clear()
    {
        Array.Clear(_memory);
        List.Clear();
        Columns = [];
        Basis = null;
        Sketch = default;
        CopySquares = 0;
    }

    private static long Key(int node, float score)
    {
        var bits = BitConverter.SingleToInt32Bits(score);
        return ((long)(bits ^ ((bits >> 31) & int.MaxValue)) << 32) | (uint)node;
    }
}
