using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MatchEngine.Vectors.Kernels;

/// <summary>The dot product of two template bodies, for comparisons 1:1.</summary>
internal static class DotProduct
{
    /// <summary>Σ a·b over two bodies of one length; their elements lie in −127 … 127.</summary>
    public static int Of(ReadOnlySpan<sbyte> a, ReadOnlySpan<sbyte> b)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(a.Length, b.Length);
        ref var first = ref MemoryMarshal.GetReference(a);
        ref var second = ref MemoryMarshal.GetReference(b);
        nuint length = (nuint)a.Length, i = 0;
        var sum = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            var sums = Vector256<int>.Zero;
            for (; i + 32 <= length; i += 32)
                sums += Products(Vector256.LoadUnsafe(ref first, i), Vector256.LoadUnsafe(ref second, i));
            sum = Vector256.Sum(sums);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            var sums = Vector128<int>.Zero;
            for (; i + 16 <= length; i += 16)
                sums += Vector128Dots.Products(Vector128.LoadUnsafe(ref first, i), Vector128.LoadUnsafe(ref second, i));
            sum = Vector128.Sum(sums);
        }
        for (; i < length; i++)
            sum += Unsafe.Add(ref first, i) * Unsafe.Add(ref second, i);
        return sum;
    }

    // Two products of at most 127 · 127 still fit 16 bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Products(Vector256<sbyte> a, Vector256<sbyte> b)
    {
        if (Avx2.IsSupported)
        {
            return Avx2.MultiplyAddAdjacent(Vector256.WidenLower(a), Vector256.WidenLower(b))
                + Avx2.MultiplyAddAdjacent(Vector256.WidenUpper(a), Vector256.WidenUpper(b));
        }
        var pairs = (Vector256.WidenLower(a) * Vector256.WidenLower(b)) + (Vector256.WidenUpper(a) * Vector256.WidenUpper(b));
        return Vector256.WidenLower(pairs) + Vector256.WidenUpper(pairs);
    }
}
