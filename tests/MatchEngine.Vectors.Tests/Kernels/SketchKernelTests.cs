using MatchEngine.Vectors.Kernels;

namespace MatchEngine.Vectors.Tests.Kernels;

public unsafe class SketchKernelTests
{
    public static TheoryData<string> Supported => [.. SketchKernel.All.Where(kernel => kernel.IsSupported).Select(kernel => kernel.Name)];

    [Theory]
    [MemberData(nameof(Supported))]
    public void Every_number_of_groups_equals_the_sum_of_products(string name)
    {
        for (var groups = 1; groups <= 40; groups++)
            Check(name, groups, blocks: 1 + (groups % 7), probes: 1 + (groups % 6), alignment: groups % 32, extreme: false);
        Check(name, 512, blocks: 5, probes: 5, alignment: 0, extreme: false);
    }

    [Theory]
    [MemberData(nameof(Supported))]
    public void Every_block_shape_equals_the_sum_of_products(string name)
    {
        for (var blocks = 0; blocks <= 19; blocks++)
        {
            for (var probes = 0; probes <= 9; probes++)
                Check(name, 15, blocks, probes, alignment: 1, extreme: false);
        }
    }

    [Theory]
    [MemberData(nameof(Supported))]
    public void The_largest_sums_do_not_overflow(string name) => Check(name, 512, blocks: 13, probes: 5, alignment: 0, extreme: true);

    [Fact]
    public void The_best_kernel_is_supported_and_one_runs_everywhere()
    {
        Assert.True(SketchKernel.Best.IsSupported);
        Assert.True(SketchKernel.All[^1].IsSupported);
    }

    private static void Check(string name, int groups, int blocks, int probes, int alignment, bool extreme)
    {
        var kernel = SketchKernel.All.Single(k => k.Name == name);
        var random = new Random(groups + (1000 * blocks) + probes);
        int elements = groups * 8, rows = blocks * 8;
        var codes = new byte[rows, elements];
        var memory = GC.AllocateArray<byte>((rows * elements / 2) + 64, pinned: true);
        for (var r = 0; r < rows; r++)
        {
            for (var e = 0; e < elements; e++)
            {
                codes[r, e] = extreme ? (byte)15 : (byte)random.Next(16);
                // The layout as documented: group, row, four bytes; first four elements low, next four high.
                var at = alignment + (r / 8 * groups * 32) + (e / 8 * 32) + (r % 8 * 4) + (e % 4);
                memory[at] |= (byte)(codes[r, e] << (e % 8 < 4 ? 0 : 4));
            }
        }
        var probe = new sbyte[(probes * elements) + 1];
        for (var i = 0; i < probe.Length; i++)
            probe[i] = extreme ? (sbyte)-127 : (sbyte)random.Next(-127, 128);
        var sums = new int[(probes * rows) + 1];
        sums[^1] = int.MinValue;
        fixed (byte* start = memory)
        fixed (sbyte* p = probe)
        fixed (int* s = sums)
            kernel.Sums(start + alignment, blocks, groups, p, probes, s);
        Assert.Equal(int.MinValue, sums[^1]);
        for (var i = 0; i < probes; i++)
        {
            for (var r = 0; r < rows; r++)
            {
                var expected = 0;
                for (var e = 0; e < elements; e++)
                    expected += codes[r, e] * probe[(i * elements) + e];
                Assert.Equal(expected, sums[(i * rows) + r]);
            }
        }
    }
}
