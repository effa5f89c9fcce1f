using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MatchEngine.Vectors.Kernels;

/// <summary>AVX-512BW: both operands widened to 16 bits, then VPMADDWD on 512 bits (Intel servers since Skylake, AMD Zen 4).</summary>
/// <remarks>
/// Processors with AVX-512 VNNI but without AVX-VNNI (Cascade Lake, Ice Lake, Zen 4) run this one: .NET 10 has no class for the former.
/// </remarks>
internal readonly unsafe struct Avx512Dots : IBlockDots
{
    public static string Name => "avx-512";

    public static bool IsSupported => Avx512BW.IsSupported;

    public static int Step => 32;

    public static int RowExcess => 128;

    public static bool SievesByCoarse => CoarseDots.IsSupported;

    public static int OneByOne(byte* row, sbyte* probe, nint length)
    {
        var sum = Vector512<int>.Zero;
        for (nint i = 0; i < length; i += 32)
            sum += Avx512BW.MultiplyAddAdjacent(Load(row + i), Load(probe + i));
        return Vector512.Sum(sum);
    }

    public static void FourByOne(byte* rows, nint stride, sbyte* probe, nint length, int* dots)
    {
        byte* row1 = rows + stride, row2 = row1 + stride, row3 = row2 + stride;
        Vector512<int> a0 = default, a1 = default, a2 = default, a3 = default;
        for (nint i = 0; i < length; i += 32)
        {
            var p = Load(probe + i);
            a0 += Avx512BW.MultiplyAddAdjacent(Load(rows + i), p);
            a1 += Avx512BW.MultiplyAddAdjacent(Load(row1 + i), p);
            a2 += Avx512BW.MultiplyAddAdjacent(Load(row2 + i), p);
            a3 += Avx512BW.MultiplyAddAdjacent(Load(row3 + i), p);
        }
        AvxVnniDots.Sums(Fold(a0), Fold(a1), Fold(a2), Fold(a3)).Store(dots);
    }

    public static void FourByTwo(byte* rows, nint stride, sbyte* probe0, sbyte* probe1, nint length, int* dots0, int* dots1)
    {
        byte* row1 = rows + stride, row2 = row1 + stride, row3 = row2 + stride;
        Vector512<int> a0 = default, a1 = default, a2 = default, a3 = default;
        Vector512<int> b0 = default, b1 = default, b2 = default, b3 = default;
        for (nint i = 0; i < length; i += 32)
        {
            var p = Load(probe0 + i);
            var q = Load(probe1 + i);
            var r = Load(rows + i);
            a0 += Avx512BW.MultiplyAddAdjacent(r, p);
            b0 += Avx512BW.MultiplyAddAdjacent(r, q);
            r = Load(row1 + i);
            a1 += Avx512BW.MultiplyAddAdjacent(r, p);
            b1 += Avx512BW.MultiplyAddAdjacent(r, q);
            r = Load(row2 + i);
            a2 += Avx512BW.MultiplyAddAdjacent(r, p);
            b2 += Avx512BW.MultiplyAddAdjacent(r, q);
            r = Load(row3 + i);
            a3 += Avx512BW.MultiplyAddAdjacent(r, p);
            b3 += Avx512BW.MultiplyAddAdjacent(r, q);
        }
        AvxVnniDots.Sums(Fold(a0), Fold(a1), Fold(a2), Fold(a3)).Store(dots0);
        AvxVnniDots.Sums(Fold(b0), Fold(b1), Fold(b2), Fold(b3)).Store(dots1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Load(byte* row) => Avx512BW.ConvertToVector512Int16(Vector256.Load(row));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<short> Load(sbyte* probe) => Avx512BW.ConvertToVector512Int16(Vector256.Load(probe));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Fold(Vector512<int> sums) => sums.GetLower() + sums.GetUpper();
}
