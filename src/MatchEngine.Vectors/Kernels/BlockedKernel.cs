using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MatchEngine.Vectors.Kernels;

/// <summary>Walks the blocks of a vectorised kernel and adds what does not fill a vector.</summary>
/// <typeparam name="TDots">The innermost loops.</typeparam>
internal sealed unsafe class BlockedKernel<TDots> : DotKernel where TDots : struct, IBlockDots
{
    /// <summary>Up to so many probes a row is compared faster than memory brings the next one.</summary>
    private const int FewProbes = 8;

    public override string Name => TDots.Name;

    public override bool IsSupported => TDots.IsSupported;

    public override void Dots(sbyte* probes, int* probeSums, int probeCount, byte* rows, int rowCount, int dimension, int* dots)
    {
        nint stride = dimension;
        nint length = dimension - (dimension % TDots.Step);
        var r = 0;
        for (; r + 4 <= rowCount; r += 4)
        {
            // The four rows stay in the first-level cache while all probes pass by.
            var block = rows + (r * stride);
            var p = 0;
            for (; TDots.HasFourByThree && p + 3 <= probeCount; p += 3)
                TDots.FourByThree(block, stride, probes + (p * stride), length, dots + ((nint)p * rowCount) + r, rowCount);
            for (; p + 2 <= probeCount; p += 2)
            {
                var probe = probes + (p * stride);
                var target = dots + ((nint)p * rowCount) + r;
                TDots.FourByTwo(block, stride, probe, probe + stride, length, target, target + rowCount);
            }
            if (p < probeCount)
                TDots.FourByOne(block, stride, probes + (p * stride), length, dots + ((nint)p * rowCount) + r);
        }
        for (; r < rowCount; r++)
        {
            for (var p = 0; p < probeCount; p++)
                dots[((nint)p * rowCount) + r] = TDots.OneByOne(rows + (r * stride), probes + (p * stride), length);
        }

        if (length < stride)
            AddTails(probes, probeCount, rows, rowCount, stride, length, dots);
        if (TDots.RowExcess != 0)
        {
            for (var p = 0; p < probeCount; p++)
            {
                var excess = TDots.RowExcess * probeSums[p];
                foreach (ref var dot in new Span<int>(dots + ((nint)p * rowCount), rowCount))
                    dot -= excess;
            }
        }
    }

    public override int Reaching(ProbeBlock probes, ProbeLimits limits, byte* rows, float* scales, int rowCount, Reached* reached)
    {
        nint stride = probes.Dimension;
        nint length = stride - (stride % TDots.Step);
        var count = probes.Count;
        var sieved = TDots.SievesByCoarse && probes.HasCoarse ? count & ~1 : 0;
        var pairs = stackalloc int[Math.Max(1, sieved / 2)];
        var dots = stackalloc int[12];
        var found = 0;
        var r = 0;
        fixed (float* exactLimits = limits.Exact, coarseLimits = limits.Coarse)
        {
            // What does not fill a vector would have to be added to the sums first: such templates,
            // which no model makes, are compared one by one.
            for (; length == stride && r + 4 <= rowCount; r += 4)
            {
                // The four rows stay in the first-level cache while all probes pass by.
                var block = rows + (r * stride);
                var scale = Vector128.Load(scales + r);
                if (count <= FewProbes)
                    Prefetch.Lines(block + Prefetch.Distance, 4 * stride);
                var noted = sieved == 0 ? 0 : CoarseDots.Reaching(probes, coarseLimits, block, scales + r, pairs);
                for (var i = 0; i < noted; i++)
                {
                    for (var bits = pairs[i] & 0xFF; bits != 0; bits &= bits - 1)
                    {
                        var bit = BitOperations.TrailingZeroCount(bits);
                        found = One(probes, exactLimits, (pairs[i] >> 8) + (bit >> 2), rows, scales, r + (bit & 3), reached, found);
                    }
                }
                var p = sieved;
                for (; TDots.HasFourByThree && p + 3 <= count; p += 3)
                {
                    TDots.FourByThree(block, stride, probes.Bodies + (p * stride), length, dots, 4);
                    found = Keep(probes, exactLimits, p, scale, Vector128.Load(dots), r, reached, found);
                    found = Keep(probes, exactLimits, p + 1, scale, Vector128.Load(dots + 4), r, reached, found);
                    found = Keep(probes, exactLimits, p + 2, scale, Vector128.Load(dots + 8), r, reached, found);
                }
                for (; p + 2 <= count; p += 2)
                {
                    var probe = probes.Bodies + (p * stride);
                    TDots.FourByTwo(block, stride, probe, probe + stride, length, dots, dots + 4);
                    found = Keep(probes, exactLimits, p, scale, Vector128.Load(dots), r, reached, found);
                    found = Keep(probes, exactLimits, p + 1, scale, Vector128.Load(dots + 4), r, reached, found);
                }
                if (p < count)
                {
                    TDots.FourByOne(block, stride, probes.Bodies + (p * stride), length, dots);
                    found = Keep(probes, exactLimits, p, scale, Vector128.Load(dots), r, reached, found);
                }
            }
            for (; r < rowCount; r++)
            {
                for (var p = 0; p < count; p++)
                    found = One(probes, exactLimits, p, rows, scales, r, reached, found);
            }
        }
        return found;
    }

