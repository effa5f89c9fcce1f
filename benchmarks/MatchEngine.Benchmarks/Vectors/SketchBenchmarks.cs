using BenchmarkDotNet.Attributes;
using MatchEngine.Vectors.Kernels;

namespace MatchEngine.Benchmarks.Vectors;

/// <summary>The kernels of sketches: blocks of eight rows in order, with one probe and with 64, and cells that lie apart.</summary>
public unsafe class SketchBenchmarks
{
    private const int Rows = 1 << 16;
    private const int Groups = 15;
    private const int Probes = 64;

    private byte[] _memory = [];
    private sbyte[] _probes = [];
    private int[] _sums = [];

    [ParamsSource(nameof(Kernels))]
    public string Kernel { get; set; } = "";

    public static IEnumerable<string> Kernels => SketchKernel.All.Where(kernel => kernel.IsSupported).Select(kernel => kernel.Name);

    [GlobalSetup]
    public void Setup()
    {
        _memory = GC.AllocateArray<byte>(Rows * 64, pinned: true);
        new Random(1).NextBytes(_memory);
        _probes = GC.AllocateArray<sbyte>(Probes * 128, pinned: true);
        new Random(2).NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(_probes.AsSpan()));
        _sums = GC.AllocateArray<int>(Rows, pinned: true);
    }

    [Benchmark(OperationsPerInvoke = Rows)]
    public void OneProbe()
    {
        fixed (byte* blocks = _memory)
        fixed (sbyte* probe = _probes)
        fixed (int* sums = _sums)
            SketchKernel.All.First(kernel => kernel.Name == Kernel).Sums(blocks, Rows / SketchKernel.BlockRows, Groups, probe, 1, sums);
    }

    [Benchmark(OperationsPerInvoke = 512 * Probes)]
    public void SixtyFourProbes()
    {
        fixed (byte* blocks = _memory)
        fixed (sbyte* probes = _probes)
        fixed (int* sums = _sums)
            SketchKernel.All.First(kernel => kernel.Name == Kernel).Sums(
                blocks, 512 / SketchKernel.BlockRows, Groups, probes, Probes, sums);
    }

    [Benchmark(OperationsPerInvoke = Rows)]
    public void CellsApart()
    {
        var kernel = CellKernel.All.First(kernel => kernel.Name == Kernel);
        var cells = stackalloc byte*[16];
        fixed (byte* memory = _memory)
        fixed (sbyte* probe = _probes)
        fixed (int* sums = _sums)
        {
            for (var i = 0; i < Rows; i += 16)
            {
                for (var j = 0; j < 16; j++)
                    cells[j] = memory + (((i + j) * 40_503L % Rows) * CellKernel.CellBytes);
                kernel.Sums(cells, 16, probe, sums);
            }
        }
    }
}
