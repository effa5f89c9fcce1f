using System.Runtime.CompilerServices;

namespace MatchEngine.Vectors;

/// <summary>What a node is at the moment.</summary>
internal enum NodeState : byte
{
    /// <summary>Being written or linked: on no list of candidates.</summary>
    Linking,

    /// <summary>A template of the index.</summary>
    Living,

    /// <summary>Removed, but still a step on the way to others.</summary>
    Tombstone,

    /// <summary>Erased; the next template may have it.</summary>
    Free,
}

/// <summary>A run of nodes in flat columns, without an object a node. Chunks are never moved or freed while the index lives.</summary>
internal sealed unsafe class HnswChunk
{
    /// <summary>The nodes of a chunk, a power of two.</summary>
    public const int Rows = 1 << RowBits;

    public const int RowBits = 13;

    // What owns the memory of the columns.
    private readonly List<object> _memory = [];

    public HnswChunk(int dimension, int listLength)
    {
        var bodies = GC.AllocateArray<byte>((dimension * Rows) + Segment.CacheLine, pinned: true);
        Bodies = (byte*)(((nuint)Unsafe.AsPointer(ref bodies[0]) + (Segment.CacheLine - 1)) & ~(nuint)(Segment.CacheLine - 1));
        _memory.Add(bodies);
        Lists = Column<int>(listLength);
        Scales = Column<float>(1);
        Sums = Column<int>(1);
        Ids = Column<long>(1);
        Subjects = Column<long>(1);
        Stamps = Column<int>(1);
        Upper = Column<int>(1);
        Levels = Column<byte>(1);
        States = (NodeState*)Column<byte>(1);

        T* Column<T>(int width) where T : unmanaged
        {
            var column = GC.AllocateArray<T>(width * Rows, pinned: true);
            _memory.Add(column);
            return (T*)Unsafe.AsPointer(ref column[0]);
        }
    }

    /// <summary>Bodies in excess 128.</summary>
    public byte* Bodies { get; }

    /// <summary>Level 0: for each node its number of links, then the links.</summary>
    public int* Lists { get; }

    public float* Scales { get; }

    /// <summary>The sums of the bodies' elements, which comparisons of two nodes need.</summary>
    public int* Sums { get; }

    public long* Ids { get; }

    public long* Subjects { get; }

    /// <summary>Odd while a node is written. A reader that finds the same even number before and after has read one template's data.</summary>
    public int* Stamps { get; }

    /// <summary>Where the lists of the levels above 0 begin.</summary>
    public int* Upper { get; }

    public byte* Levels { get; }

    public NodeState* States { get; }
}