    public override int Dot(sbyte* probe, int probeSum, byte* row, int dimension)
    {
        nint length = dimension - (dimension % TDots.Step);
        var sum = TDots.OneByOne(row, probe, length) - (TDots.RowExcess * probeSum);
        var shift = 128 - TDots.RowExcess;
        for (var i = length; i < dimension; i++)
            sum += (row[i] - shift) * probe[i];
        return sum;
    }

    /// <summary>Notes those of four rows that reach a probe's limit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Keep(
        ProbeBlock probes, float* limits, int p, Vector128<float> scales, Vector128<int> dots, int firstRow, Reached* reached, int found)
    {
        dots -= Vector128.Create(TDots.RowExcess * probes.Sums[p]);
        var bits = Vector128.GreaterThanOrEqual(Vector128.ConvertToSingle(dots) * scales, Vector128.Load(limits + (p * ProbeLimits.Lanes)))
            .ExtractMostSignificantBits();
        return bits == 0 ? found : Note(p, dots, bits, firstRow, reached, found);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Note(int p, Vector128<int> dots, uint bits, int firstRow, Reached* reached, int found)
    {
        for (; bits != 0; bits &= bits - 1)
        {
            var i = BitOperations.TrailingZeroCount(bits);
            reached[found++] = new Reached(p, firstRow + i, dots.GetElement(i));
        }
        return found;
    }

    private int One(ProbeBlock probes, float* limits, int p, byte* rows, float* scales, int row, Reached* reached, int found)
    {
        nint stride = probes.Dimension;
        var dot = Dot(probes.Bodies + (p * stride), probes.Sums[p], rows + (row * stride), probes.Dimension);
        if (dot * scales[row] >= limits[p * ProbeLimits.Lanes])
            reached[found++] = new Reached(p, row, dot);
        return found;
    }

    private static void AddTails(sbyte* probes, int probeCount, byte* rows, int rowCount, nint stride, nint length, int* dots)
    {
        // As the loops do: with the excess where they leave it in, without where they take it out.
        var shift = 128 - TDots.RowExcess;
        for (var p = 0; p < probeCount; p++)
        {
            for (var r = 0; r < rowCount; r++)
            {
                var sum = 0;
                for (var i = length; i < stride; i++)
                    sum += (rows[(r * stride) + i] - shift) * probes[(p * stride) + i];
                dots[((nint)p * rowCount) + r] += sum;
            }
        }
    }
}
