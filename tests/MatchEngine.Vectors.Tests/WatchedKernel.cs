using MatchEngine.Vectors.Kernels;

namespace MatchEngine.Vectors.Tests;

/// <summary>The best kernel, with something that happens before each tile of rows it compares: what a search meets in its midst.</summary>
/// <param name="beforeTile">Told the number of the tile's rows.</param>
internal sealed unsafe class WatchedKernel(Action<int> beforeTile) : DotKernel
{
    public override string Name => Best.Name;

    public override bool IsSupported => true;

    public override void Dots(sbyte* probes, int* probeSums, int probeCount, byte* rows, int rowCount, int dimension, int* dots) =>
        Best.Dots(probes, probeSums, probeCount, rows, rowCount, dimension, dots);

    public override int Reaching(ProbeBlock probes, ProbeLimits limits, byte* rows, float* scales, int rowCount, Reached* reached)
    {
        beforeTile(rowCount);
        return Best.Reaching(probes, limits, rows, scales, rowCount, reached);
    }

    public override int Dot(sbyte* probe, int probeSum, byte* row, int dimension) => Best.Dot(probe, probeSum, row, dimension);
}
