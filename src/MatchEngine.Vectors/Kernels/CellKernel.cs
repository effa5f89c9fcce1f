using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MatchEngine.Vectors.Kernels;

/// <summary>
/// Integer sums of a probe with sketches that lie apart, one in each cache line, as a walk through a graph meets them. One implementation
/// per instruction set, all equal to the bit; <see cref="Best"/> is chosen once for the process.
/// </summary>
/// <remarks>
/// A cell has 64 bytes, of which the first 56 hold the codes of up to 112 elements, two a byte: bytes 0 … 31 elements 0 … 31 (low halves)
/// and 32 … 63 (high halves), bytes 32 … 55 elements 64 … 87 and 88 … 111. The last eight bytes belong to the node; a probe is laid out in
/// the same way with zeros for them, so that they drop out of the sum and no instruction is spent on them.
/// </remarks>
internal abstract unsafe class CellKernel
{
    /// <summary>The bytes of a cell: a cache line.</summary>
    public const int CellBytes = 64;

    /// <summary>The bytes of a cell that hold codes.</summary>
    public const int CodeBytes = 56;

    /// <summary>The most elements of a sketch.</summary>
    public const int MaxElements = 2 * CodeBytes;

    /// <summary>The bytes of a probe.</summary>
    public const int ProbeBytes = 2 * CellBytes;

    /// <summary>The instruction set, as it appears in test names and benchmark tables.</summary>
    public abstract string Name { get; }

    /// <summary>Whether this processor, and the runtime's settings, allow the kernel.</summary>
    public abstract bool IsSupported { get; }

    /// <summary>Computes Σ code · element for each cell.</summary>
    /// <param name="cells">Pointers to the cells.</param>
    /// <param name="count">The number of cells.</param>
    /// <param name="probe">The probe, as <see cref="WriteProbe"/> lays it out.</param>
    /// <param name="sums">Receives a sum for each cell.</param>
    public abstract void Sums(byte** cells, int count, sbyte* probe, int* sums);

    /// <summary>Every kernel, fastest first; the last runs everywhere.</summary>
    public static IReadOnlyList<CellKernel> All { get; } =
    [
        new CellKernel<AvxVnniSketchDots>(),
        new CellKernel<Avx2SketchDots>(),
        new CellKernel<ArmSketchDots>(),
        new CellKernel<PortableSketchDots>(),
    ];

    /// <summary>The fastest kernel that this process can run.</summary>
    public static CellKernel Best { get; } = All.First(kernel => kernel.IsSupported);

    /// <summary>Writes codes, 0 … 15 each, to the first 56 bytes of a cell.</summary>
    public static void WriteCodes(ReadOnlySpan<byte> codes, byte* cell)
    {
        new Span<byte>(cell, CodeBytes).Clear();
        for (var e = 0; e < codes.Length; e++)
        {
            var (at, high) = Place(e);
            cell[at] |= (byte)(high ? codes[e] << 4 : codes[e]);
        }
    }

    /// <summary>Lays a probe's elements out.</summary>
    public static void WriteProbe(ReadOnlySpan<sbyte> elements, sbyte* probe)
    {
        new Span<sbyte>(probe, ProbeBytes).Clear();
        for (var e = 0; e < elements.Length; e++)
        {
            var (at, high) = Place(e);
            probe[(at < 32 ? at : at + 32) + (high ? 32 : 0)] = elements[e];
        }
    }

    private static (int Byte, bool High) Place(int element) => element switch
    {
        < 32 => (element, false),
        < 64 => (element - 32, true),
        < 88 => (element - 32, false),
        _ => (element - 56, true),
    };
}

/// <inheritdoc cref="CellKernel"/>
/// <typeparam name="TDots">The innermost step.</typeparam>
internal sealed unsafe class CellKernel<TDots> : CellKernel where TDots : struct, ISketchDots
{
    public override string Name => TDots.Name;

    public override bool IsSupported => TDots.IsSupported;

    public override void Sums(byte** cells, int count, sbyte* probe, int* sums)
    {
        var p0 = Vector256.Load(probe);
        var p1 = Vector256.Load(probe + 32);
        var p2 = Vector256.Load(probe + 64);
        var p3 = Vector256.Load(probe + 96);
        var i = 0;
        for (; i + 2 <= count; i += 2)
        {
            sums[i] = Sum(cells[i], p0, p1, p2, p3);
            sums[i + 1] = Sum(cells[i + 1], p0, p1, p2, p3);
        }
        if (i < count)
            sums[i] = Sum(cells[i], p0, p1, p2, p3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Sum(byte* cell, Vector256<sbyte> p0, Vector256<sbyte> p1, Vector256<sbyte> p2, Vector256<sbyte> p3)
    {
        var (first, second) = (Vector256.Load(cell), Vector256.Load(cell + 32));
        var mask = Vector256.Create((byte)0x0F);
        var a = TDots.Add(default, first & mask, p0);
        var b = TDots.Add(default, (first.AsUInt16() >>> 4).AsByte() & mask, p1);
        a = TDots.Add(a, second & mask, p2);
        b = TDots.Add(b, (second.AsUInt16() >>> 4).AsByte() & mask, p3);
        return Vector256.Sum(a + b);
    }
}
