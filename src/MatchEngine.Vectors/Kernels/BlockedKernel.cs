namespace MatchEngine.Vectors.Kernels;

/// <summary>Walks the blocks of a vectorised kernel and adds what does not fill a vector.</summary>
/// <typeparam name="TDots">The innermost loops.</typeparam>
internal sealed unsafe class BlockedKernel<TDots> : DotKernel where TDots : struct, IBlockDots
{
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

    public override int Dot(sbyte* probe, int probeSum, byte* row, int dimension)
    {
        nint length = dimension - (dimension % TDots.Step);
        var sum = TDots.OneByOne(row, probe, length) - (TDots.RowExcess * probeSum);
        var shift = 128 - TDots.RowExcess;
        for (var i = length; i < dimension; i++)
            sum += (row[i] - shift) * probe[i];
        return sum;
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
