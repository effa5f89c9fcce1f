using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MatchEngine.Vectors.Kernels;

/// <summary>AVX2: both operands widened to 16 bits, then VPMADDWD (x86 processors since 2013).</summary>
/// <remarks>VPMADDUBSW would take the bytes as they are, but it saturates: two products of 255 · 127 do not fit 16 bits.</remarks>
internal readonly unsafe struct Avx2Dots : IBlockDots
{
    public static string Name => "avx2";

    public static bool IsSupported => Avx2.IsSupported;

    public static int Step => 16;

    public static int RowExcess => 128;

    public static int OneByOne(byte* row, sbyte* probe, nint length)
    {
        var sum = Vector256<int>.Zero;
        for (nint i = 0; i < length; i += 16)
            sum += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(row + i), Avx2.ConvertToVector256Int16(probe + i));
        return Vector256.Sum(sum);
    }

    public static void FourByOne(byte* rows, nint stride, sbyte* probe, nint length, int* dots)
    {
        byte* row1 = rows + stride, row2 = row1 + stride, row3 = row2 + stride;
        Vector256<int> a0 = default, a1 = default, a2 = default, a3 = default;
        for (nint i = 0; i < length; i += 16)
        {
            var p = Avx2.ConvertToVector256Int16(probe + i);
            a0 += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(rows + i), p);
            a1 += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(row1 + i), p);
            a2 += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(row2 + i), p);
            a3 += Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(row3 + i), p);
        }
        AvxVnniDots.Sums(a0, a1, a2, a3).Store(dots);
    }

    public static void FourByTwo(byte* rows, nint stride, sbyte* probe0, sbyte* probe1, nint length, int* dots0, int* dots1)
    {
        byte* row1 = rows + stride, row2 = row1 + stride, row3 = row2 + stride;
        Vector256<int> a0 = default, a1 = default, a2 = default, a3 = default;
        Vector256<int> b0 = default, b1 = default, b2 = default, b3 = default;
        for (nint i = 0; i < length; i += 16)
        {
            var p = Avx2.ConvertToVector256Int16(probe0 + i);
            var q = Avx2.ConvertToVector256Int16(probe1 + i);
            var r = Avx2.ConvertToVector256Int16(rows + i);
            a0 += Avx2.MultiplyAddAdjacent(r, p);
            b0 += Avx2.MultiplyAddAdjacent(r, q);
            r = Avx2.ConvertToVector256Int16(row1 + i);
            a1 += Avx2.MultiplyAddAdjacent(r, p);
            b1 += Avx2.MultiplyAddAdjacent(r, q);
            r = Avx2.ConvertToVector256Int16(row2 + i);
            a2 += Avx2.MultiplyAddAdjacent(r, p);
            b2 += Avx2.MultiplyAddAdjacent(r, q);
            r = Avx2.ConvertToVector256Int16(row3 + i);
            a3 += Avx2.MultiplyAddAdjacent(r, p);
            b3 += Avx2.MultiplyAddAdjacent(r, q);
        }
        AvxVnniDots.Sums(a0, a1, a2, a3).Store(dots0);
        AvxVnniDots.Sums(b0, b1, b2, b3).Store(dots1);
    }
}
