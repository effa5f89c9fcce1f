namespace MatchEngine.Vectors.Hnsw;

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
/// <remarks>The columns lie in one block of memory, or where a snapshot is mapped; rows are not initialised before they are used.</remarks>
internal sealed unsafe class HnswChunk
{
    /// <summary>The nodes of a chunk, a power of two.</summary>
    public const int Rows = 1 << RowBits;

    public const int RowBits = 15;

    private readonly int _dimension;
    // What owns the memory of the columns.
    private readonly object _owner;
    private NativeBlock? _copies;

    /// <summary>A chunk without rows.</summary>
    /// <param name="dimension">The dimension of templates.</param>
    /// <param name="listLength">The links of a node on level 0.</param>
    /// <param name="largePages">Whether to ask for large pages.</param>
    public HnswChunk(int dimension, int listLength, bool largePages)
    {
        _dimension = dimension;
        var block = new NativeBlock((long)Rows * (dimension + (4L * listLength) + 16), largePages);
        _owner = block;
        Bodies = block.Start;
        Lists = (int*)(Bodies + ((nint)Rows * dimension));
        Ids = (long*)(Lists + ((nint)Rows * listLength));
        Subjects = Ids + Rows;
    }

    /// <summary>A full chunk of rows in memory that <paramref name="owner"/> keeps.</summary>
    public HnswChunk(int dimension, byte* bodies, int* lists, long* ids, long* subjects, Half* float16, object owner)
    {
        _dimension = dimension;
        _owner = owner;
        Bodies = bodies;
        Lists = lists;
        Ids = ids;
        Subjects = subjects;
        Float16 = float16;
    }

    /// <summary>Bodies in excess 128.</summary>
    public byte* Bodies { get; }

    /// <summary>
    /// Level 0: the links of each node, up to the end of the list or the first −1.
    /// The last place of a node of a higher level says where its other lists are.
    /// </summary>
    public int* Lists { get; }

    public long* Ids { get; }

    public long* Subjects { get; }

    /// <summary>The float16 copies; a row without one starts with NaN. Null when no row has one.</summary>
    public Half* Float16 { get; private set; }

    /// <summary>The float16 copy of a row; empty when it has none.</summary>
    public ReadOnlySpan<Half> Copy(int row)
    {
        if (Float16 is null)
            return default;
        var copy = Float16 + ((nint)row * _dimension);
        return Half.IsNaN(*copy) ? default : new ReadOnlySpan<Half>(copy, _dimension);
    }

    /// <summary>Writes or, when it is empty, marks as missing the float16 copy of a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="copy">The copy.</param>
    public void WriteCopy(int row, ReadOnlySpan<Half> copy)
    {
        if (Float16 is null)
        {
            if (copy.IsEmpty)
                return;
            _copies = new NativeBlock((long)Rows * _dimension * sizeof(Half), largePages: false);
            var first = (Half*)_copies.Start;
            for (var i = 0; i < Rows; i++)
                first[(nint)i * _dimension] = Half.NaN;
            Volatile.WriteBarrier();
            Float16 = first;
        }
        var target = new Span<Half>(Float16 + ((nint)row * _dimension), _dimension);
        if (copy.IsEmpty)
        {
            target.Clear();
            target[0] = Half.NaN;
        }
        else
        {
            copy.CopyTo(target);
        }
    }
}
