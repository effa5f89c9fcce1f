using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MatchEngine.Vectors.Kernels;

/// <summary>
/// Integer sums of sketches with probes: Σ code · probe over the elements of a sketch, for blocks of eight rows. One implementation per
/// instruction set, all equal to the bit; <see cref="Best"/> is chosen once for the process.
/// </summary>
/// <remarks>
/// <para>Eight rows are interleaved: a group of 32 bytes holds, for each row in turn, four bytes, and byte j of the group g holds the codes
/// of elements 8g + j (low half) and 8g + 4 + j (high half). So a 32-bit lane of a vector always belongs to one row, its four bytes meet
/// four elements of the probe that all rows share, and the sums of eight rows stand side by side at the end: nothing is added across lanes,
/// and one comparison tells for eight rows which of them survive.</para>
/// <para>No sum can overflow: 4096 · 15 · 127 is below 2³¹.</para>
/// </remarks>
internal abstract unsafe class SketchKernel
{
    /// <summary>The rows of a block.</summary>
    public const int BlockRows = 8;

    /// <summary>The elements of a group; the number of elements of a sketch is a multiple of it.</summary>
    public const int GroupElements = 8;

    /// <summary>The bytes of a group.</summary>
    public const int GroupBytes = BlockRows * GroupElements / 2;

    /// <summary>The instruction set, as it appears in test names and benchmark tables.</summary>
    public abstract string Name { get; }

    /// <summary>Whether this processor, and the runtime's settings, allow the kernel.</summary>
    public abstract bool IsSupported { get; }

    /// <summary>Computes the sum of every probe with every row.</summary>
    /// <param name="blocks">The blocks, one after the other, <paramref name="groups"/> · 32 bytes each.</param>
    /// <param name="blockCount">The number of blocks.</param>
    /// <param name="groups">The number of groups of a block.</param>
    /// <param name="probes">The probes, one after the other, 8 · <paramref name="groups"/> signed bytes in −127 … 127 each.</param>
    /// <param name="probeCount">The number of probes.</param>
    /// <param name="sums">Receives the sums: probe p with row r at p · 8 · <paramref name="blockCount"/> + r.</param>
    public abstract void Sums(byte* blocks, int blockCount, int groups, sbyte* probes, int probeCount, int* sums);

    /// <summary>Every kernel, fastest first; the last runs everywhere.</summary>
    public static IReadOnlyList<SketchKernel> All { get; } =
    [
        new SketchKernel<AvxVnniSketchDots>(),
        new Avx512SketchKernel(),
        new SketchKernel<Avx2SketchDots>(),
        new SketchKernel<ArmSketchDots>(),
        new SketchKernel<PortableSketchDots>(),
    ];

    /// <summary>The fastest kernel that this process can run.</summary>
    public static SketchKernel Best { get; } = All.First(kernel => kernel.IsSupported);
}

/// <summary>Walks blocks and probes so that what is unpacked once is used for several sums.</summary>
/// <typeparam name="TDots">The innermost step.</typeparam>
internal sealed unsafe class SketchKernel<TDots> : SketchKernel where TDots : struct, ISketchDots
{
    public override string Name => TDots.Name;

    public override bool IsSupported => TDots.IsSupported;

    public override void Sums(byte* blocks, int blockCount, int groups, sbyte* probes, int probeCount, int* sums)
    {
        nint blockBytes = groups * GroupBytes, probeBytes = groups * GroupElements, probeSums = (nint)blockCount * BlockRows;
        var p = 0;
        for (; p + 4 <= probeCount; p += 4)
        {
            var b = 0;
            for (; b + 2 <= blockCount; b += 2)
                TwoByFour(
                    blocks + (b * blockBytes), blockBytes, groups, probes + (p * probeBytes), probeBytes,
                    sums + (p * probeSums) + (b * BlockRows), probeSums);
            if (b < blockCount)
            {
                for (var i = p; i < p + 4; i++)
                    OneByOne(blocks + (b * blockBytes), groups, probes + (i * probeBytes), sums + (i * probeSums) + (b * BlockRows));
            }
        }
        for (; p < probeCount; p++)
        {
            var b = 0;
            for (; b + 4 <= blockCount; b += 4)
            {
                if (probeCount == 1)
                    Prefetch.Lines(blocks + (b * blockBytes) + Prefetch.Distance, 4 * blockBytes);
                FourByOne(
                    blocks + (b * blockBytes), blockBytes, groups, probes + (p * probeBytes), sums + (p * probeSums) + (b * BlockRows));
            }
            for (; b < blockCount; b++)
                OneByOne(blocks + (b * blockBytes), groups, probes + (p * probeBytes), sums + (p * probeSums) + (b * BlockRows));
        }
    }

