using System.Runtime.CompilerServices;
using MatchEngine.Vectors.Exact;
using MatchEngine.Vectors.Kernels;
using MatchEngine.Vectors.Sketches;

namespace MatchEngine.Vectors.Hnsw;

/// <summary>The best nodes that a walk has seen, which of them it has not expanded yet, and which nodes it has visited.</summary>
/// <remarks>
/// Nodes lie in buckets by their scores, 1/2048 wide, instead of the textbook's two heaps: to add one and to take the best costs the same
/// for a beam of forty as for one of thousands. A beam holds as many whole buckets, from the best down, as make up its width, and so a few
/// nodes more than asked. Within a bucket the newest is expanded first; <see cref="Order"/> brings all in their exact order in the end.
/// </remarks>
internal sealed unsafe class HnswBeam
{
    /// <summary>The most nodes that wait to be compared: the longest list of links.</summary>
    public const int MaxWaiting = 128;

    private const int Buckets = 4096;

    private readonly byte[] _memory;
    // The entries in the order in which they came: node and score, and the one that came before it in its bucket.
    private long[] _entries = new long[1024];
    private int[] _before = new int[1024];
    private readonly int[] _newest = new int[Buckets]; // of those not expanded, from 1 on; 0 for none
    private readonly int[] _counts = new int[Buckets]; // expanded ones included
    private readonly ulong[] _open = new ulong[Buckets / 64];
    private long[] _keys = new long[64];
    private ulong[] _visited = [];
    private int _used;
    private int _held;
    private int _least; // the lowest bucket that the beam holds
    private int _highest; // no bucket above it is open
    private int _taken;
    private int _worst = Buckets; // the lowest and the highest bucket in use
    private int _best = -1;
    private int _nodes;
    private int _width;

