namespace MatchEngine.Evaluation.CrossComparison;

/// <summary>
/// What is known after some blocks of rows: the histogram of all impostor comparisons and, block by block, the comparisons that are kept.
/// </summary>
internal sealed class AllPairsState(double floor)
{
    /// <summary>The score from which impostor comparisons are kept.</summary>
    public double Floor { get; } = floor;

    /// <summary>Impostor comparisons per bin of <see cref="ScoreGrid"/>.</summary>
    public long[] Histogram { get; init; } = new long[ScoreGrid.Bins];

    /// <summary>The blocks that are done, in order.</summary>
    public List<AllPairsBlock> Blocks { get; } = [];
}

/// <summary>The comparisons that one block of rows keeps; rows and columns are places in the roster.</summary>
internal sealed record AllPairsBlock(int[] First, int[] Second, float[] Scores, int[] MatedFirst, int[] MatedSecond, float[] MatedScores);
