using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace MatchEngine.Vectors.Kernels;

/// <summary>
/// The one instruction on which sketch sums rest, so that <see cref="SketchKernel{TDots}"/> is compiled once per instruction set.
/// </summary>
internal interface ISketchDots
{
    static abstract string Name { get; }

    static abstract bool IsSupported { get; }

    /// <summary>To each 32-bit sum adds its four products: codes 0 … 15 with probe elements −127 … 127.</summary>
    static abstract Vector256<int> Add(Vector256<int> sums, Vector256<byte> codes, Vector256<sbyte> probe);
}

/// <summary>VPDPBUSD: the whole step in one instruction.</summary>
internal readonly struct AvxVnniSketchDots : ISketchDots
{
    public static string Name => "avx-vnni";

    public static bool IsSupported => AvxVnni.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sums, Vector256<byte> codes, Vector256<sbyte> probe) =>
        AvxVnni.MultiplyWideningAndAdd(sums, codes, probe);
}

/// <summary>VPMADDUBSW and VPMADDWD. Two products of at most 15 · 127 fit 16 bits, so that the first does not saturate here.</summary>
internal readonly struct Avx2SketchDots : ISketchDots
{
    public static string Name => "avx2";

    public static bool IsSupported => Avx2.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sums, Vector256<byte> codes, Vector256<sbyte> probe) =>
        sums + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(codes, probe), Vector256<short>.One);
}

/// <summary>SDOT: codes are small enough to be signed.</summary>
internal readonly struct ArmSketchDots : ISketchDots
{
    public static string Name => "arm-dp";

    public static bool IsSupported => Dp.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sums, Vector256<byte> codes, Vector256<sbyte> probe) => Vector256.Create(
        Dp.DotProduct(sums.GetLower(), codes.GetLower().AsSByte(), probe.GetLower()),
        Dp.DotProduct(sums.GetUpper(), codes.GetUpper().AsSByte(), probe.GetUpper()));
}

/// <summary>Any processor: shifts that widen, and multiplications of 16 and 32 bits.</summary>
internal readonly struct PortableSketchDots : ISketchDots
{
    public static string Name => "portable";

    public static bool IsSupported => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sums, Vector256<byte> codes, Vector256<sbyte> probe)
    {
        // Each lane of 32 bits holds four pairs of bytes; one pair after the other is brought to the full width with its sign.
        Vector256<int> c = codes.AsInt32(), p = probe.AsInt32();
        return sums
            + ((c & Vector256.Create(0xFF)) * (p << 24 >> 24))
            + ((c >>> 8 & Vector256.Create(0xFF)) * (p << 16 >> 24))
            + ((c >>> 16 & Vector256.Create(0xFF)) * (p << 8 >> 24))
            + ((c >>> 24) * (p >> 24));
    }
}
