using MatchEngine.Vectors.Kernels;

namespace MatchEngine.Vectors.Tests.Kernels;

public unsafe class CellKernelTests
{
    public static TheoryData<string> Kernels => [.. CellKernel.All.Where(kernel => kernel.IsSupported).Select(kernel => kernel.Name)];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Sums_are_those_of_the_definition_for_every_length_and_number_of_cells(string name)
    {
        var kernel = CellKernel.All.Single(kernel => kernel.Name == name);
        var random = new Random(1);
        var cells = stackalloc byte[8 * CellKernel.CellBytes];
        var pointers = stackalloc byte*[8];
        var probe = stackalloc sbyte[CellKernel.ProbeBytes];
        var sums = stackalloc int[8];
        for (var elements = 8; elements <= CellKernel.MaxElements; elements += 8)
        {
            for (var count = 0; count <= 8; count++)
            {
                // Extremes too: all codes 15 with probe elements of one sign.
                var values = Enumerable.Range(0, elements).Select(_ => (sbyte)(count == 8 ? -127 : random.Next(-127, 128))).ToArray();
                var codes = Enumerable.Range(0, count)
                    .Select(_ => Enumerable.Range(0, elements).Select(_ => (byte)(count == 8 ? 15 : random.Next(16))).ToArray()).ToArray();
                CellKernel.WriteProbe(values, probe);
                for (var i = 0; i < count; i++)
                {
                    pointers[i] = cells + ((count - 1 - i) * CellKernel.CellBytes);
                    random.NextBytes(new Span<byte>(pointers[i], CellKernel.CellBytes)); // Scale and marks must not count.
                    CellKernel.WriteCodes(codes[i], pointers[i]);
                }
                kernel.Sums(pointers, count, probe, sums);
                for (var i = 0; i < count; i++)
                    Assert.Equal(codes[i].Zip(values, (c, v) => c * v).Sum(), sums[i]);
            }
        }
    }

    [Fact]
    public void Writing_codes_leaves_scale_and_marks_alone()
    {
        var cell = stackalloc byte[CellKernel.CellBytes];
        new Span<byte>(cell, CellKernel.CellBytes).Fill(0xAB);
        CellKernel.WriteCodes(new byte[CellKernel.MaxElements], cell);
        Assert.Equal(new byte[CellKernel.CodeBytes], new Span<byte>(cell, CellKernel.CodeBytes).ToArray());
        Assert.All(new Span<byte>(cell + CellKernel.CodeBytes, 8).ToArray(), b => Assert.Equal(0xAB, b));
    }
}
