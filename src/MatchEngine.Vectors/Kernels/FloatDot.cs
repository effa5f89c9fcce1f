using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MatchEngine.Vectors.Kernels;

/// <summary>
/// Products of float32 vectors, for training and projecting; the order of additions, and so the last bits, depend on the processor.
/// </summary>
internal static class FloatDot
{
    /// <summary>Σ a·b over two vectors of one length.</summary>
    public static float Of(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(a.Length, b.Length);
        ref var first = ref MemoryMarshal.GetReference(a);
        ref var second = ref MemoryMarshal.GetReference(b);
        nuint length = (nuint)a.Length, i = 0;
        Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default;
        for (; i + 32 <= length; i += 32)
        {
            s0 = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref first, i), Vector256.LoadUnsafe(ref second, i), s0);
            s1 = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref first, i + 8), Vector256.LoadUnsafe(ref second, i + 8), s1);
            s2 = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref first, i + 16), Vector256.LoadUnsafe(ref second, i + 16), s2);
            s3 = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref first, i + 24), Vector256.LoadUnsafe(ref second, i + 24), s3);
        }
        var sum = Vector256.Sum((s0 + s1) + (s2 + s3));
        for (; i < length; i++)
            sum += Unsafe.Add(ref first, i) * Unsafe.Add(ref second, i);
        return sum;
    }

    /// <summary>target += factor · source.</summary>
    public static void AddScaled(Span<float> target, float factor, ReadOnlySpan<float> source)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(target.Length, source.Length);
        ref var first = ref MemoryMarshal.GetReference(target);
        ref var second = ref MemoryMarshal.GetReference(source);
        nuint length = (nuint)target.Length, i = 0;
        var factors = Vector256.Create(factor);
        for (; i + 8 <= length; i += 8)
            Vector256.MultiplyAddEstimate(factors, Vector256.LoadUnsafe(ref second, i), Vector256.LoadUnsafe(ref first, i))
                .StoreUnsafe(ref first, i);
        for (; i < length; i++)
            Unsafe.Add(ref first, i) += factor * Unsafe.Add(ref second, i);
    }
}
