using System.Diagnostics;
using System.Runtime.Intrinsics.X86;
using MatchEngine.Vectors.Kernels;

namespace MatchEngine.Vectors.Auto;

/// <summary>
/// What the two ways of searching cost on this machine, measured once for the process, and what they will cost at a given size.
/// </summary>
/// <param name="ScanNanoseconds">One template's sketch (or body, where there are no sketches) in a scan by one thread.</param>
/// <param name="StepNanoseconds">One comparison with a sketch somewhere in memory, as a walk through a graph makes them,
/// sixteen at a time.</param>
internal sealed record SearchCosts(double ScanNanoseconds, double StepNanoseconds)
{
    /// <summary>
    /// What a unit of the beam's width costs, in comparisons of <see cref="StepNanoseconds"/>: a part that every step has (keeping the beam
    /// in order, asking for a list) and one for each of the M links a new node makes. As measured at 100,000 templates with M from 16 to
    /// 64; and relative to what a scan costs beside its arithmetic,
    /// so that the two times compare as they do at 100,000 to a million templates.
    /// </summary>
    private const double PerStep = 16, PerLink = 1.2;

    /// <summary>How many times as many searches a batch makes as single ones do, as measured at a million templates.</summary>
    public const double BatchGain = 3;

    /// <summary>Measures, in half a second, on more memory than second-level caches hold.</summary>
    public static unsafe SearchCosts Measure(int dimension)
    {
        const int Bytes = 48 << 20;
        var memory = GC.AllocateArray<byte>(Bytes, pinned: true);
        var probe = stackalloc sbyte[dimension];
        new Span<sbyte>(probe, dimension).Fill(1);
        int groups = Math.Max(1, dimension / 32), blockBytes = groups * SketchKernel.GroupBytes;
        var sums = stackalloc int[32 * SketchKernel.BlockRows];
        var start = (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref memory[0]);
        var blocks = Bytes / blockBytes / 32 * 32;
        double Scan()
        {
            var watch = Stopwatch.StartNew();
            for (var b = 0; b < blocks; b += 32)
                SketchKernel.Best.Sums(start + ((nint)b * blockBytes), 32, groups, probe, 1, sums);
            return watch.Elapsed.TotalNanoseconds / ((double)blocks * SketchKernel.BlockRows);
        }
        const int Cells = Bytes / CellKernel.CellBytes, AtOnce = 16;
        var elements = stackalloc sbyte[CellKernel.ProbeBytes];
        var cells = stackalloc byte*[AtOnce];
        double Steps()
        {
            const int Count = 50_000;
            var random = 1u;
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < Count; i += AtOnce)
            {
                for (var j = 0; j < AtOnce; j++)
                {
                    random = (random * 1664525) + 1013904223;
                    cells[j] = start + ((nint)(random >> 8) % (Cells - 1) * CellKernel.CellBytes);
                    if (Sse.IsSupported)
                        Sse.Prefetch0(cells[j]);
                }
                CellKernel.Best.Sums(cells, AtOnce, elements, sums);
            }
            return watch.Elapsed.TotalNanoseconds / Count;
        }
        // The best of many: a neighbour on the machine, and code that is not optimised yet, can only make it look slower.
        var costs = new SearchCosts(double.MaxValue, double.MaxValue);
        for (var watch = Stopwatch.StartNew(); watch.ElapsedMilliseconds < 500;)
            costs = new SearchCosts(Math.Min(costs.ScanNanoseconds, Scan()), Math.Min(costs.StepNanoseconds, Steps()));
        GC.KeepAlive(memory);
        return costs;
    }

    /// <summary>The time of an exhaustive search, in nanoseconds of one thread.</summary>
    public double Exhaustive(int templates) => templates * ScanNanoseconds;

    /// <summary>The time of a walk, in nanoseconds.</summary>
    /// <param name="ef">The width of the beam.</param>
    /// <param name="m">The links that a new node makes.</param>
    public double Walk(double ef, int m) => ef * (PerStep + (PerLink * m)) * StepNanoseconds;
}
