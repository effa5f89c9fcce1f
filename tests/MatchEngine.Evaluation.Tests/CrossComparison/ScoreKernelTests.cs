using System.Runtime.Intrinsics.X86;
using MatchEngine.Evaluation.CrossComparison;
using MatchEngine.Evaluation.Intervals;

namespace MatchEngine.Evaluation.Tests.CrossComparison;

public unsafe class ScoreKernelTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(15)]
    [InlineData(64)]
    [InlineData(512)]
    [InlineData(513)]
    public void Every_path_gives_the_bits_of_a_plain_loop(int depth)
    {
        var random = new RandomStream(1, (ulong)depth);
        float[] Fill(int n) => [.. Enumerable.Range(0, n).Select(_ => (float)(random.NextDouble() * 2 - 1))];
        var (a, b) = (Fill(Math.Max(1, depth) * ScoreKernel.Rows), Fill(Math.Max(1, depth) * ScoreKernel.Columns));
        const int Size = ScoreKernel.Rows * ScoreKernel.Columns;
        var expected = new float[Size];
        for (var r = 0; r < ScoreKernel.Rows; r++)
        {
            for (var c = 0; c < ScoreKernel.Columns; c++)
            {
                float[] x = [.. Enumerable.Range(0, depth).Select(k => a[k * ScoreKernel.Rows + r])],
                    y = [.. Enumerable.Range(0, depth).Select(k => b[k * ScoreKernel.Columns + c])];
                expected[r * ScoreKernel.Columns + c] = ScoreKernel.Dot(x, y);
                Assert.Equal(x.Zip(y).Sum(p => (double)p.First * p.Second), ScoreKernel.Dot(x, y), 1e-4);
            }
        }
        var actual = new float[Size];
        fixed (float* pa = a, pb = b, ps = actual)
        {
            ScoreKernel.TileScalar(pa, pb, depth, ps);
            Assert.Equal(expected, actual);
            if (Fma.IsSupported)
            {
                Array.Clear(actual);
                ScoreKernel.Tile256(pa, pb, depth, ps);
                Assert.Equal(expected, actual);
            }
            if (Avx512F.IsSupported)
            {
                Array.Clear(actual);
                ScoreKernel.Tile512(pa, pb, depth, ps);
                Assert.Equal(expected, actual);
            }
        }
    }

    [Fact]
    public void Products_of_int8_values_are_exact_integers()
    {
        float[] x = [.. Enumerable.Range(0, 1024).Select(k => k % 2 == 0 ? 127f : -127f)];
        Assert.Equal(127 * 127 * 1024, ScoreKernel.Dot(x, x));
        x[1000] = 126;
        Assert.Equal(127 * 127 * 1023 + 126 * 126, ScoreKernel.Dot(x, x));
    }
}
