namespace MatchEngine.Benchmarks.Index;

/// <summary>Scores, −1 … 1: their moments, and how many fall in each of fine steps.</summary>
internal sealed class ScoreHistogram
{
    /// <summary>The number of bins that are printed.</summary>
    public const int Bins = 40;

    private const int Steps = 100 * Bins;

    private readonly long[] _counts = new long[Steps];
    private double _sum;
    private double _squares;

    /// <summary>How many scores there are.</summary>
    public long Count { get; private set; }

    /// <summary>Their mean.</summary>
    public double Mean => _sum / Count;

    /// <summary>Their standard deviation.</summary>
    public double Deviation => Math.Sqrt((_squares / Count) - (Mean * Mean));

    /// <summary>Where a bin begins.</summary>
    public static double From(int bin) => -1 + (2.0 * bin / Bins);

    /// <summary>Takes a score in.</summary>
    public void Add(double score)
    {
        _counts[Math.Clamp((int)((score + 1) / 2 * Steps), 0, Steps - 1)]++;
        _sum += score;
        _squares += score * score;
        Count++;
    }

    /// <summary>Takes the scores of another one in.</summary>
    public void Add(ScoreHistogram other)
    {
        for (var i = 0; i < Steps; i++)
            _counts[i] += other._counts[i];
        _sum += other._sum;
        _squares += other._squares;
        Count += other.Count;
    }

    /// <summary>The share of scores in a bin.</summary>
    public double Share(int bin) => _counts.AsSpan(bin * (Steps / Bins), Steps / Bins).ToArray().Sum() / (double)Count;

    /// <summary>The score that a share of all scores reaches, to half a thousandth.</summary>
    public double Above(double share)
    {
        var (wanted, sum, step) = (share * Count, 0L, Steps);
        while (step > 0 && sum + _counts[step - 1] <= wanted)
            sum += _counts[--step];
        return -1 + (2.0 * step / Steps);
    }
}
