using System.Runtime.CompilerServices;
using MatchEngine.Vectors.Exact;

namespace MatchEngine.Vectors.Kernels;

/// <summary>Probes side by side, made ready for <see cref="DotKernel.Reaching"/>: bodies, their sums and coarse copies.</summary>
/// <remarks>
/// Kept from one search to the next. Everything that came from a probe lies in <see cref="Memory"/>, which <see cref="Clear"/> overwrites.
/// </remarks>
internal sealed unsafe class ProbeBlock
{
    private readonly byte[] _memory;
    private readonly double* _factors;
    private readonly double* _residuals;

    /// <summary>Room for probes.</summary>
    /// <param name="capacity">The most probes.</param>
    /// <param name="dimension">Their number of elements.</param>
    public ProbeBlock(int capacity, int dimension)
    {
        Dimension = dimension;
        HasCoarse = CoarseDots.IsSupported && CoarseDots.Takes(dimension);
        StartBytes = HasCoarse ? CoarseDots.StartBytes(dimension) : 0;
        var coarseBytes = HasCoarse ? dimension : 0;
        var numbers = (2 * sizeof(double)) + sizeof(int);
        _memory = GC.AllocateArray<byte>(
            (capacity * (dimension + coarseBytes + StartBytes + numbers)) + (6 * Segment.CacheLine), pinned: true);
        var at = (byte*)Unsafe.AsPointer(ref _memory[0]);
        byte* Take(int bytes)
        {
            var start = (byte*)(((nuint)at + (Segment.CacheLine - 1)) & ~(nuint)(Segment.CacheLine - 1));
            at = start + ((nint)capacity * bytes);
            return start;
        }
        Bodies = (sbyte*)Take(dimension);
        Coarse = (sbyte*)Take(coarseBytes);
        Starts = (short*)Take(StartBytes);
        _factors = (double*)Take(sizeof(double));
        _residuals = (double*)Take(sizeof(double));
        Sums = (int*)Take(sizeof(int));
    }

    /// <summary>The number of elements of each probe.</summary>
    public int Dimension { get; }

    /// <summary>The number of probes in use.</summary>
    public int Count { get; set; }

    /// <summary>Whether the probes have coarse copies (<see cref="CoarseDots"/>).</summary>
    public bool HasCoarse { get; }

    /// <summary>The bytes of a probe's starts.</summary>
    public int StartBytes { get; }

    /// <summary>The bodies, one after the other.</summary>
    public sbyte* Bodies { get; }

    /// <summary>The coarse copies, one after the other.</summary>
    public sbyte* Coarse { get; }

    /// <summary>What the sums of each coarse copy begin with.</summary>
    public short* Starts { get; }

    /// <summary>The sums of the bodies' elements.</summary>
    public int* Sums { get; }

    /// <summary>All that came from probes.</summary>
    public ReadOnlySpan<byte> Memory => _memory;

    /// <summary>Takes a probe in.</summary>
    /// <param name="p">Its number.</param>
    /// <param name="body">Its body, elements in −127 … 127.</param>
    public void Set(int p, ReadOnlySpan<sbyte> body)
    {
        body.CopyTo(new Span<sbyte>(Bodies + ((nint)p * Dimension), Dimension));
        Sums[p] = DotKernel.Sum(body);
        if (HasCoarse)
        {
            (_factors[p], _residuals[p]) = CoarseDots.Prepare(body, new Span<sbyte>(Coarse + ((nint)p * Dimension), Dimension),
                new Span<short>(Starts + ((nint)p * (StartBytes / sizeof(short))), StartBytes / sizeof(short)));
        }
    }

    /// <summary>What the products with a probe's coarse copy must reach lest a pair be missed that reaches a limit.</summary>
    public float CoarseLimit(int p, float limit) => HasCoarse ? CoarseDots.Limit(limit, _factors[p], _residuals[p]) : limit;

    /// <summary>Overwrites all that came from probes.</summary>
    public void Clear()
    {
        Array.Clear(_memory);
        Count = 0;
    }
}
