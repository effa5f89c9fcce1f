using System.Runtime.CompilerServices;
using MatchEngine.Vectors.Kernels;
using MatchEngine.Vectors.Sketches;

namespace MatchEngine.Vectors.Hnsw;

/// <summary>
/// The cells of a chunk's nodes, a cache line each: the sketch, the body's scale, and the node's marks.
/// What a walk reads of a node that it does not stop at.
/// </summary>
/// <remarks>
/// Bytes 0 … 55 are codes (<see cref="CellKernel"/>), 56 … 59 the scale, negative where the basis does not fit the template, so that it
/// must be compared in full; 60 … 63 the marks: state (bits 0, 1), level (bits 2 … 5), and from bit 6 on a stamp that is odd while the node
/// is written. A new basis comes with new cells; marks are written under the index's lock and only into the cells of the moment, so that
/// whoever looks there twice, before and after reading a node's other columns, and finds the same even stamp, has read one template's data.
/// </remarks>
internal sealed unsafe class HnswCells
{
    private const int StampUnit = 1 << 6;

    private readonly object _owner;
    private readonly byte* _start;

    /// <summary>Cells of undefined content.</summary>
    /// <param name="basis">The basis of the sketches; null for cells without.</param>
    /// <param name="largePages">Whether to ask for large pages.</param>
    public HnswCells(SketchBasis? basis, bool largePages)
    {
        Basis = basis;
        var block = new NativeBlock((long)HnswChunk.Rows * CellKernel.CellBytes, largePages);
        _owner = block;
        _start = block.Start;
    }

    /// <summary>Cells in memory that <paramref name="owner"/> keeps.</summary>
    public HnswCells(SketchBasis? basis, byte* start, object owner)
    {
        Basis = basis;
        _start = start;
        _owner = owner;
    }

    /// <summary>The basis of the sketches, null when there are none.</summary>
    public SketchBasis? Basis { get; }

    /// <summary>The cell of a row. Whoever uses it keeps this object meanwhile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Cell(int row) => _start + ((nint)row * CellKernel.CellBytes);

    /// <summary>The scale in a cell, negative where the sketch must not be relied on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SignedScale(byte* cell) => *(float*)(cell + CellKernel.CodeBytes);

    /// <summary>A row's scale.</summary>
    public float Scale(int row)
    {
        var scale = Math.Abs(SignedScale(Cell(row)));
        GC.KeepAlive(_owner);
        return scale;
    }

    /// <summary>A row's marks.</summary>
    public uint Marks(int row)
    {
        var marks = Volatile.Read(ref *(uint*)(Cell(row) + CellKernel.CodeBytes + 4));
        GC.KeepAlive(_owner);
        return marks;
    }

    /// <summary>Writes a row's marks.</summary>
    public void Mark(int row, uint marks)
    {
        Volatile.Write(ref *(uint*)(Cell(row) + CellKernel.CodeBytes + 4), marks);
        GC.KeepAlive(_owner);
    }

    /// <summary>Draws the sketch of a row, and notes its scale.</summary>
    public void Draw(int row, ReadOnlySpan<sbyte> body, float scale)
    {
        var cell = Cell(row);
        var fits = false;
        if (Basis is not null)
        {
            Span<byte> codes = stackalloc byte[Basis.Elements];
            fits = Basis.Encode(body, scale, codes);
            CellKernel.WriteCodes(codes, cell);
        }
        *(float*)(cell + CellKernel.CodeBytes) = fits ? scale : -scale;
        GC.KeepAlive(_owner);
    }

    /// <summary>Overwrites the sketch of a row.</summary>
    public void Erase(int row)
    {
        new Span<byte>(Cell(row), CellKernel.CodeBytes).Clear();
        GC.KeepAlive(_owner);
    }

    public static NodeState State(uint marks) => (NodeState)(marks & 3);

    public static int Level(uint marks) => (int)(marks >> 2 & 15);

    public static bool IsWritten(uint marks) => (marks & StampUnit) != 0;

    /// <summary>The marks of a node that is being written.</summary>
    public static uint Writing(uint marks) => marks + StampUnit;

    /// <summary>The marks of a node that was written.</summary>
    public static uint Written(uint marks, NodeState state, int level) =>
        ((marks + StampUnit) & ~(uint)(StampUnit - 1)) | (uint)state | ((uint)level << 2);

    /// <summary>The marks with another state.</summary>
    public static uint With(uint marks, NodeState state) => (marks & ~3u) | (uint)state;
}
