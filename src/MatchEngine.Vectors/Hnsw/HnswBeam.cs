using System.Runtime.CompilerServices;

namespace MatchEngine.Vectors;

/// <summary>The best nodes that a walk has seen, in order, each with a mark whether its neighbours were looked at; and which nodes it has visited.</summary>
/// <remarks>One array in order serves as both heaps of the textbook: the next node to expand is the first without a mark, the worst is the last.</remarks>
internal sealed unsafe class HnswBeam
{
    private const long Expanded = 1L << 31;

    private readonly byte[] _probeMemory;
    private long[] _keys = new long[64];
    private ushort[] _visited = [];
    private ushort _tag;
    private int _width;
    private int _next;

    public HnswBeam(int dimension)
    {
        _probeMemory = GC.AllocateArray<byte>(dimension + Segment.CacheLine, pinned: true);
        Probe = (sbyte*)(((nuint)Unsafe.AsPointer(ref _probeMemory[0]) + (Segment.CacheLine - 1)) & ~(nuint)(Segment.CacheLine - 1));
    }

    /// <summary>The probe's body.</summary>
    public sbyte* Probe { get; }

    public int ProbeSum { get; set; }

    public float ProbeScale { get; set; }

    /// <summary>The nodes compared since the probe was set.</summary>
    public long Compared { get; set; }

    /// <summary>The number of nodes in the beam.</summary>
    public int Count { get; private set; }

    /// <summary>Room for neighbours waiting to be compared.</summary>
    public int[] Waiting { get; } = new int[256];

    /// <summary>The node at a place, best first.</summary>
    public int Node(int place) => (int)(_keys[place] & int.MaxValue);

    /// <summary>Its score.</summary>
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
        if (_visited.Length < nodes)
        {
            _visited = new ushort[Math.Max(nodes, _visited.Length * 3 / 2)];
            _tag = 0;
        }
        if (++_tag == 0)
        {
            Array.Clear(_visited);
            _tag = 1;
        }
        _width = width;
        _next = 0;
        Count = 0;
    }

    /// <summary>Marks a node as visited; false when it was, or is too new for this walk.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Visit(int node)
    {
        if ((uint)node >= (uint)_visited.Length || _visited[node] == _tag)
            return false;
        _visited[node] = _tag;
        return true;
    }

    /// <summary>Adds a node if it is among the best.</summary>
    public void Add(int node, float score)
    {
        var bits = BitConverter.SingleToInt32Bits(score);
        var key = ((long)(bits ^ ((bits >> 31) & int.MaxValue)) << 32) | (uint)node;
        if (Count == _width && key <= _keys[Count - 1])
            return;
        int low = 0, high = Count;
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (_keys[middle] >= key)
                low = middle + 1;
            else
                high = middle;
        }
        var moved = (Count == _width ? Count - 1 : Count) - low;
        _keys.AsSpan(low, moved).CopyTo(_keys.AsSpan(low + 1));
        _keys[low] = key;
        if (Count < _width)
            Count++;
        _next = Math.Min(_next, low);
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

    /// <summary>Overwrites the probe.</summary>
    public void Clear() => Array.Clear(_probeMemory);
}
