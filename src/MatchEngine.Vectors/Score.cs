using System.Runtime.CompilerServices;

namespace MatchEngine.Vectors;

/// <summary>The definitions of a comparison score, so that a pair's score is the same bits from every kernel, path and machine.</summary>
internal static class Score
{
    /// <summary>The cosine from the integer dot product of two bodies and the product of their scales, kept within −1 … 1.</summary>
    /// <remarks>Rounding could carry the score of two parallel bodies an ulp beyond 1.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float FromDot(int dot, float scales) => Math.Clamp(dot * scales, -1f, 1f);

    /// <summary>The cosine from the exact products of two float16 copies (<see cref="Kernels.Float16Dot"/>), kept within −1 … 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float FromFloat16(double dot, double squares, double otherSquares) =>
        (float)Math.Clamp(dot / Math.Sqrt(squares * otherSquares), -1, 1);
}
