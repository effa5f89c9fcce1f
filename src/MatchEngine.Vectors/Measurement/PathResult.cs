namespace MatchEngine.Vectors.Measurement;

/// <summary>One path of searching at one setting.</summary>
/// <param name="Engine">The engine and path.</param>
/// <param name="Setting">The width of the beam, or the size of batches.</param>
/// <param name="Recall">The share of the exhaustive lists' 20 subjects that was found.</param>
/// <param name="Mated">The searches whose mate the exhaustive search ranks first.</param>
/// <param name="MatesLost">Those of them in which this path does not.</param>
/// <param name="SearchesPerCpuSecond">Searches a second of processor time, of one thread; the median of the rounds.</param>
/// <param name="MedianMicroseconds">The median time of a search, by the clock.</param>
/// <param name="P99Microseconds">The 99th percentile.</param>
/// <param name="BuildPerCpuSecond">Templates added a second of processor time, training included.</param>
/// <param name="BytesPerTemplate">Memory, where the engine tells; float16 copies not counted.</param>
public sealed record PathResult(
    string Engine, int Setting, double Recall, int Mated, int MatesLost, double SearchesPerCpuSecond, double MedianMicroseconds,
    double P99Microseconds, double BuildPerCpuSecond, double BytesPerTemplate)
{
    /// <summary>The number of templates searched; 0 where the engine does not tell.</summary>
    public int Templates { get; init; }

    /// <summary>The kernel that made the comparisons of which there are most, by its instruction set; null where the engine does not tell.
    /// </summary>
    public string? Kernel { get; init; }

    /// <summary>Bytes that a pass reads of each template, in order; null where a search does not read all.</summary>
    public double? BytesScanned { get; init; }

    /// <summary>
    /// The bytes that searches read in order, a second of processor time: what one thread's bandwidth limits where probes come one by one.
    /// Null where a search does not read all, or where a batch shares what it reads.
    /// </summary>
    public double? ScannedPerCpuSecond => Setting == 1 ? SearchesPerCpuSecond * Templates * BytesScanned : null;

    /// <summary>The upper end of the 95 % interval of the share of mates lost.</summary>
    public double MatesLostAtMost => Bound(MatesLost, Mated);

    /// <summary>
    /// The share of the exhaustive lists' subjects at or above the score floor that was found; null where no list has any.
    /// </summary>
    public double? RecallAboveFloor { get; init; }

    /// <summary>Templates that were compared in full, on average.</summary>
    public double ComparedInFull { get; init; }

    /// <summary>
    /// Searches a second by the clock when as many threads as there are processors search at once; null where that was not measured.
    /// </summary>
    public double? AllThreadsPerSecond { get; init; }

    /// <summary>Bytes of managed memory that a search allocates beyond its answer; null where that was not measured.</summary>
    public double? AllocatedBytes { get; init; }

    /// <summary>The upper end of the 95 % interval of a share (Wilson); the rule of three when nothing was lost.</summary>
    public static double Bound(int lost, int of)
    {
        if (of == 0)
            return 1;
        if (lost == 0)
            return Math.Min(1, 3.0 / of);
        double p = lost / (double)of, z = 1.96, z2 = z * z;
        return (p + (z2 / (2 * of)) + (z * Math.Sqrt((p * (1 - p) / of) + (z2 / (4.0 * of * of))))) / (1 + (z2 / of));
    }
}
