using MatchEngine.Vectors.Kernels;
using MatchEngine.Vectors.Measurement;

namespace MatchEngine.Vectors.Tests.Kernels;

public unsafe class CoarseDotsTests
{
    [Theory]
    [InlineData(64)]
    [InlineData(320)]
    [InlineData(512)]
    public void Copies_keep_to_the_ranges_in_which_nothing_saturates(int dimension)
    {
        Assert.SkipUnless(CoarseDots.IsSupported, "this processor has no AVX-512");
        var random = new Random(dimension);
        foreach (var largest in new[] { 1, 2, 63, 64, 65, 127 })
        {
            // Noise up to the largest element, and nothing but the largest, which makes the fullest lanes.
            foreach (var body in new[]
            {
                Enumerable.Range(0, dimension).Select(_ => (sbyte)random.Next(-largest, largest + 1)).ToArray(),
                [.. Enumerable.Repeat((sbyte)-largest, dimension)],
            })
            {
                var coarse = new sbyte[dimension];
                var starts = new short[CoarseDots.StartBytes(dimension) / sizeof(short)];
                var (factor, residual) = CoarseDots.Prepare(body, coarse, starts);
                Assert.All(coarse, element => Assert.InRange(element, -64, 64));
                for (var lane = 0; lane < starts.Length; lane++)
                {
                    var elements = Enumerable.Range(0, dimension).Where(i => i / 256 == lane / 32 && i % 64 / 2 == lane % 32)
                        .Select(i => (int)coarse[i]).ToArray();
                    Assert.InRange(elements.Sum(Math.Abs), 0, 255);
                    Assert.Equal((short)(-128 * elements.Sum()), starts[lane]);
                }
                var left = Math.Sqrt(Enumerable.Range(0, dimension).Sum(i => Math.Pow(body[i] - (coarse[i] / factor), 2)));
                Assert.Equal(left, residual, 1e-9);
                // Rounding to the nearest: no element is further off than half a step.
                Assert.InRange(residual, 0, Math.Sqrt(dimension) * 0.5001 / factor);
            }
        }
    }

    [Fact]
    public void Strangers_are_sieved_out()
    {
        Assert.SkipUnless(CoarseDots.IsSupported, "this processor has no AVX-512");
        var faces = new FaceLikeVectors(512, seed: 9);
        Template[] rows = [.. Enumerable.Range(0, 400).Select(i => faces.Template(i, 0, Oracle.Model))];
        var block = new ProbeBlock(64, 512) { Count = 64 };
        var limits = new ProbeLimits(64);
        var probes = Enumerable.Range(0, 64).Select(i => faces.Template(i, 1, Oracle.Model)).ToArray();
        for (var p = 0; p < 64; p++)
        {
            block.Set(p, probes[p].Body);
            limits.Set(block, p, 0.35f / probes[p].Scale);
        }
        var memory = new NativeBlock(400 * 512, largePages: false);
        var scales = Array.ConvertAll(rows, row => row.Scale);
        for (var r = 0; r < rows.Length; r++)
            DotKernel.WriteRow(rows[r].Body, new Span<byte>(memory.Start + (r * 512), 512));
        var noted = stackalloc int[32];
        var (pairs, reached) = (0, 0);
        fixed (float* scale = scales, coarse = limits.Coarse)
        {
            for (var r = 0; r < rows.Length; r += 4)
            {
                var count = CoarseDots.Reaching(block, coarse, memory.Start + (r * 512), scale + r, noted);
                for (var i = 0; i < count; i++)
                    pairs += System.Numerics.BitOperations.PopCount((uint)noted[i] & 0xFF);
            }
        }
        foreach (var probe in probes)
            reached += rows.Count(row => Template.Similarity(probe, row) >= 0.35f);
        // Every pair that reaches the limit and not many more, of 25,600.
        Assert.InRange(pairs, reached, 2 * reached);
        Assert.InRange(reached, 60, 300);
        GC.KeepAlive(memory);
    }
}
