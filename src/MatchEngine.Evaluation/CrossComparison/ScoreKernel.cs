using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MatchEngine.Evaluation.CrossComparison;

/// <summary>
/// Inner products of 8 embeddings with 48: one tile of a matrix product. The 24 (or 2 × 12) sums stay in registers for the whole depth, so
/// each loaded value is used many times and the arithmetic, not the memory, is the limit.
/// </summary>
/// <remarks>
/// Every sum adds its products in the order of the depth with fused multiply-add, whatever the instruction set: all paths give the same
/// bits, and so does the product of the same two embeddings with rows and columns changed over. Products of int8 values are exact: at most
/// 127² · 1024 = 2²³·⁹, which a float holds.
/// </remarks>
internal static unsafe class ScoreKernel
{
    /// <summary>Rows of a tile.</summary>
    public const int Rows = 8;

    /// <summary>Columns of a tile.</summary>
    public const int Columns = 48;

    /// <summary>Computes a tile on the widest path that the machine has.</summary>
    /// <param name="a">8 embeddings, value by value: element k of row r at k·8 + r.</param>
    /// <param name="b">48 embeddings, value by value: element k of column c at k·48 + c.</param>
    /// <param name="depth">Values of an embedding.</param>
    /// <param name="scores">Takes 8 × 48 sums, row by row.</param>
    public static void Tile(float* a, float* b, int depth, float* scores)
    {
        if (Avx512F.IsSupported)
            Tile512(a, b, depth, scores);
        else if (Fma.IsSupported)
            Tile256(a, b, depth, scores);
        else
            TileScalar(a, b, depth, scores);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Tile512(float* a, float* b, int depth, float* scores)
    {
        Vector512<float> s00 = default, s01 = default, s02 = default, s10 = default, s11 = default, s12 = default;
        Vector512<float> s20 = default, s21 = default, s22 = default, s30 = default, s31 = default, s32 = default;
        Vector512<float> s40 = default, s41 = default, s42 = default, s50 = default, s51 = default, s52 = default;
        Vector512<float> s60 = default, s61 = default, s62 = default, s70 = default, s71 = default, s72 = default;
        for (var k = 0; k < depth; k++)
        {
            var b0 = Vector512.Load(b);
            var b1 = Vector512.Load(b + 16);
            var b2 = Vector512.Load(b + 32);
            var x = Vector512.Create(a[0]);
            s00 = Avx512F.FusedMultiplyAdd(x, b0, s00);
            s01 = Avx512F.FusedMultiplyAdd(x, b1, s01);
            s02 = Avx512F.FusedMultiplyAdd(x, b2, s02);
            x = Vector512.Create(a[1]);
            s10 = Avx512F.FusedMultiplyAdd(x, b0, s10);
            s11 = Avx512F.FusedMultiplyAdd(x, b1, s11);
            s12 = Avx512F.FusedMultiplyAdd(x, b2, s12);
            x = Vector512.Create(a[2]);
            s20 = Avx512F.FusedMultiplyAdd(x, b0, s20);
            s21 = Avx512F.FusedMultiplyAdd(x, b1, s21);
            s22 = Avx512F.FusedMultiplyAdd(x, b2, s22);
            x = Vector512.Create(a[3]);
            s30 = Avx512F.FusedMultiplyAdd(x, b0, s30);
            s31 = Avx512F.FusedMultiplyAdd(x, b1, s31);
            s32 = Avx512F.FusedMultiplyAdd(x, b2, s32);
            x = Vector512.Create(a[4]);
            s40 = Avx512F.FusedMultiplyAdd(x, b0, s40);
            s41 = Avx512F.FusedMultiplyAdd(x, b1, s41);
            s42 = Avx512F.FusedMultiplyAdd(x, b2, s42);
            x = Vector512.Create(a[5]);
            s50 = Avx512F.FusedMultiplyAdd(x, b0, s50);
            s51 = Avx512F.FusedMultiplyAdd(x, b1, s51);
            s52 = Avx512F.FusedMultiplyAdd(x, b2, s52);
            x = Vector512.Create(a[6]);
            s60 = Avx512F.FusedMultiplyAdd(x, b0, s60);
            s61 = Avx512F.FusedMultiplyAdd(x, b1, s61);
            s62 = Avx512F.FusedMultiplyAdd(x, b2, s62);
            x = Vector512.Create(a[7]);
            s70 = Avx512F.FusedMultiplyAdd(x, b0, s70);
            s71 = Avx512F.FusedMultiplyAdd(x, b1, s71);
            s72 = Avx512F.FusedMultiplyAdd(x, b2, s72);
            a += Rows;
            b += Columns;
        }
        Store(s00, s01, s02, scores);
        Store(s10, s11, s12, scores + Columns);
        Store(s20, s21, s22, scores + 2 * Columns);
        Store(s30, s31, s32, scores + 3 * Columns);
        Store(s40, s41, s42, scores + 4 * Columns);
        Store(s50, s51, s52, scores + 5 * Columns);
        Store(s60, s61, s62, scores + 6 * Columns);
        Store(s70, s71, s72, scores + 7 * Columns);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Tile256(float* a, float* b, int depth, float* scores)
    {
        // 16 registers: 4 rows × 24 columns at a time.
        for (var row = 0; row < Rows; row += 4)
        {
            for (var column = 0; column < Columns; column += 24)
            {
                Vector256<float> s00 = default, s01 = default, s02 = default, s10 = default, s11 = default, s12 = default;
                Vector256<float> s20 = default, s21 = default, s22 = default, s30 = default, s31 = default, s32 = default;
                var x = a + row;
                var y = b + column;
                for (var k = 0; k < depth; k++)
                {
                    var b0 = Vector256.Load(y);
                    var b1 = Vector256.Load(y + 8);
                    var b2 = Vector256.Load(y + 16);
                    var v = Vector256.Create(x[0]);
                    s00 = Fma.MultiplyAdd(v, b0, s00);
                    s01 = Fma.MultiplyAdd(v, b1, s01);
                    s02 = Fma.MultiplyAdd(v, b2, s02);
                    v = Vector256.Create(x[1]);
                    s10 = Fma.MultiplyAdd(v, b0, s10);
                    s11 = Fma.MultiplyAdd(v, b1, s11);
                    s12 = Fma.MultiplyAdd(v, b2, s12);
                    v = Vector256.Create(x[2]);
                    s20 = Fma.MultiplyAdd(v, b0, s20);
                    s21 = Fma.MultiplyAdd(v, b1, s21);
                    s22 = Fma.MultiplyAdd(v, b2, s22);
                    v = Vector256.Create(x[3]);
                    s30 = Fma.MultiplyAdd(v, b0, s30);
                    s31 = Fma.MultiplyAdd(v, b1, s31);
                    s32 = Fma.MultiplyAdd(v, b2, s32);
                    x += Rows;
                    y += Columns;
                }
                var target = scores + row * Columns + column;
                Store(s00, s01, s02, target);
                Store(s10, s11, s12, target + Columns);
                Store(s20, s21, s22, target + 2 * Columns);
                Store(s30, s31, s32, target + 3 * Columns);
            }
        }
    }

    internal static void TileScalar(float* a, float* b, int depth, float* scores)
    {
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < Columns; column++)
            {
                var sum = 0f;
                for (var k = 0; k < depth; k++)
                    sum = MathF.FusedMultiplyAdd(a[k * Rows + row], b[k * Columns + column], sum);
                scores[row * Columns + column] = sum;
            }
        }
    }

    /// <summary>The inner product of two embeddings, with the bits that a tile gives.</summary>
    internal static float Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        var sum = 0f;
        for (var k = 0; k < x.Length; k++)
            sum = MathF.FusedMultiplyAdd(x[k], y[k], sum);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> x, Vector512<float> y, Vector512<float> z, float* target)
    {
        x.Store(target);
        y.Store(target + 16);
        z.Store(target + 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> x, Vector256<float> y, Vector256<float> z, float* target)
    {
        x.Store(target);
        y.Store(target + 8);
        z.Store(target + 16);
    }
}
