namespace MatchEngine.Vectors.Kernels;

/// <summary>What rows must reach to count, for each probe of a <see cref="ProbeBlock"/>. Every thread that compares has its own.</summary>
/// <param name="capacity">The most probes.</param>
internal sealed class ProbeLimits(int capacity)
{
    /// <summary>How often each limit is written down: once for each row that is compared at once.</summary>
    public const int Lanes = 4;

    /// <summary>The limits, <see cref="Lanes"/> times each. Pinned.</summary>
    public float[] Exact { get; } = GC.AllocateArray<float>(capacity * Lanes, pinned: true);

    /// <summary>What products with coarse copies must reach lest a pair be missed, as many times. Pinned.</summary>
    public float[] Coarse { get; } = GC.AllocateArray<float>(capacity * Lanes, pinned: true);

    /// <summary>Sets the limit of a probe.</summary>
    /// <param name="probes">The probes.</param>
    /// <param name="p">The number of the probe.</param>
    /// <param name="limit">The least product of dot and row scale that counts.</param>
    public void Set(ProbeBlock probes, int p, float limit)
    {
        Exact.AsSpan(p * Lanes, Lanes).Fill(limit);
        Coarse.AsSpan(p * Lanes, Lanes).Fill(probes.CoarseLimit(p, limit));
    }

    /// <summary>Overwrites them.</summary>
    public void Clear()
    {
        Array.Clear(Exact);
        Array.Clear(Coarse);
    }
}
