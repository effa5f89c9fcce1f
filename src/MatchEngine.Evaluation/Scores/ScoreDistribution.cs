namespace MatchEngine.Evaluation.Scores;

/// <summary>
/// How often each score occurred: the distinct scores in ascending order with their counts. Counts are exact integers, so a billion scores
/// on a grid take no more memory than the grid. Convention of the whole house: a comparison is accepted at score ≥ T.
/// </summary>
public sealed class ScoreDistribution
{
    private readonly double[] _scores;
    private readonly long[] _counts;

    // _reached[i]: how many scores are at or above _scores[i]; one more entry than scores, the last is 0.
    private readonly long[] _reached;

    private ScoreDistribution(double[] scores, long[] counts, double resolution)
    {
        _scores = scores;
        _counts = counts;
        Resolution = resolution;
        _reached = new long[scores.Length + 1];
        for (var i = scores.Length - 1; i >= 0; i--)
            _reached[i] = checked(_reached[i + 1] + counts[i]);
    }

    /// <summary>The distinct scores, ascending.</summary>
    public ReadOnlySpan<double> Scores => _scores;

    /// <summary>How often each of <see cref="Scores"/> occurred.</summary>
    public ReadOnlySpan<long> Counts => _counts;

    /// <summary>How many scores there are.</summary>
    public long Total => _reached[0];

    /// <summary>Width of the grid that scores were rounded down to; 0 when they are as they came.</summary>
    public double Resolution { get; }

    /// <summary>The distribution of a list of scores, in any order.</summary>
    /// <exception cref="ArgumentException">A score is not a number.</exception>
    public static ScoreDistribution Of(ReadOnlySpan<double> scores)
    {
        var sorted = scores.ToArray();
        Array.Sort(sorted);
        // Array.Sort puts NaN first.
        if (sorted.Length > 0 && double.IsNaN(sorted[0]))
            throw new ArgumentException("a score is not a number", nameof(scores));
        List<double> distinct = [];
        List<long> counts = [];
        foreach (var score in sorted)
        {
            if (distinct.Count > 0 && distinct[^1] == score)
                counts[^1]++;
            else
            {
                distinct.Add(score);
                counts.Add(1);
            }
        }
        return new ScoreDistribution([.. distinct], [.. counts], 0);
    }

    /// <summary>
    /// The distribution behind a histogram: bin b holds the scores in [<paramref name="first"/> + b·width, first + (b+1)·width), and each
    /// is taken as the bin's lower edge.
    /// </summary>
    /// <param name="bins">Counts; none below 0.</param>
    /// <param name="first">Lower edge of bin 0.</param>
    /// <param name="width">Width of a bin, above 0.</param>
    /// <exception cref="ArgumentException">A count is below 0.</exception>
    public static ScoreDistribution OfHistogram(ReadOnlySpan<long> bins, double first, double width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        List<double> distinct = [];
        List<long> counts = [];
        for (var b = 0; b < bins.Length; b++)
        {
            if (bins[b] < 0)
                throw new ArgumentException($"bin {b} has a count below 0", nameof(bins));
            if (bins[b] > 0)
            {
                distinct.Add(first + b * width);
                counts.Add(bins[b]);
            }
        }
        return new ScoreDistribution([.. distinct], [.. counts], width);
    }

    /// <summary>How many scores are ≥ <paramref name="threshold"/>.</summary>
    public long CountAtOrAbove(double threshold)
    {
        var found = Array.BinarySearch(_scores, threshold);
        return _reached[found >= 0 ? found : ~found];
    }

    /// <summary>How many scores are &lt; <paramref name="threshold"/>.</summary>
    public long CountBelow(double threshold) => Total - CountAtOrAbove(threshold);

    /// <summary>Mean of the scores; NaN when there is none. Scores on a grid count as the middle of their cell.</summary>
    public double Mean
    {
        get
        {
            var sum = 0.0;
            for (var i = 0; i < _scores.Length; i++)
                sum += _scores[i] * _counts[i];
            return sum / Total + Resolution / 2;
        }
    }

    /// <summary>Standard deviation of the scores, with n in the denominator; NaN when there is none.</summary>
    public double StandardDeviation
    {
        get
        {
            var (mean, sum) = (Mean - Resolution / 2, 0.0);
            for (var i = 0; i < _scores.Length; i++)
                sum += (_scores[i] - mean) * (_scores[i] - mean) * _counts[i];
            return Math.Sqrt(sum / Total);
        }
    }

    /// <summary>
    /// The smallest score s for which at least the share <paramref name="probability"/> of the scores is ≤ s (inverse of the empirical
    /// distribution function, definition 1 of Hyndman and Fan 1996).
    /// </summary>
    /// <param name="probability">0 … 1.</param>
    /// <exception cref="InvalidOperationException">There is no score.</exception>
    public double Quantile(double probability)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(probability);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(probability, 1);
        if (Total == 0)
            throw new InvalidOperationException("there is no score to take a quantile of");
        var wanted = Math.Max(1, (long)Math.Ceiling(probability * Total - 1e-9));
        for (var i = 0; i < _scores.Length; i++)
        {
            if (Total - _reached[i + 1] >= wanted)
                return _scores[i];
        }
        return _scores[^1];
    }

    /// <summary>
    /// Kolmogorov–Smirnov distance: the largest difference between the two empirical distribution functions, 0 … 1; NaN when one is empty.
    /// </summary>
    public static double KolmogorovSmirnov(ScoreDistribution first, ScoreDistribution second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Total == 0 || second.Total == 0)
            return double.NaN;
        var largest = 0.0;
        int i = 0, j = 0;
        while (i < first._scores.Length || j < second._scores.Length)
        {
            var score = Math.Min(
                i < first._scores.Length
                    ? first._scores[i]
                    : double.PositiveInfinity, j < second._scores.Length ? second._scores[j] : double.PositiveInfinity);
            if (i < first._scores.Length && first._scores[i] == score)
                i++;
            if (j < second._scores.Length && second._scores[j] == score)
                j++;
            var difference = (double)first._reached[i] / first.Total - (double)second._reached[j] / second.Total;
            largest = Math.Max(largest, Math.Abs(difference));
        }
        return largest;
    }
}
