using MatchEngine.Vectors.Kernels;

namespace MatchEngine.Vectors.Tests.Kernels;

public class DotProductTests
{
    [Fact]
    public void Every_length_and_alignment_equals_the_sum_of_products()
    {
        var random = new Random(11);
        for (var length = 0; length <= 200; length++)
        {
            for (var offset = 0; offset < 4; offset++)
            {
                var a = Enumerable.Range(0, length + offset).Select(_ => (sbyte)random.Next(-127, 128)).ToArray();
                var b = Enumerable.Range(0, length + offset).Select(_ => (sbyte)random.Next(-127, 128)).ToArray();
                Assert.Equal(Enumerable.Range(offset, length).Sum(i => a[i] * b[i]), DotProduct.Of(a.AsSpan(offset), b.AsSpan(offset)));
            }
        }
    }

    [Theory]
    [InlineData(127, 127)]
    [InlineData(-127, 127)]
    [InlineData(-127, -127)]
    public void The_largest_sums_do_not_overflow(int a, int b) =>
        Assert.Equal(4096 * a * b, DotProduct.Of([.. Enumerable.Repeat((sbyte)a, 4096)], [.. Enumerable.Repeat((sbyte)b, 4096)]));

    [Fact]
    public void Bodies_of_different_lengths_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => DotProduct.Of(new sbyte[16], new sbyte[32]));
}
