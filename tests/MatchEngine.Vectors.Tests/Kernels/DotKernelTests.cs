using MatchEngine.Vectors.Kernels;

namespace MatchEngine.Vectors.Tests.Kernels;

public unsafe class DotKernelTests
{
    /// <summary>
    /// Names, because test cases must be serialisable; the scalar kernel is among them. The one of 128-bit vectors runs everywhere, in
    /// software where it must: with intrinsics off that is the code path of an Arm processor.
    /// </summary>
    public static TheoryData<string> Supported =>
        [.. DotKernel.All.Where(kernel => kernel.IsSupported || kernel.Name == "vector128").Select(kernel => kernel.Name)];

    public static TheoryData<string> All => [.. DotKernel.All.Select(kernel => kernel.Name)];

    [Theory]
    [MemberData(nameof(Supported))]
    public void Every_length_equals_the_sum_of_products(string name)
    {
        for (var dimension = 0; dimension <= 300; dimension++)
            Check(name, dimension, probes: 1 + (dimension % 3), rows: 1 + (dimension % 9), alignment: dimension % 64, seed: dimension);
        foreach (var dimension in new[] { 512, 1024, 2048, 4096 })
            Check(name, dimension, probes: 3, rows: 9, alignment: 0, seed: dimension);
    }

    [Theory]
    [MemberData(nameof(Supported))]
    public void Every_alignment_equals_the_sum_of_products(string name)
    {
        for (var alignment = 0; alignment < 64; alignment++)
            Check(name, 176, probes: 2, rows: 5, alignment, seed: alignment);
    }

    [Theory]
    [MemberData(nameof(Supported))]
    public void Every_block_shape_equals_the_sum_of_products(string name)
    {
        for (var probes = 0; probes <= 9; probes++)
        {
            for (var rows = 0; rows <= 13; rows++)
                Check(name, 80, probes, rows, alignment: 1, seed: (probes * 100) + rows);
        }
    }

