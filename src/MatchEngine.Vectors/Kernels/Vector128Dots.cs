using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MatchEngine.Vectors.Kernels;

/// <summary>
/// 128-bit vectors without dot-product instructions: SSE on x86 with AVX2 absent or off, NEON on Arm without the dot-product extension.
/// </summary>
internal readonly unsafe struct Vector128Dots : IBlockDots
{
    public static string Name => "vector128";

    public static bool IsSupported => Vector128.IsHardwareAccelerated;

    public static int Step => 16;

    public static int RowExcess => 0;

    public static int OneByOne(byte* row, sbyte* probe, nint length)
    {
        var sum = Vector128<int>.Zero;
        for (nint i = 0; i < length; i += 16)
            sum += Products(Load(row + i), Vector128.Load(probe + i));
        return Vector128.Sum(sum);
    }

    public static void FourByOne(byte* rows, nint stride, sbyte* probe, nint length, int* dots)
    {
        byte* row1 = rows + stride, row2 = row1 + stride, row3 = row2 + stride;
        Vector128<int> a0 = default, a1 = default, a2 = default, a3 = default;
        for (nint i = 0; i < length; i += 16)
        {
            var p = Vector128.Load(probe + i);
            a0 += Products(Load(rows + i), p);
            a1 += Products(Load(row1 + i), p);
            a2 += Products(Load(row2 + i), p);
            a3 += Products(Load(row3 + i), p);
        }
        Vector128.Create(Vector128.Sum(a0), Vector128.Sum(a1), Vector128.Sum(a2), Vector128.Sum(a3)).Store(dots);
    }

    public static void FourByTwo(byte* rows, nint stride, sbyte* probe0, sbyte* probe1, nint length, int* dots0, int* dots1)
    {
        byte* row1 = rows + stride, row2 = row1 + stride, row3 = row2 + stride;
        Vector128<int> a0 = default, a1 = default, a2 = default, a3 = default;
        Vector128<int> b0 = default, b1 = default, b2 = default, b3 = default;
        for (nint i = 0; i < length; i += 16)
        {
            var p = Vector128.Load(probe0 + i);
            var q = Vector128.Load(probe1 + i);
            var r = Load(rows + i);
            a0 += Products(r, p);
            b0 += Products(r, q);
            r = Load(row1 + i);
            a1 += Products(r, p);
            b1 += Products(r, q);
            r = Load(row2 + i);
            a2 += Products(r, p);
            b2 += Products(r, q);
            r = Load(row3 + i);
            a3 += Products(r, p);
            b3 += Products(r, q);
        }
        Vector128.Create(Vector128.Sum(a0), Vector128.Sum(a1), Vector128.Sum(a2), Vector128.Sum(a3)).Store(dots0);
        Vector128.Create(Vector128.Sum(b0), Vector128.Sum(b1), Vector128.Sum(b2), Vector128.Sum(b3)).Store(dots1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<sbyte> Load(byte* row) => (Vector128.Load(row) ^ Vector128.Create((byte)0x80)).AsSByte();

    /// <summary>
    /// The sixteen products in four sums. Two products of at most 127 · 128 still fit 16 bits, −128 never being a probe's element.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<int> Products(Vector128<sbyte> row, Vector128<sbyte> probe)
    {
        if (Sse2.IsSupported)
        {
            return Sse2.MultiplyAddAdjacent(Vector128.WidenLower(row), Vector128.WidenLower(probe))
                + Sse2.MultiplyAddAdjacent(Vector128.WidenUpper(row), Vector128.WidenUpper(probe));
        }
        var pairs = (Vector128.WidenLower(row) * Vector128.WidenLower(probe)) + (Vector128.WidenUpper(row) * Vector128.WidenUpper(probe));
        return Vector128.WidenLower(pairs) + Vector128.WidenUpper(pairs);
    }
}
