namespace MatchEngine.Vectors.Kernels;

/// <summary>
/// The innermost loops of a vectorised kernel. Static and implemented by structs, so that <see cref="BlockedKernel{TDots}"/> is compiled
/// once per instruction set with everything inlined.
/// </summary>
internal unsafe interface IBlockDots
{
    static abstract string Name { get; }

    static abstract bool IsSupported { get; }

    /// <summary>The number of elements taken at once.</summary>
    static abstract int Step { get; }

    /// <summary>128 when the loops multiply the rows as they are stored, in excess 128; 0 when they restore the sign first.</summary>
    static abstract int RowExcess { get; }

    /// <summary>
    /// Whether products with coarse copies of the probes (<see cref="CoarseDots"/>)
    /// are so much faster that batches are sieved by them first.
    /// </summary>
    static virtual bool SievesByCoarse => false;

    /// <summary>One row with one probe over <paramref name="length"/> elements, a multiple of <see cref="Step"/>.</summary>
    static abstract int OneByOne(byte* row, sbyte* probe, nint length);

    /// <summary>Four rows, <paramref name="stride"/> bytes apart, with one probe.</summary>
    static abstract void FourByOne(byte* rows, nint stride, sbyte* probe, nint length, int* dots);

    /// <summary>Four rows with two probes: each row and each probe loaded once for eight products.</summary>
    static abstract void FourByTwo(byte* rows, nint stride, sbyte* probe0, sbyte* probe1, nint length, int* dots0, int* dots1);

    /// <summary>Four rows with three probes, for instruction sets with a long latency and registers enough for twelve sums.</summary>
    static virtual bool HasFourByThree => false;

    /// <summary>The same with three probes. Called only where <see cref="HasFourByThree"/> says so.</summary>
    static virtual void FourByThree(byte* rows, nint stride, sbyte* probe0, nint length, int* dots0, nint dotStride) =>
        throw new NotSupportedException();
}
