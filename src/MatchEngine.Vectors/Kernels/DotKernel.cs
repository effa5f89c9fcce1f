using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MatchEngine.Vectors.Kernels;

/// <summary>
/// Integer dot products of a block of probes with a block of rows: the work of which an exhaustive search consists. One implementation per
/// instruction set, all equal to the bit; <see cref="Best"/> is chosen once for the process.
/// </summary>
/// <remarks>
/// Probes are signed bytes in −127 … 127. Rows are template bodies in excess 128 (each element plus 128, as an unsigned byte), because the
/// x86 dot-product instructions multiply unsigned by signed. Then Σ (r − 128)·p = Σ r·p − 128·Σp, and the correction depends on the
/// probe alone: rows need neither a second number nor an extra instruction. No sum can overflow: 4096 · 255 · 127 is below 2³¹.
/// </remarks>
internal abstract unsafe class DotKernel
{
    /// <summary>The instruction set, as it appears in test names and benchmark tables.</summary>
    public abstract string Name { get; }

    /// <summary>Whether this processor, and the runtime's settings, allow the kernel.</summary>
    public abstract bool IsSupported { get; }

    /// <summary>Computes the dot product of every probe with every row.</summary>
    /// <param name="probes">The probes, one after the other, <paramref name="dimension"/> bytes each.</param>
    /// <param name="probeSums">The sum of the elements of each probe (<see cref="Sum"/>).</param>
    /// <param name="probeCount">The number of probes.</param>
    /// <param name="rows">The rows in excess 128, one after the other, <paramref name="dimension"/> bytes each.</param>
    /// <param name="rowCount">The number of rows.</param>
    /// <param name="dimension">The number of elements of each; any number, though multiples of 64 are the fastest.</param>
    /// <param name="dots">Receives the results: probe p with row r at p · <paramref name="rowCount"/> + r.</param>
    public abstract void Dots(sbyte* probes, int* probeSums, int probeCount, byte* rows, int rowCount, int dimension, int* dots);

    /// <summary>
    /// Finds the pairs whose dot product, times the scale of the row, reaches the limit of the probe. Few do in a search,
    /// so no other is ever written down.
    /// </summary>
    /// <param name="probes">The probes.</param>
    /// <param name="limits">Their limits.</param>
    /// <param name="rows">The rows in excess 128, one after the other.</param>
    /// <param name="scales">The scale of each row: 1 over its length, or less.</param>
    /// <param name="rowCount">The number of rows.</param>
    /// <param name="reached">Receives the pairs with (float)dot · scale ≥ limit, in any order; must have room for all.</param>
    /// <returns>The number of pairs received.</returns>
    public abstract int Reaching(ProbeBlock probes, ProbeLimits limits, byte* rows, float* scales, int rowCount, Reached* reached);

    /// <summary>The dot product of one probe with one row.</summary>
    /// <param name="probe">The probe.</param>
    /// <param name="probeSum">The sum of its elements.</param>
    /// <param name="row">The row in excess 128.</param>
    /// <param name="dimension">The number of elements of each.</param>
    public abstract int Dot(sbyte* probe, int probeSum, byte* row, int dimension);

    /// <summary>Every kernel, fastest first. The scalar one closes the list and runs everywhere.</summary>
    public static IReadOnlyList<DotKernel> All { get; } =
    [
        new BlockedKernel<AvxVnniDots>(),
        new BlockedKernel<Avx512Dots>(),
        new BlockedKernel<Avx2Dots>(),
        new BlockedKernel<ArmDots>(),
        new BlockedKernel<Vector128Dots>(),
        new ScalarKernel(),
    ];

    /// <summary>The fastest kernel that this process can run.</summary>
    public static DotKernel Best { get; } = All.First(kernel => kernel.IsSupported);

    /// <summary>The sum of a probe's elements.</summary>
    public static int Sum(ReadOnlySpan<sbyte> probe)
    {
        ref var first = ref MemoryMarshal.GetReference(probe);
        var sums = Vector128<int>.Zero;
        var i = 0;
        for (; i + Vector128<sbyte>.Count <= probe.Length; i += Vector128<sbyte>.Count)
        {
            var (low, high) = Vector128.Widen(Vector128.LoadUnsafe(ref first, (nuint)i));
            var (a, b) = Vector128.Widen(low + high);
            sums += a + b;
        }
        var sum = Vector128.Sum(sums);
        for (; i < probe.Length; i++)
            sum += probe[i];
        return sum;
    }

    /// <summary>Writes a template body as a row in excess 128.</summary>
    public static void WriteRow(ReadOnlySpan<sbyte> body, Span<byte> row)
    {
        var bytes = MemoryMarshal.AsBytes(body);
        for (var i = 0; i < bytes.Length; i++)
            row[i] = (byte)(bytes[i] ^ 0x80);
    }

    /// <summary>Reads a template body from a row in excess 128.</summary>
    public static void ReadRow(ReadOnlySpan<byte> row, Span<sbyte> body)
    {
        ref var first = ref MemoryMarshal.GetReference(row);
        var bytes = MemoryMarshal.AsBytes(body);
        var i = 0;
        for (; i + Vector128<byte>.Count <= row.Length; i += Vector128<byte>.Count)
            (Vector128.LoadUnsafe(ref first, (nuint)i) ^ Vector128.Create((byte)0x80)).CopyTo(bytes[i..]);
        for (; i < row.Length; i++)
            bytes[i] = (byte)(row[i] ^ 0x80);
    }
}
