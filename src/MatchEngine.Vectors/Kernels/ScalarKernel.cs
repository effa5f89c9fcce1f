namespace MatchEngine.Vectors.Kernels;

/// <summary>The kernel in plain arithmetic: what every other one must equal, and what runs where nothing else does.</summary>
internal sealed unsafe class ScalarKernel : DotKernel
{
    public override string Name => "scalar";

    public override bool IsSupported => true;

    public override int Dot(sbyte* probe, int probeSum, byte* row, int dimension)
    {
        var sum = 0;
        for (var i = 0; i < dimension; i++)
            sum += row[i] * probe[i];
        return sum - (128 * probeSum);
    }

    public override int Reaching(ProbeBlock probes, ProbeLimits limits, byte* rows, float* scales, int rowCount, Reached* reached)
    {
        var found = 0;
        for (var r = 0; r < rowCount; r++)
        {
            for (var p = 0; p < probes.Count; p++)
            {
                var dot = Dot(
                    probes.Bodies + ((nint)p * probes.Dimension), probes.Sums[p], rows + ((nint)r * probes.Dimension), probes.Dimension);
                if (dot * scales[r] >= limits.Exact[p * ProbeLimits.Lanes])
                    reached[found++] = new Reached(p, r, dot);
            }
        }
        return found;
    }

    public override void Dots(sbyte* probes, int* probeSums, int probeCount, byte* rows, int rowCount, int dimension, int* dots)
    {
        for (var p = 0; p < probeCount; p++)
        {
            var probe = probes + ((nint)p * dimension);
            for (var r = 0; r < rowCount; r++)
            {
                var row = rows + ((nint)r * dimension);
                var sum = 0;
                for (var i = 0; i < dimension; i++)
                    sum += row[i] * probe[i];
                dots[((nint)p * rowCount) + r] = sum - (128 * probeSums[p]);
            }
        }
    }
}
