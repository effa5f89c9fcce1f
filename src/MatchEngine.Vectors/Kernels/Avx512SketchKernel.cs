using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MatchEngine.Vectors.Kernels;

/// <summary>
/// Sums of sketches on 512 bits, for processors without a dot-product instruction that .NET reaches: VPMADDUBSW, and additions in 16 bits.
/// </summary>
/// <remarks>
/// <para>Two blocks lie in a vector, the lanes of the one below those of the other, so that the elements of a probe are one broadcast from
/// memory and the sums of sixteen rows stand side by side.</para>
/// <para>A 16-bit lane takes two products of at most 15 · 127 a step. Eight steps are 30,480, which fits; then the lanes are widened and
/// added up. Low and high halves of the codes have sums of their own, so that a sketch of 64 elements is widened once and one of 128
/// twice.</para>
/// </remarks>
internal sealed unsafe class Avx512SketchKernel : SketchKernel
{
    // Of the 16-bit sums: more might overflow.
    private const int MostSteps = 8;

    public override string Name => "avx-512";

    public override bool IsSupported => Avx512BW.IsSupported;

    public override void Sums(byte* blocks, int blockCount, int groups, sbyte* probes, int probeCount, int* sums)
    {
        nint blockBytes = groups * GroupBytes, probeBytes = groups * GroupElements, probeSums = (nint)blockCount * BlockRows;
        var p = 0;
        for (; p + 4 <= probeCount; p += 4)
        {
            var b = 0;
            for (; b + 4 <= blockCount; b += 4)
                FourByFour(
                    blocks + (b * blockBytes), blockBytes, groups, probes + (p * probeBytes), probeBytes,
                    sums + (p * probeSums) + (b * BlockRows), probeSums);
            for (var i = p; b < blockCount && i < p + 4; i++)
                Rest(blocks, b, blockCount, groups, probes + (i * probeBytes), sums + (i * probeSums));
        }
        for (; p < probeCount; p++)
        {
            var b = 0;
            for (; b + 8 <= blockCount; b += 8)
            {
                if (probeCount == 1)
                    Prefetch.Lines(blocks + (b * blockBytes) + Prefetch.Distance, 8 * blockBytes);
                EightByOne(
                    blocks + (b * blockBytes), blockBytes, groups, probes + (p * probeBytes), sums + (p * probeSums) + (b * BlockRows));
            }
            Rest(blocks, b, blockCount, groups, probes + (p * probeBytes), sums + (p * probeSums));
        }
    }

    private static void Rest(byte* blocks, int from, int to, int groups, sbyte* probe, int* sums)
    {
        nint blockBytes = groups * GroupBytes;
        for (var b = from; b < to; b += 2)
        {
            // A last block stands in both halves of the vector, and its sums are taken from the lower one.
            var isPair = b + 1 < to;
            var both = OfTwo(blocks + (b * blockBytes), isPair ? blockBytes : 0, groups, probe);
            if (isPair)
                both.Store(sums + (b * BlockRows));
            else
                both.GetLower().Store(sums + (b * BlockRows));
        }
    }

    private static Vector512<int> OfTwo(byte* block, nint blockBytes, int groups, sbyte* probe)
    {
        var sum = Vector512<int>.Zero;
        for (nint from = 0; from < groups; from += MostSteps)
        {
            Vector512<short> low = default, high = default;
            for (var g = from; g < Math.Min(from + MostSteps, groups); g++)
            {
                var codes = Pair(block + (g * GroupBytes), blockBytes);
                low += Avx512BW.MultiplyAddAdjacent(Low(codes), Quad(probe + (g * GroupElements)));
                high += Avx512BW.MultiplyAddAdjacent(High(codes), Quad(probe + (g * GroupElements) + 4));
            }
            sum += Widened(low, high);
        }
        return sum;
    }

    /// <summary>Eight blocks with one probe.</summary>
    private static void EightByOne(byte* block, nint blockBytes, int groups, sbyte* probe, int* sums)
    {
        byte* block2 = block + (2 * blockBytes), block4 = block + (4 * blockBytes), block6 = block + (6 * blockBytes);
        Vector512<int> a = default, b = default, c = default, d = default;
        for (nint from = 0; from < groups; from += MostSteps)
        {
            Vector512<short> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
            var to = Math.Min(from + MostSteps, groups);
            for (var g = from; g < to; g++)
            {
                var first = Quad(probe + (g * GroupElements));
                var second = Quad(probe + (g * GroupElements) + 4);
                var at = g * GroupBytes;
                var codes = Pair(block + at, blockBytes);
                a0 += Avx512BW.MultiplyAddAdjacent(Low(codes), first);
                a1 += Avx512BW.MultiplyAddAdjacent(High(codes), second);
                codes = Pair(block2 + at, blockBytes);
                b0 += Avx512BW.MultiplyAddAdjacent(Low(codes), first);
                b1 += Avx512BW.MultiplyAddAdjacent(High(codes), second);
                codes = Pair(block4 + at, blockBytes);
                c0 += Avx512BW.MultiplyAddAdjacent(Low(codes), first);
                c1 += Avx512BW.MultiplyAddAdjacent(High(codes), second);
                codes = Pair(block6 + at, blockBytes);
                d0 += Avx512BW.MultiplyAddAdjacent(Low(codes), first);
                d1 += Avx512BW.MultiplyAddAdjacent(High(codes), second);
            }
            a += Widened(a0, a1);
            b += Widened(b0, b1);
            c += Widened(c0, c1);
            d += Widened(d0, d1);
        }
        a.Store(sums);
        b.Store(sums + (2 * BlockRows));
        c.Store(sums + (4 * BlockRows));
        d.Store(sums + (6 * BlockRows));
    }