    [Theory]
    [MemberData(nameof(Supported))]
    public void The_largest_sums_do_not_overflow(string name)
    {
        foreach (var probe in new sbyte[] { -127, 127 })
        {
            foreach (var row in new byte[] { 0, 1, 127, 128, 255 })
            {
                var dots = Dots(name, [.. Enumerable.Repeat(probe, 2 * 4096)], [.. Enumerable.Repeat(row, 5 * 4096)], 4096, 0);
                Assert.All(dots, dot => Assert.Equal(4096 * probe * (row - 128), dot));
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void An_unsupported_kernel_is_never_the_best(string name)
    {
        var kernel = DotKernel.All.Single(k => k.Name == name);
        if (!kernel.IsSupported)
            Assert.NotSame(kernel, DotKernel.Best);
        Assert.True(DotKernel.Best.IsSupported);
    }

    [Fact]
    public void The_best_kernel_is_the_one_that_the_environment_expects()
    {
        // Set by the tests that start child processes with instruction sets switched off: a switch of the wrong name would test nothing.
        var expected = Environment.GetEnvironmentVariable("MATCHENGINE_EXPECTED_KERNEL")
            ?? DotKernel.All.First(kernel => kernel.IsSupported).Name;
        Assert.Equal(expected, DotKernel.Best.Name);
    }

    [Fact]
    public void Rows_are_written_in_excess_128()
    {
        var row = new byte[256];
        DotKernel.WriteRow([.. Enumerable.Range(-128, 256).Select(i => (sbyte)i)], row);
        Assert.Equal([.. Enumerable.Range(0, 256).Select(i => (byte)i)], row);
    }

    [Theory]
    [MemberData(nameof(Supported))]
    public void Exactly_the_pairs_that_reach_their_limits_are_found(string name)
    {
        foreach (var dimension in new[] { 16, 48, 64, 80, 128, 192, 256, 320, 512, 576, 4096 })
        {
            foreach (var (probes, rows) in new[] { (1, 1), (1, 9), (2, 4), (3, 8), (4, 5), (5, 7), (7, 13), (64, 12) })
            {
                if (dimension > 576 && probes > 7)
                    continue;
                var random = new Random((dimension * 1000) + (probes * 20) + rows);
                CheckReaching(name, dimension, Bodies(probes), Bodies(rows), random);
                sbyte[][] Bodies(int count) => [.. Enumerable.Range(0, count).Select(_ => Body(random, dimension))];
            }
        }
    }

    [Theory]
    [MemberData(nameof(Supported))]
    public void The_rows_along_what_a_coarse_copy_leaves_out_are_found_too(string name)
    {
        // Where the bound of the coarse copies is reached:
        // rows that have nothing but the difference between a probe and its copy, and its opposite.
        Assert.SkipUnless(CoarseDots.IsSupported, "this processor has no coarse copies");
        var random = new Random(8);
        foreach (var dimension in new[] { 64, 128, 512, 1024 })
        {
            sbyte[][] probes = [.. Enumerable.Range(0, 6).Select(_ => Body(random, dimension))];
            sbyte[][] rows = [.. probes.SelectMany(probe =>
            {
                var coarse = new sbyte[dimension];
                var (factor, _) = CoarseDots.Prepare(probe, coarse, new short[CoarseDots.StartBytes(dimension) / 2]);
                var left = Enumerable.Range(0, dimension).Select(i => probe[i] - (coarse[i] / factor)).ToArray();
                var largest = left.Max(Math.Abs);
                sbyte[] row = [.. left.Select(x => (sbyte)Math.Round(x * 127 / Math.Max(largest, 1e-9)))];
                return new[] { row, Array.ConvertAll(row, x => (sbyte)-x), probe };
            }).Where(row => row.Any(x => x != 0))];
            CheckReaching(name, dimension, probes, rows, random);
        }
    }

    private static sbyte[] Body(Random random, int dimension)
    {
        // Noise, bells, two values only, and one large element among small ones: what a lane of sixteen bits may meet.
        var kind = random.Next(4);
        var body = Enumerable.Range(0, dimension).Select(i => kind switch
        {
            0 => random.Next(-127, 128),
            1 => Math.Clamp(
                (int)(40 * (random.NextDouble() + random.NextDouble() + random.NextDouble() + random.NextDouble() - 2)), -127, 127),
            2 => random.Next(2) == 0 ? -127 : 127,
            _ => i % 64 < 2 ? 127 : random.Next(-3, 4),
        }).Select(x => (sbyte)x).ToArray();
        body[random.Next(dimension)] = 127;
        return body;
    }

    private static void CheckReaching(string name, int dimension, sbyte[][] probes, sbyte[][] rows, Random random)
    {
        var kernel = DotKernel.All.Single(k => k.Name == name);
        var block = new ProbeBlock(probes.Length, dimension) { Count = probes.Length };
        var limits = new ProbeLimits(probes.Length);
        var memory = new NativeBlock((rows.Length * dimension) + 1, largePages: false);
        var scales = Array.ConvertAll(rows, row => Template.ScaleOf(row));
        for (var r = 0; r < rows.Length; r++)
            DotKernel.WriteRow(rows[r], new Span<byte>(memory.Start + (r * dimension), dimension));
        var dots = probes.Select(probe => rows.Select(row => row.Zip(probe).Sum(pair => pair.First * pair.Second)).ToArray()).ToArray();
        for (var p = 0; p < probes.Length; p++)
            block.Set(p, probes[p]);
        foreach (var share in new[] { 0, 0.3, 0.9, 1, 2 })
        {
            var expected = new List<Reached>();
            for (var p = 0; p < probes.Length; p++)
            {
                // A limit that one of the rows meets exactly; then one that all meet, and one that none does.
                var scores = dots[p].Select((dot, r) => dot * scales[r]).Order().ToArray();
                var limit = share == 2
                    ? float.PositiveInfinity
                    : share == 0 && random.Next(2) == 0 ? float.NegativeInfinity : scores[(int)(share * (scores.Length - 1))];
                limits.Set(block, p, limit);
                expected.AddRange(dots[p].Select((dot, r) => new Reached(p, r, dot)).Where(pair => pair.Dot * scales[pair.Row] >= limit));
            }
            var reached = new Reached[(probes.Length * rows.Length) + 1];
            fixed (float* scale = scales)
            fixed (Reached* first = reached)
            {
                var found = kernel.Reaching(block, limits, memory.Start, scale, rows.Length, first);
                Assert.Equal(expected.OrderBy(pair => (pair.Probe, pair.Row)), reached[..found].OrderBy(pair => (pair.Probe, pair.Row)));
                Assert.Equal(default, reached[^1]);
            }
        }
        GC.KeepAlive(memory);
        block.Clear();
        Assert.False(block.Memory.ContainsAnyExcept((byte)0));
    }

    private static void Check(string name, int dimension, int probes, int rows, int alignment, int seed)
    {
        var random = new Random(seed);
        var probeElements = Enumerable.Range(0, probes * dimension).Select(_ => (sbyte)random.Next(-127, 128)).ToArray();
        var rowElements = new byte[rows * dimension];
        random.NextBytes(rowElements);
        var dots = Dots(name, probeElements, rowElements, dimension, alignment, probes, rows);
        for (var p = 0; p < probes; p++)
        {
            for (var r = 0; r < rows; r++)
            {
                long expected = 0;
                for (var i = 0; i < dimension; i++)
                    expected += (rowElements[(r * dimension) + i] - 128L) * probeElements[(p * dimension) + i];
                Assert.Equal(expected, dots[(p * rows) + r]);
            }
        }
    }

    private static int[] Dots(
        string name, sbyte[] probes, byte[] rows, int dimension, int alignment, int? probeCount = null, int? rowCount = null)
    {
        var kernel = DotKernel.All.Single(k => k.Name == name);
        var (p, r) = (probeCount ?? probes.Length / dimension, rowCount ?? rows.Length / dimension);

        // Both end where their memory ends, after sentinels that a read beyond would bring into the sums, and so would a wrong alignment.
        var memory = GC.AllocateArray<byte>(probes.Length + rows.Length + 512, pinned: true);
        Array.Fill(memory, (byte)0x55);
        fixed (byte* start = memory)
        fixed (int* sums = new int[p + 1])
        fixed (int* dots = new int[(p * r) + 1])
        {
            var aligned = (byte*)(((nuint)start + 63) & ~(nuint)63);
            var probeStart = (sbyte*)(aligned + alignment);
            var rowStart = aligned + 64 + probes.Length + ((3 * alignment) % 64);
            probes.CopyTo(new Span<sbyte>(probeStart, probes.Length));
            rows.CopyTo(new Span<byte>(rowStart, rows.Length));
            for (var i = 0; i < p; i++)
                sums[i] = DotKernel.Sum(new ReadOnlySpan<sbyte>(probeStart + (i * dimension), dimension));
            dots[p * r] = int.MinValue;
            kernel.Dots(probeStart, sums, p, rowStart, r, dimension, dots);
            Assert.Equal(int.MinValue, dots[p * r]);
            for (var i = 0; i < p * r; i++)
                Assert.Equal(dots[i], kernel.Dot(probeStart + (i / r * dimension), sums[i / r], rowStart + (i % r * dimension), dimension));
            return new ReadOnlySpan<int>(dots, p * r).ToArray();
        }
    }
}