    public HnswBeam(int dimension)
    {
        _memory = GC.AllocateArray<byte>(
            (5 * Round(dimension)) + CellKernel.ProbeBytes + (12 * MaxWaiting) + Segment.CacheLine, pinned: true);
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

    /// <summary>The number of nodes in the beam, once it is in <see cref="Order"/>.</summary>
    public int Count { get; private set; }

    /// <summary>The node at a place, best first, once the beam is in <see cref="Order"/>.</summary>
    public int Node(int place) => (int)_keys[place];

    /// <summary>Its score, or the estimate of it.</summary>
    public float Score(int place) => ScoreOf(_keys[place]);

    /// <summary>Begins a walk.</summary>
    public void Begin(int width, int nodes)
    {
        // A bit a node, cleared for each walk: a million take four microseconds,
        // and the walk's many looks find them in the second-level cache.
        var words = (nodes + 63) / 64;
        if (_visited.Length < words)
            _visited = new ulong[Math.Max(words, _visited.Length * 3 / 2)];
        else
            Array.Clear(_visited, 0, words);
        // Few buckets are used: scores of one walk lie close together.
        if (_best >= _worst)
        {
            Array.Clear(_newest, _worst, _best + 1 - _worst);
            Array.Clear(_counts, _worst, _best + 1 - _worst);
            Array.Clear(_open);
        }
        _nodes = nodes;
        _width = width;
        (_used, _held, _least, _highest, _taken) = (0, 0, 0, 0, -1);
        (_worst, _best) = (Buckets, -1);
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

    /// <summary>Whether a node was visited.</summary>
    public bool IsVisited(int node) => (uint)node < (uint)_nodes && (_visited[node >> 6] & (1UL << node)) != 0;

    /// <summary>
    /// How many nodes were seen that are better than the one that <see cref="Next"/> gave last:
    /// a beam no wider than that would not have come to it.
    /// </summary>
    public int BetterThanTaken() => BetterThan(_taken);

    /// <summary>
    /// How many were seen that are better than one of those that were added last; −1 when it was not good enough for the beam.
    /// </summary>
    public int BetterThanAdded(int node)
    {
        for (var i = _used - 1; i >= Math.Max(0, _used - MaxWaiting); i--)
        {
            if ((int)_entries[i] == node)
                return BetterThan(Bucket(ScoreOf(_entries[i])));
        }
        return -1;
    }

    private int BetterThan(int bucket)
    {
        var better = 0;
        foreach (var count in _counts.AsSpan(bucket + 1, Math.Max(0, _best - bucket)))
            better += count;
        return better;
    }

    /// <summary>Whether <see cref="Add"/> would take a node of this score.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Admits(float score) => Bucket(score) >= _least;

    /// <summary>Adds a node if it is among the best.</summary>
    /// <returns>Whether it is the best whose neighbours were not looked at.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Add(int node, float score)
    {
        var bucket = Bucket(score);
        return bucket >= _least && Insert(bucket, Key(node, score));
    }

    private bool Insert(int bucket, long key)
    {
        if (_used == _entries.Length)
        {
            Array.Resize(ref _entries, 2 * _used);
            Array.Resize(ref _before, 2 * _used);
        }
        _entries[_used] = key;
        _before[_used] = _newest[bucket];
        _newest[bucket] = ++_used;
        _counts[bucket]++;
        _worst = Math.Min(_worst, bucket);
        _best = Math.Max(_best, bucket);
        _open[bucket >> 6] |= 1UL << bucket;
        if (++_held > _width)
        {
            _least = Math.Max(_least, _worst);
            for (int rest; (rest = _held - _counts[_least]) >= _width; _least++)
                _held = rest;
        }
        var first = bucket >= _highest;
        _highest = Math.Max(_highest, bucket);
        return first;
    }

    /// <summary>Takes the best node whose neighbours were not looked at, −1 when there is none.</summary>
    public int Next()
    {
        if (!Find())
            return -1;
        var bucket = _taken = _highest;
        var entry = _newest[bucket] - 1;
        if ((_newest[bucket] = _before[entry]) == 0)
            _open[bucket >> 6] &= ~(1UL << bucket);
        return (int)_entries[entry];
    }

    /// <summary>The node that <see cref="Next"/> would give now, −1 when there is none.</summary>
    public int Peek() => Find() ? (int)_entries[_newest[_highest] - 1] : -1;

    /// <summary>Moves to the highest bucket with a node that was not expanded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Find()
    {
        var word = _highest >> 6;
        var bits = _open[word] & (ulong.MaxValue >> (63 - (_highest & 63)));
        while (bits == 0 && word > _least >> 6)
            bits = _open[--word];
        if (bits == 0)
            return false;
        _highest = (word << 6) + System.Numerics.BitOperations.Log2(bits);
        return _highest >= _least;
    }

    /// <summary>Brings the nodes of the beam in order, best first, when the walk is over.</summary>
    public void Order()
    {
        if (_keys.Length < _held)
            _keys = new long[Math.Max(_held, 2 * _keys.Length)];
        Count = _held;
        // Where each bucket's nodes begin; the heads of open nodes are not needed any more.
        var start = 0;
        for (var bucket = _best; bucket >= Math.Max(_least, _worst); bucket--)
        {
            _newest[bucket] = start;
            start += _counts[bucket];
        }
        foreach (var key in _entries.AsSpan(0, _used))
        {
            if (Bucket(ScoreOf(key)) is var bucket && bucket >= _least)
                _keys[_newest[bucket]++] = key;
        }
        // They are in order but for the few of each bucket.
        for (var i = 1; i < Count; i++)
        {
            var key = _keys[i];
            var at = i;
            for (; at > 0 && _keys[at - 1] < key; at--)
                _keys[at] = _keys[at - 1];
            _keys[at] = key;
        }
    }

    /// <summary>Gives the node at a place another score. <see cref="Sort"/> brings it to its new place.</summary>
    public void Rescore(int place, float score) => _keys[place] = Key(Node(place), score);

    /// <summary>Orders the nodes by their scores anew.</summary>
    public void Sort()
    {
        var keys = _keys.AsSpan(0, Count);
        keys.Sort();
        keys.Reverse();
    }

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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Bucket(float score) => Math.Clamp((int)((score + 1) * (Buckets / 2)), 0, Buckets - 1);

    private static float ScoreOf(long key)
    {
        var ordered = (int)(key >> 32);
        return BitConverter.Int32BitsToSingle(ordered ^ ((ordered >> 31) & int.MaxValue));
    }

    private static long Key(int node, float score)
    {
        var bits = BitConverter.SingleToInt32Bits(score);
        return ((long)(bits ^ ((bits >> 31) & int.MaxValue)) << 32) | (uint)node;
    }
}
