namespace MatchEngine.Evaluation.Intervals;

/// <summary>
/// Intervals by drawing subjects. Comparisons that share a subject rise and fall together, so the subjects, not the comparisons, are what
/// is drawn with replacement; all comparisons of a drawn subject move with it (Bolle, Ratha and Pankanti, CVIU 93, 2004). A mated
/// comparison has one subject (one-way), an impostor comparison two (two-way: it counts w(a)·w(b)
/// times when its subjects were drawn w(a) and w(b) times).
/// </summary>
public sealed class SubjectBootstrap
{
    private readonly int _subjects;
    private readonly ulong _seed;

    /// <summary>Makes a bootstrap.</summary>
    /// <param name="subjects">How many subjects there are, above 0.</param>
    /// <param name="replicates">How often they are drawn; 2,000 is usual.</param>
    /// <param name="seed">The same seed gives the same draws on every machine, whatever the number of threads.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public SubjectBootstrap(int subjects, int replicates = 2000, ulong seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(subjects);
        ArgumentOutOfRangeException.ThrowIfLessThan(replicates, 2);
        (_subjects, Replicates, _seed) = (subjects, replicates, seed);
    }

    /// <summary>How often the subjects are drawn.</summary>
    public int Replicates { get; }

    /// <summary>How many subjects there are.</summary>
    internal int Subjects => _subjects;

    /// <summary>
    /// The rate of each statistic in every replicate. One draw of the subjects serves all statistics,
    /// so ratios of them can be formed replicate by replicate.
    /// </summary>
    /// <param name="statistics">What is to be estimated.</param>
    /// <param name="progress">Told the share of replicates that are done.</param>
    /// <param name="cancellationToken">Looked at in every replicate.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IReadOnlyList<BootstrapResult> Run(
        IReadOnlyList<SubjectRate> statistics, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        var values = new double[statistics.Count][];
        for (var s = 0; s < values.Length; s++)
            values[s] = new double[Replicates];
        var done = 0;
        Parallel.For(
            0,
            Replicates,
            new ParallelOptions { CancellationToken = cancellationToken },
            () => new int[_subjects],
            (replicate, _, weights) =>
            {
                Draw(replicate, weights);
                for (var s = 0; s < values.Length; s++)
                    values[s][replicate] = statistics[s].Replicate(weights);
                if (Interlocked.Increment(ref done) % 64 == 0)
                    progress?.Report((double)done / Replicates);
                return weights;
            },
            _ => { });
        progress?.Report(1);
        return [.. statistics.Select((statistic, s) => new BootstrapResult(statistic, values[s], _subjects))];
    }

    /// <summary>How often each subject was drawn in a replicate.</summary>
    internal void Draw(int replicate, int[] weights)
    {
        Array.Clear(weights);
        var random = new RandomStream(_seed, (ulong)replicate);
        for (var draw = 0; draw < weights.Length; draw++)
            weights[random.Next(weights.Length)]++;
    }
}