    private static void OneByOne(byte* block, int groups, sbyte* probe, int* sums)
    {
        Vector256<int> low = default, high = default;
        for (nint g = 0; g < groups; g++)
        {
            var codes = Vector256.Load(block + (g * GroupBytes));
            low = TDots.Add(low, Low(codes), Quad(probe + (g * GroupElements)));
            high = TDots.Add(high, High(codes), Quad(probe + (g * GroupElements) + 4));
        }
        (low + high).Store(sums);
    }

    /// <summary>Four blocks with one probe: eight sums under way hide the latency of the instruction.</summary>
    private static void FourByOne(byte* block0, nint blockBytes, int groups, sbyte* probe, int* sums)
    {
        byte* block1 = block0 + blockBytes, block2 = block1 + blockBytes, block3 = block2 + blockBytes;
        Vector256<int> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        for (nint g = 0; g < groups; g++)
        {
            var first = Quad(probe + (g * GroupElements));
            var second = Quad(probe + (g * GroupElements) + 4);
            var codes = Vector256.Load(block0 + (g * GroupBytes));
            a0 = TDots.Add(a0, Low(codes), first);
            b0 = TDots.Add(b0, High(codes), second);
            codes = Vector256.Load(block1 + (g * GroupBytes));
            a1 = TDots.Add(a1, Low(codes), first);
            b1 = TDots.Add(b1, High(codes), second);
            codes = Vector256.Load(block2 + (g * GroupBytes));
            a2 = TDots.Add(a2, Low(codes), first);
            b2 = TDots.Add(b2, High(codes), second);
            codes = Vector256.Load(block3 + (g * GroupBytes));
            a3 = TDots.Add(a3, Low(codes), first);
            b3 = TDots.Add(b3, High(codes), second);
        }
        (a0 + b0).Store(sums);
        (a1 + b1).Store(sums + BlockRows);
        (a2 + b2).Store(sums + (2 * BlockRows));
        (a3 + b3).Store(sums + (3 * BlockRows));
    }

    /// <summary>Two blocks with four probes: codes unpacked once serve four probes, a probe's elements two blocks.</summary>
    private static void TwoByFour(byte* block0, nint blockBytes, int groups, sbyte* probe0, nint probeBytes, int* sums, nint probeSums)
    {
        var block1 = block0 + blockBytes;
        sbyte* probe1 = probe0 + probeBytes, probe2 = probe1 + probeBytes, probe3 = probe2 + probeBytes;
        Vector256<int> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        for (nint g = 0; g < groups; g++)
        {
            var codes = Vector256.Load(block0 + (g * GroupBytes));
            Vector256<byte> low0 = Low(codes), high0 = High(codes);
            codes = Vector256.Load(block1 + (g * GroupBytes));
            Vector256<byte> low1 = Low(codes), high1 = High(codes);
            var i = g * GroupElements;
            var elements = Quad(probe0 + i);
            a0 = TDots.Add(a0, low0, elements);
            b0 = TDots.Add(b0, low1, elements);
            elements = Quad(probe1 + i);
            a1 = TDots.Add(a1, low0, elements);
            b1 = TDots.Add(b1, low1, elements);
            elements = Quad(probe2 + i);
            a2 = TDots.Add(a2, low0, elements);
            b2 = TDots.Add(b2, low1, elements);
            elements = Quad(probe3 + i);
            a3 = TDots.Add(a3, low0, elements);
            b3 = TDots.Add(b3, low1, elements);
            i += 4;
            elements = Quad(probe0 + i);
            a0 = TDots.Add(a0, high0, elements);
            b0 = TDots.Add(b0, high1, elements);
            elements = Quad(probe1 + i);
            a1 = TDots.Add(a1, high0, elements);
            b1 = TDots.Add(b1, high1, elements);
            elements = Quad(probe2 + i);
            a2 = TDots.Add(a2, high0, elements);
            b2 = TDots.Add(b2, high1, elements);
            elements = Quad(probe3 + i);
            a3 = TDots.Add(a3, high0, elements);
            b3 = TDots.Add(b3, high1, elements);
        }
        a0.Store(sums);
        b0.Store(sums + BlockRows);
        sums += probeSums;
        a1.Store(sums);
        b1.Store(sums + BlockRows);
        sums += probeSums;
        a2.Store(sums);
        b2.Store(sums + BlockRows);
        sums += probeSums;
        a3.Store(sums);
        b3.Store(sums + BlockRows);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Low(Vector256<byte> codes) => codes & Vector256.Create((byte)0x0F);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> High(Vector256<byte> codes) => (codes.AsUInt16() >>> 4).AsByte() & Vector256.Create((byte)0x0F);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<sbyte> Quad(sbyte* elements) => Vector256.Create(*(int*)elements).AsSByte();
}
