using System.Numerics;
using System.Runtime.Intrinsics;
using MatchEngine.Vectors.Kernels;

namespace MatchEngine.Vectors.Tests.Kernels;

public class Float16DotTests
{
    [Fact]
    public void Every_finite_float16_is_widened_to_the_same_number()
    {
        for (var bits = 0; bits <= ushort.MaxValue; bits += 8)
        {
            var wide = Float16Dot.Widen(Vector128.Create([.. Enumerable.Range(bits, 8).Select(b => (ushort)b)]));
            for (var i = 0; i < 8; i++)
            {
                var half = BitConverter.UInt16BitsToHalf((ushort)(bits + i));
                if (Half.IsFinite(half))
                    Assert.Equal(BitConverter.SingleToUInt32Bits((float)half), BitConverter.SingleToUInt32Bits(wide[i]));
            }
        }
    }

    [Theory]
    [InlineData(16)]
    [InlineData(128)]
    [InlineData(512)]
    [InlineData(4096)]
    public void Products_of_unit_vectors_are_exact(int dimension)
    {
        var random = new Random(dimension);
        for (var round = 0; round < 20; round++)
        {
            Half[] a = Unit(random, dimension), b = Unit(random, dimension);
            var probe = new float[dimension];
            Float16Dot.Widen(a, probe);
            var (dot, squares) = Float16Dot.Of(probe, b);
            // In integers, units of 2⁻⁴⁸: no rounding anywhere.
            BigInteger exactDot = 0, exactSquares = 0;
            for (var i = 0; i < dimension; i++)
            {
                exactDot += Units(a[i]) * Units(b[i]);
                exactSquares += Units(b[i]) * Units(b[i]);
            }
            Assert.Equal(exactDot, new BigInteger(dot * Math.Pow(2, 48)));
            Assert.Equal(exactSquares, new BigInteger(squares * Math.Pow(2, 48)));
            Assert.Equal(Float16Dot.Of(probe, a).Squares, Float16Dot.Squares(probe));
        }
    }

    private static BigInteger Units(Half x) => new((double)x * Math.Pow(2, 24));

    private static Half[] Unit(Random random, int dimension)
    {
        var x = Enumerable.Range(0, dimension).Select(i => (random.NextDouble() - 0.5) * Math.Pow(2, -random.Next(12))).ToArray();
        var norm = Math.Sqrt(x.Sum(v => v * v));
        return [.. x.Select(v => (Half)(v / norm))];
    }
}
