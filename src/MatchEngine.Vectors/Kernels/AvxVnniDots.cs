using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MatchEngine.Vectors.Kernels;

/// <summary>
/// VPDPBUSD on 256 bits: 32 products and their sums in one instruction (Intel since Alder Lake and Sapphire Rapids, AMD since Zen 5).
/// </summary>
/// <remarks>
/// .NET 10 offers the VEX form only. Its 512-bit sibling (<c>AvxVnniInt8.V512</c>) asks for AVX10.2, which no processor on sale has. The
/// instruction takes four to five cycles and two can start in each, so eight or more sums are kept going.
/// </remarks>
internal readonly unsafe struct AvxVnniDots : IBlockDots
{
    public static string Name => "avx-vnni";

    public static bool IsSupported => AvxVnni.IsSupported;

    public static int Step => 32;

    public static int RowExcess => 128;

    public static bool SievesByCoarse => CoarseDots.IsSupported;

    public static int OneByOne(byte* row, sbyte* probe, nint length)
    {
        Vector256<int> a = default, b = default, c = default, d = default;
        nint i = 0;
        for (; i + 128 <= length; i += 128)
        {
            a = AvxVnni.MultiplyWideningAndAdd(a, Vector256.Load(row + i), Vector256.Load(probe + i));
            b = AvxVnni.MultiplyWideningAndAdd(b, Vector256.Load(row + i + 32), Vector256.Load(probe + i + 32));
            c = AvxVnni.MultiplyWideningAndAdd(c, Vector256.Load(row + i + 64), Vector256.Load(probe + i + 64));
            d = AvxVnni.MultiplyWideningAndAdd(d, Vector256.Load(row + i + 96), Vector256.Load(probe + i + 96));
        }
        for (; i < length; i += 32)
            a = AvxVnni.MultiplyWideningAndAdd(a, Vector256.Load(row + i), Vector256.Load(probe + i));
        return Vector256.Sum((a + b) + (c + d));
    }

    public static void FourByOne(byte* rows, nint stride, sbyte* probe, nint length, int* dots)
    {
        byte* row1 = rows + stride, row2 = row1 + stride, row3 = row2 + stride;
        Vector256<int> a0 = default, a1 = default, a2 = default, a3 = default;
        Vector256<int> b0 = default, b1 = default, b2 = default, b3 = default;
        nint i = 0;
        for (; i + 64 <= length; i += 64)
        {
            var p = Vector256.Load(probe + i);
            a0 = AvxVnni.MultiplyWideningAndAdd(a0, Vector256.Load(rows + i), p);
            a1 = AvxVnni.MultiplyWideningAndAdd(a1, Vector256.Load(row1 + i), p);
            a2 = AvxVnni.MultiplyWideningAndAdd(a2, Vector256.Load(row2 + i), p);
            a3 = AvxVnni.MultiplyWideningAndAdd(a3, Vector256.Load(row3 + i), p);
            p = Vector256.Load(probe + i + 32);
            b0 = AvxVnni.MultiplyWideningAndAdd(b0, Vector256.Load(rows + i + 32), p);
            b1 = AvxVnni.MultiplyWideningAndAdd(b1, Vector256.Load(row1 + i + 32), p);
            b2 = AvxVnni.MultiplyWideningAndAdd(b2, Vector256.Load(row2 + i + 32), p);
            b3 = AvxVnni.MultiplyWideningAndAdd(b3, Vector256.Load(row3 + i + 32), p);
        }
        if (i < length)
        {
            var p = Vector256.Load(probe + i);
            a0 = AvxVnni.MultiplyWideningAndAdd(a0, Vector256.Load(rows + i), p);
            a1 = AvxVnni.MultiplyWideningAndAdd(a1, Vector256.Load(row1 + i), p);
            a2 = AvxVnni.MultiplyWideningAndAdd(a2, Vector256.Load(row2 + i), p);
            a3 = AvxVnni.MultiplyWideningAndAdd(a3, Vector256.Load(row3 + i), p);
        }
        Sums(a0 + b0, a1 + b1, a2 + b2, a3 + b3).Store(dots);
    }

    public static void FourByTwo(byte* rows, nint stride, sbyte* probe0, sbyte* probe1, nint length, int* dots0, int* dots1)
    {
        byte* row1 = rows + stride, row2 = row1 + stride, row3 = row2 + stride;
        Vector256<int> a0 = default, a1 = default, a2 = default, a3 = default;
        Vector256<int> b0 = default, b1 = default, b2 = default, b3 = default;
        for (nint i = 0; i < length; i += 32)
        {
            var p = Vector256.Load(probe0 + i);
            var q = Vector256.Load(probe1 + i);
            var r = Vector256.Load(rows + i);
            a0 = AvxVnni.MultiplyWideningAndAdd(a0, r, p);
            b0 = AvxVnni.MultiplyWideningAndAdd(b0, r, q);
            r = Vector256.Load(row1 + i);
            a1 = AvxVnni.MultiplyWideningAndAdd(a1, r, p);
            b1 = AvxVnni.MultiplyWideningAndAdd(b1, r, q);
            r = Vector256.Load(row2 + i);
            a2 = AvxVnni.MultiplyWideningAndAdd(a2, r, p);
            b2 = AvxVnni.MultiplyWideningAndAdd(b2, r, q);
            r = Vector256.Load(row3 + i);
            a3 = AvxVnni.MultiplyWideningAndAdd(a3, r, p);
            b3 = AvxVnni.MultiplyWideningAndAdd(b3, r, q);
        }
        Sums(a0, a1, a2, a3).Store(dots0);
        Sums(b0, b1, b2, b3).Store(dots1);
    }

    public static bool HasFourByThree => true;

    public static void FourByThree(byte* rows, nint stride, sbyte* probe0, nint length, int* dots0, nint dotStride)
    {
        byte* row1 = rows + stride, row2 = row1 + stride, row3 = row2 + stride;
        sbyte* probe1 = probe0 + stride, probe2 = probe1 + stride;
        Vector256<int> a0 = default, a1 = default, a2 = default, a3 = default;
        Vector256<int> b0 = default, b1 = default, b2 = default, b3 = default;
        Vector256<int> c0 = default, c1 = default, c2 = default, c3 = default;
        for (nint i = 0; i < length; i += 32)
        {
            var p = Vector256.Load(probe0 + i);
            var q = Vector256.Load(probe1 + i);
            var s = Vector256.Load(probe2 + i);
            var r = Vector256.Load(rows + i);
            a0 = AvxVnni.MultiplyWideningAndAdd(a0, r, p);
            b0 = AvxVnni.MultiplyWideningAndAdd(b0, r, q);
            c0 = AvxVnni.MultiplyWideningAndAdd(c0, r, s);
            r = Vector256.Load(row1 + i);
            a1 = AvxVnni.MultiplyWideningAndAdd(a1, r, p);
            b1 = AvxVnni.MultiplyWideningAndAdd(b1, r, q);
            c1 = AvxVnni.MultiplyWideningAndAdd(c1, r, s);
            r = Vector256.Load(row2 + i);
            a2 = AvxVnni.MultiplyWideningAndAdd(a2, r, p);
            b2 = AvxVnni.MultiplyWideningAndAdd(b2, r, q);
            c2 = AvxVnni.MultiplyWideningAndAdd(c2, r, s);
            r = Vector256.Load(row3 + i);
            a3 = AvxVnni.MultiplyWideningAndAdd(a3, r, p);
            b3 = AvxVnni.MultiplyWideningAndAdd(b3, r, q);
            c3 = AvxVnni.MultiplyWideningAndAdd(c3, r, s);
        }
        Sums(a0, a1, a2, a3).Store(dots0);
        Sums(b0, b1, b2, b3).Store(dots0 + dotStride);
        Sums(c0, c1, c2, c3).Store(dots0 + (2 * dotStride));
    }

    /// <summary>The four vectors' sums, side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<int> Sums(Vector256<int> a, Vector256<int> b, Vector256<int> c, Vector256<int> d)
    {
        var pairs = Avx2.HorizontalAdd(Avx2.HorizontalAdd(a, b), Avx2.HorizontalAdd(c, d));
        return pairs.GetLower() + pairs.GetUpper();
    }
}
