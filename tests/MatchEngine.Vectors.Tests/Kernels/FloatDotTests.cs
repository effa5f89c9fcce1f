using MatchEngine.Vectors.Kernels;

namespace MatchEngine.Vectors.Tests.Kernels;

public class FloatDotTests
{
    [Fact]
    public void Every_length_agrees_with_double_precision()
    {
        var random = new Random(1);
        for (var length = 0; length < 200; length++)
        {
            var a = Enumerable.Range(0, length).Select(_ => (float)random.NextDouble() - 0.5f).ToArray();
            var b = Enumerable.Range(0, length).Select(_ => (float)random.NextDouble() - 0.5f).ToArray();
            Assert.Equal(a.Zip(b, (x, y) => (double)x * y).Sum(), FloatDot.Of(a, b), 1e-5);
            var target = (float[])a.Clone();
            FloatDot.AddScaled(target, 3f, b);
            for (var i = 0; i < length; i++)
                Assert.Equal(a[i] + (3.0 * b[i]), target[i], 1e-6);
        }
    }
}
