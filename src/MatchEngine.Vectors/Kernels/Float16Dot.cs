using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MatchEngine.Vectors.Kernels;

/// <summary>
/// Products of the float16 copies of templates, the last step of a search: exact, hence the same in every order and on every machine.
/// </summary>
/// <remarks>
/// A float16 is a multiple of 2⁻²⁴ with 11 significant bits. The product of two is a multiple of 2⁻⁴⁸ with 22 bits, exact in float32.
/// For vectors of length about one no partial sum exceeds 2 (Cauchy–Schwarz), so every partial sum is a multiple of 2⁻⁴⁸ below 2 and
/// fits the 53 bits of a double: no addition rounds, whatever its order.
/// </remarks>
internal static class Float16Dot
{
    /// <summary>Σ probe·row and Σ row·row.</summary>
    /// <param name="probe">The probe's copy as float32.</param>
    /// <param name="row">The row's copy, of the same length.</param>
    public static (double Dot, double Squares) Of(ReadOnlySpan<float> probe, ReadOnlySpan<Half> row)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(probe.Length, row.Length);
        ref var p = ref MemoryMarshal.GetReference(probe);
        ref var r = ref Unsafe.As<Half, ushort>(ref MemoryMarshal.GetReference(row));
        nuint length = (nuint)row.Length, i = 0;
        Vector256<double> dot0 = default, dot1 = default, squares0 = default, squares1 = default;
        for (; i + 8 <= length; i += 8)
        {
            var x = Widen(Vector128.LoadUnsafe(ref r, i));
            var product = x * Vector256.LoadUnsafe(ref p, i);
            var square = x * x;
            dot0 += Vector256.WidenLower(product);
            dot1 += Vector256.WidenUpper(product);
            squares0 += Vector256.WidenLower(square);
            squares1 += Vector256.WidenUpper(square);
        }
        double dot = Vector256.Sum(dot0 + dot1), squares = Vector256.Sum(squares0 + squares1);
        for (; i < length; i++)
        {
            var x = (float)row[(int)i];
            dot += (double)x * probe[(int)i];
            squares += (double)x * x;
        }
        return (dot, squares);
    }

    /// <summary>Σ x·x.</summary>
    public static double Squares(ReadOnlySpan<float> x)
    {
        double squares = 0;
        foreach (var element in x)
            squares += (double)element * element;
        return squares;
    }

    /// <summary>The same numbers as float32.</summary>
    public static void Widen(ReadOnlySpan<Half> source, Span<float> target)
    {
        for (var i = 0; i < source.Length; i++)
            target[i] = (float)source[i];
    }

    /// <summary>
    /// Eight finite float16 as float32. .NET 10 has no class for the instruction (F16C); moving exponent and fraction into place and
    /// multiplying by 2¹¹² sets the exponent's offset right, for denormal numbers too.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> Widen(Vector128<ushort> halves)
    {
        var wide = Vector256.Create(Vector128.WidenLower(halves), Vector128.WidenUpper(halves));
        var magnitude = ((wide & Vector256.Create(0x7FFFu)) << 13).AsSingle() * Vector256.Create(5.192297e33f);
        return (magnitude.AsUInt32() | ((wide & Vector256.Create(0x8000u)) << 16)).AsSingle();
    }
}
