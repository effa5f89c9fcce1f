using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace MatchEngine.Vectors.Kernels;

/// <summary>
/// SDOT: 16 products and their sums in one instruction (Arm since v8.2 with the dot-product extension: Neoverse, Apple M, Cortex-A76).
/// </summary>
/// <remarks>The instruction multiplies signed by signed, so the rows' excess is taken out as they are loaded, at one XOR a load.</remarks>
internal readonly unsafe struct ArmDots : IBlockDots
{
    public static string Name => "arm-dp";

    public static bool IsSupported => Dp.IsSupported && AdvSimd.Arm64.IsSupported;

    public static int Step => 16;

    public static int RowExcess => 0;

    public static int OneByOne(byte* row, sbyte* probe, nint length)
    {
        var sum = Vector128<int>.Zero;
        for (nint i = 0; i < length; i += 16)
            sum = Dp.DotProduct(sum, Load(row + i), Vector128.Load(probe + i));
        return Vector128.Sum(sum);
    }

    public static void FourByOne(byte* rows, nint stride, sbyte* probe, nint length, int* dots)
    {
        byte* row1 = rows + stride, row2 = row1 + stride, row3 = row2 + stride;
        Vector128<int> a0 = default, a1 = default, a2 = default, a3 = default;
        for (nint i = 0; i < length; i += 16)
        {
            var p = Vector128.Load(probe + i);
            a0 = Dp.DotProduct(a0, Load(rows + i), p);
            a1 = Dp.DotProduct(a1, Load(row1 + i), p);
            a2 = Dp.DotProduct(a2, Load(row2 + i), p);
            a3 = Dp.DotProduct(a3, Load(row3 + i), p);
        }
        Sums(a0, a1, a2, a3).Store(dots);
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
            a0 = Dp.DotProduct(a0, r, p);
            b0 = Dp.DotProduct(b0, r, q);
            r = Load(row1 + i);
            a1 = Dp.DotProduct(a1, r, p);
            b1 = Dp.DotProduct(b1, r, q);
            r = Load(row2 + i);
            a2 = Dp.DotProduct(a2, r, p);
            b2 = Dp.DotProduct(b2, r, q);
            r = Load(row3 + i);
            a3 = Dp.DotProduct(a3, r, p);
            b3 = Dp.DotProduct(b3, r, q);
        }
        Sums(a0, a1, a2, a3).Store(dots0);
        Sums(b0, b1, b2, b3).Store(dots1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<sbyte> Load(byte* row) => (Vector128.Load(row) ^ Vector128.Create((byte)0x80)).AsSByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Sums(Vector128<int> a, Vector128<int> b, Vector128<int> c, Vector128<int> d) =>
        AdvSimd.Arm64.AddPairwise(AdvSimd.Arm64.AddPairwise(a, b), AdvSimd.Arm64.AddPairwise(c, d));
}
