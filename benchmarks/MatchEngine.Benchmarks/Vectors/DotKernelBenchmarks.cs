using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using MatchEngine.Vectors.Kernels;

namespace MatchEngine.Benchmarks.Vectors;

/// <summary>
/// Each kernel of this machine on 512-d templates in the second-level cache: one probe with 256 rows, 64 probes with 32 rows; all dots,
/// and the pairs that reach a limit.
/// </summary>
public unsafe class DotKernelBenchmarks
{
    private const int Dimension = 512;
    private const int ManyRows = 256;
    private const int ManyProbes = 64;
    private const int TileRows = 32;

    private readonly int[] _sums = GC.AllocateArray<int>(ManyProbes, pinned: true);
    private readonly int[] _dots = GC.AllocateArray<int>(ManyProbes * TileRows, pinned: true);
    private DotKernel _kernel = DotKernel.Best;
    private readonly ProbeBlock _block = new(ManyProbes, Dimension) { Count = ManyProbes };
    private readonly ProbeLimits _limits = new(ManyProbes);
    private readonly float[] _scales = GC.AllocateArray<float>(ManyRows, pinned: true);
    private readonly Reached[] _reached = GC.AllocateArray<Reached>(ManyProbes * TileRows, pinned: true);
    private sbyte* _probes;
    private byte* _rows;

    public static IEnumerable<string> Kernels => DotKernel.All.Where(kernel => kernel.IsSupported).Select(kernel => kernel.Name);

    [ParamsSource(nameof(Kernels))]
    public string Kernel { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _kernel = DotKernel.All.Single(kernel => kernel.Name == Kernel);
        _probes = (sbyte*)NativeMemory.AlignedAlloc(ManyProbes * Dimension, 64);
        _rows = (byte*)NativeMemory.AlignedAlloc(ManyRows * Dimension, 64);
        var random = new Random(1);
        random.NextBytes(new Span<byte>(_rows, ManyRows * Dimension));
        for (var i = 0; i < ManyProbes * Dimension; i++)
            _probes[i] = (sbyte)random.Next(-127, 128);
        for (var p = 0; p < ManyProbes; p++)
        {
            var body = new ReadOnlySpan<sbyte>(_probes + (p * Dimension), Dimension);
            _sums[p] = DotKernel.Sum(body);
            _block.Set(p, body);
            _limits.Set(_block, p, 1e8f); // Reached by none, as by nearly none in a search.
        }
        Array.Fill(_scales, 1f);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        NativeMemory.AlignedFree(_probes);
        NativeMemory.AlignedFree(_rows);
    }

    [Benchmark(OperationsPerInvoke = ManyRows)]
    public void OneProbe() => Run(1, ManyRows);

    [Benchmark(OperationsPerInvoke = ManyProbes * TileRows)]
    public void Probes64() => Run(ManyProbes, TileRows);

    [Benchmark(OperationsPerInvoke = ManyProbes * TileRows)]
    public int Probes64Reaching()
    {
        fixed (float* scales = _scales)
        fixed (Reached* reached = _reached)
            return _kernel.Reaching(_block, _limits, _rows, scales, TileRows, reached);
    }

    private void Run(int probes, int rows)
    {
        fixed (int* sums = _sums, dots = _dots)
            _kernel.Dots(_probes, sums, probes, _rows, rows, Dimension, dots);
    }
}
