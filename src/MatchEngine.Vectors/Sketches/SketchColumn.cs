using System.Runtime.CompilerServices;
using MatchEngine.Vectors.Exact;
using MatchEngine.Vectors.Kernels;

namespace MatchEngine.Vectors.Sketches;

/// <summary>
/// The sketches of a segment's rows, drawn in one basis. One writer at a time writes rows before the segment publishes them.
/// </summary>
/// <remarks>
/// A row has bytes of its own in its block, so that writing one row never disturbs a reader of its seven neighbours. Rows which the basis
/// does not fit are on a list, and every search scores them in full; the list is replaced when it grows. A column with too many of them
/// is given up (<see cref="IsUnfit"/>): its segment is scanned in full until a new basis is trained.
/// </remarks>
internal sealed unsafe class SketchColumn
{
    private readonly int _capacity;
    private readonly byte[]? _memory;
    private int[] _outliers = [];

    /// <summary>A column without rows.</summary>
    public SketchColumn(SketchBasis basis, int capacity)
    {
        Basis = basis;
        _capacity = capacity;
        _memory = GC.AllocateArray<byte>(checked((int)Bytes(basis, capacity)) + Segment.CacheLine, pinned: true);
        Blocks = (byte*)(((nuint)Unsafe.AsPointer(ref _memory[0]) + (Segment.CacheLine - 1)) & ~(nuint)(Segment.CacheLine - 1));
    }

    /// <summary>A column in memory that somebody else owns.</summary>
    public SketchColumn(SketchBasis basis, int capacity, byte* blocks, int[] outliers)
    {
        Basis = basis;
        _capacity = capacity;
        Blocks = blocks;
        _outliers = outliers;
    }

    /// <summary>The basis of the sketches.</summary>
    public SketchBasis Basis { get; }

    /// <summary>The first block.</summary>
    public byte* Blocks { get; }

    /// <summary>The rows that the basis does not fit, rising.</summary>
    public ReadOnlySpan<int> Outliers => Volatile.Read(ref _outliers);

    /// <summary>Whether so many rows are outliers that sketches save nothing.</summary>
    public bool IsUnfit => _outliers.Length > Math.Max(8, _capacity / 16);

    /// <summary>The bytes that the sketches of a number of rows take.</summary>
    public static long Bytes(SketchBasis basis, int rows) =>
        (rows + (SketchKernel.BlockRows - 1L)) / SketchKernel.BlockRows * basis.Groups * SketchKernel.GroupBytes;

    /// <summary>Writes the sketch of a row. Rows come in rising order.</summary>
    public void Write(int row, ReadOnlySpan<sbyte> body, float scale)
    {
        Span<byte> codes = stackalloc byte[Basis.Elements];
        Write(row, codes, Basis.Encode(body, scale, codes));
    }

    /// <summary>Writes codes that were computed before.</summary>
    public void Write(int row, ReadOnlySpan<byte> codes, bool fits)
    {
        var target = Row(row);
        for (var g = 0; g < Basis.Groups; g++)
        {
            for (var j = 0; j < 4; j++)
                target[(g * SketchKernel.GroupBytes) + j] = (byte)(codes[(8 * g) + j] | (codes[(8 * g) + 4 + j] << 4));
        }
        if (!fits)
            Volatile.Write(ref _outliers, [.. _outliers, row]);
    }

    /// <summary>The codes of a row.</summary>
    public void Read(int row, Span<byte> codes)
    {
        var source = Row(row);
        for (var g = 0; g < Basis.Groups; g++)
        {
            for (var j = 0; j < 4; j++)
            {
                var pair = source[(g * SketchKernel.GroupBytes) + j];
                codes[(8 * g) + j] = (byte)(pair & 0x0F);
                codes[(8 * g) + 4 + j] = (byte)(pair >> 4);
            }
        }
    }

    /// <summary>Overwrites the sketch of a row.</summary>
    public void Erase(int row)
    {
        var target = Row(row);
        for (var g = 0; g < Basis.Groups; g++)
            *(int*)(target + (g * SketchKernel.GroupBytes)) = 0;
    }

    private byte* Row(int row) =>
        Blocks + ((nint)(row / SketchKernel.BlockRows) * Basis.Groups * SketchKernel.GroupBytes) + (row % SketchKernel.BlockRows * 4);
}
