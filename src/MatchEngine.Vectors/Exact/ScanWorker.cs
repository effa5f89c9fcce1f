using MatchEngine.Vectors.Kernels;

namespace MatchEngine.Vectors.Exact;

/// <summary>
/// What one thread of a scan has for itself: the lists it makes, the rows that wait for their next stage, and what a tile gives.
/// </summary>
internal sealed class ScanWorker
{
    /// <summary>The most rows between two looks at the results.</summary>
    public const int MaxTileRows = 256;

    /// <summary>The most rows of a probe that wait after their sketches, and after their bodies.</summary>
    public const int MaxSurvivors = 2048, MaxNear = 512;

    /// <summary>The products of one tile: 256 rows with one probe, or 32 rows with each of 64.</summary>
    public int[] Dots { get; private set; } = new int[MaxTileRows];

    /// <summary>The pairs of one tile that reached their limits.</summary>
    public Reached[] Reached { get; private set; } = new Reached[MaxTileRows];

    /// <summary>What rows must reach.</summary>
    public ProbeLimits Limits { get; } = new(ScanProbes.Most);

    /// <summary>For each probe, the smallest sum with which a sketch survives.</summary>
    public int[] LeastSums { get; } = new int[ScanProbes.Most];

    /// <summary>For each probe, the sum with which a row is compared at once.</summary>
    public int[] PromisingSums { get; } = new int[ScanProbes.Most];

    /// <summary>For each probe, the number of rows compared in full after their sketches.</summary>
    public long[] Rescored { get; } = new long[ScanProbes.Most];

    /// <summary>For each probe, the rows that wait for a comparison in full.</summary>
    public Survivors?[] Survivors { get; } = new Survivors?[ScanProbes.Most];

    /// <summary>For each probe, the rows that wait for a comparison by their copies.</summary>
    public Survivors?[] Near { get; } = new Survivors?[ScanProbes.Most];

    /// <summary>The lists by final scores.</summary>
    public BestPerSubject[] Lists { get; private set; } = [];

    /// <summary>The lists by scores from bodies, of scans in full whose rows have copies.</summary>
    public BestPerSubject[] ByBodies { get; private set; } = [];

    /// <summary>For each probe, the least final score that the last row of its list can have, by the list from bodies.</summary>
    public float[] Bounds { get; } = new float[ScanProbes.Most];

    /// <summary>For each probe, the rows at the upper end of all scores.</summary>
    public TallyRows[] Tallies { get; private set; } = [];

    /// <summary>For each probe, the smallest sum of a sketch that is tallied.</summary>
    public int[] TallySums { get; } = new int[ScanProbes.Most];

    /// <summary>Makes room and begins the lists of a pass.</summary>
    public void Begin(int probes, int listLength, float floor, bool sketches)
    {
        Array.Clear(Rescored);
        for (var p = 0; sketches && p < probes; p++)
            Survivors[p] ??= new Survivors(MaxSurvivors);
        if (probes > 1 && Dots.Length < MaxTileRows / 8 * ScanProbes.Most)
        {
            Dots = new int[MaxTileRows / 8 * ScanProbes.Most];
            Reached = new Reached[MaxTileRows / 8 * ScanProbes.Most];
        }
        if (Lists.Length < probes)
        {
            Lists = [.. Lists, .. Enumerable.Range(0, probes - Lists.Length).Select(_ => new BestPerSubject())];
            ByBodies = [.. ByBodies, .. Enumerable.Range(0, probes - ByBodies.Length).Select(_ => new BestPerSubject())];
            Tallies = [.. Tallies, .. Enumerable.Range(0, probes - Tallies.Length).Select(_ => new TallyRows())];
        }
        for (var i = 0; i < probes; i++)
        {
            Lists[i].Begin(listLength, floor);
            ByBodies[i].Begin(listLength, floor);
            Bounds[i] = float.NegativeInfinity;
        }
    }

    /// <summary>Overwrites what came from the probes and the gallery.</summary>
    public void Clear()
    {
        Array.Clear(Dots);
        Array.Clear(Reached);
        Limits.Clear();
        foreach (var near in Near)
            near?.Clear();
        foreach (var list in Lists)
            list.Clear();
        foreach (var list in ByBodies)
            list.Clear();
        foreach (var survivors in Survivors)
            survivors?.Clear();
        foreach (var rows in Tallies)
            rows.Clear();
    }
}