    /// <summary>Four blocks with four probes: codes unpacked once serve four probes, a broadcast of elements four blocks.</summary>
    private static void FourByFour(
        byte* block, nint blockBytes, int groups, sbyte* probe0, nint probeBytes, int* sums, nint probeSums)
    {
        var block2 = block + (2 * blockBytes);
        sbyte* probe1 = probe0 + probeBytes, probe2 = probe1 + probeBytes, probe3 = probe2 + probeBytes;
        for (nint from = 0; from < groups; from += MostSteps)
        {
            Vector512<short> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
            Vector512<short> c0 = default, c1 = default, c2 = default, c3 = default, d0 = default, d1 = default, d2 = default, d3 = default;
            var to = Math.Min(from + MostSteps, groups);
            for (var g = from; g < to; g++)
            {
                var codes = Pair(block + (g * GroupBytes), blockBytes);
                Vector512<byte> low0 = Low(codes), high0 = High(codes);
                codes = Pair(block2 + (g * GroupBytes), blockBytes);
                Vector512<byte> low1 = Low(codes), high1 = High(codes);
                var i = g * GroupElements;
                var elements = Quad(probe0 + i);
                a0 += Avx512BW.MultiplyAddAdjacent(low0, elements);
                b0 += Avx512BW.MultiplyAddAdjacent(low1, elements);
                elements = Quad(probe1 + i);
                a1 += Avx512BW.MultiplyAddAdjacent(low0, elements);
                b1 += Avx512BW.MultiplyAddAdjacent(low1, elements);
                elements = Quad(probe2 + i);
                a2 += Avx512BW.MultiplyAddAdjacent(low0, elements);
                b2 += Avx512BW.MultiplyAddAdjacent(low1, elements);
                elements = Quad(probe3 + i);
                a3 += Avx512BW.MultiplyAddAdjacent(low0, elements);
                b3 += Avx512BW.MultiplyAddAdjacent(low1, elements);
                i += 4;
                elements = Quad(probe0 + i);
                c0 += Avx512BW.MultiplyAddAdjacent(high0, elements);
                d0 += Avx512BW.MultiplyAddAdjacent(high1, elements);
                elements = Quad(probe1 + i);
                c1 += Avx512BW.MultiplyAddAdjacent(high0, elements);
                d1 += Avx512BW.MultiplyAddAdjacent(high1, elements);
                elements = Quad(probe2 + i);
                c2 += Avx512BW.MultiplyAddAdjacent(high0, elements);
                d2 += Avx512BW.MultiplyAddAdjacent(high1, elements);
                elements = Quad(probe3 + i);
                c3 += Avx512BW.MultiplyAddAdjacent(high0, elements);
                d3 += Avx512BW.MultiplyAddAdjacent(high1, elements);
            }
            var isFirst = from == 0;
            Put(sums, isFirst, a0, c0, b0, d0);
            Put(sums + probeSums, isFirst, a1, c1, b1, d1);
            Put(sums + (2 * probeSums), isFirst, a2, c2, b2, d2);
            Put(sums + (3 * probeSums), isFirst, a3, c3, b3, d3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(
        int* sums, bool isFirst, Vector512<short> low0, Vector512<short> high0, Vector512<short> low1, Vector512<short> high1)
    {
        var (first, second) = (Widened(low0, high0), Widened(low1, high1));
        if (!isFirst)
        {
            first += Vector512.Load(sums);
            second += Vector512.Load(sums + (2 * BlockRows));
        }
        first.Store(sums);
        second.Store(sums + (2 * BlockRows));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Widened(Vector512<short> low, Vector512<short> high) =>
        Avx512BW.MultiplyAddAdjacent(low, Vector512<short>.One) + Avx512BW.MultiplyAddAdjacent(high, Vector512<short>.One);

    /// <summary>The same group of two blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Pair(byte* group, nint blockBytes) =>
        Vector512.Create(Vector256.Load(group), Vector256.Load(group + blockBytes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Low(Vector512<byte> codes) => codes & Vector512.Create((byte)0x0F);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> High(Vector512<byte> codes) => (codes.AsUInt16() >>> 4).AsByte() & Vector512.Create((byte)0x0F);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<sbyte> Quad(sbyte* elements) => Vector512.Create(*(int*)elements).AsSByte();
}
