using MatchEngine.Vectors.Kernels;

namespace MatchEngine.Vectors.Tests.Kernels;

public unsafe class DotKernelTests
{
    /// <summary>
    /// Names, because test cases must be serialisable; the scalar kernel is among them. The one of 128-bit vectors runs everywhere, in software where it
    /// must: with intrinsics off that is the code path of an Arm processor.
    /// </summary>
    public static TheoryData<string> Supported => [.. DotKernel.All.Where(kernel => kernel.IsSupported || kernel.Name == "vector128").Select(kernel => kernel.Name)];

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
        var expected = Environment.GetEnvironmentVariable("MATCHENGINE_EXPECTED_KERNEL") ?? DotKernel.All.First(kernel => kernel.IsSupported).Name;
        Assert.Equal(expected, DotKernel.Best.Name);
    }

    [Fact]
    public void Rows_are_written_in_excess_128()
    {
        var row = new byte[256];
        DotKernel.WriteRow([.. Enumerable.Range(-128, 256).Select(i => (sbyte)i)], row);
        Assert.Equal([.. Enumerable.Range(0, 256).Select(i => (byte)i)], row);
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

    private static int[] Dots(string name, sbyte[] probes, byte[] rows, int dimension, int alignment, int? probeCount = null, int? rowCount = null)
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
