using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Scores;

namespace MatchEngine.Evaluation.Verification;

/// <summary>A threshold with the errors it causes.</summary>
/// <param name="Threshold">T; a comparison is accepted at score ≥ T.</param>
/// <param name="FalseMatches">Impostor comparisons that are accepted.</param>
/// <param name="FalseNonMatches">Mated comparisons that are rejected.</param>
/// <param name="Fmr">False match rate, 0 … 1.</param>
/// <param name="Fnmr">False non-match rate, 0 … 1.</param>
public readonly record struct DetPoint(double Threshold, long FalseMatches, long FalseNonMatches, double Fmr, double Fnmr);

/// <summary>
/// The trade-off of the two errors of 1:1 comparison: FMR(T) and FNMR(T) at every threshold that makes a difference (ISO/IEC 19795-1).
/// The thresholds are the distinct scores and one more above them all, so the curve runs from FMR 1 to FMR 0. The ROC is the same points
/// with 1 − FNMR; drawn on normal-deviate axes it is the DET plot (Martin et al., Eurospeech 1997).
/// </summary>
public sealed class DetCurve
{
    private readonly double[] _thresholds;
    private readonly long[] _falseMatches;
    private readonly long[] _falseNonMatches;

    /// <summary>Makes the curve of two distributions.</summary>
    /// <param name="mated">Scores of the mated comparisons, at least one.</param>
    /// <param name="impostor">Scores of the impostor comparisons, at least one.</param>
    /// <exception cref="EvaluationException">One of them is empty: without both kinds of comparison there is no trade-off.</exception>
    public DetCurve(ScoreDistribution mated, ScoreDistribution impostor)
    {
        ArgumentNullException.ThrowIfNull(mated);
        ArgumentNullException.ThrowIfNull(impostor);
        if (mated.Total == 0 || impostor.Total == 0)
            throw new EvaluationException(
                $"there are {mated.Total} mated and {impostor.Total} impostor comparisons; at least one of each is needed");
        (Mated, Impostor) = (mated, impostor);
        var thresholds = new List<double>(mated.Scores.Length + impostor.Scores.Length + 1);
        var (m, i) = (0, 0);
        while (m < mated.Scores.Length || i < impostor.Scores.Length)
        {
            var next = Math.Min(
                m < mated.Scores.Length ? mated.Scores[m] : double.PositiveInfinity,
                i < impostor.Scores.Length ? impostor.Scores[i] : double.PositiveInfinity);
            thresholds.Add(next);
            if (m < mated.Scores.Length && mated.Scores[m] == next)
                m++;
            if (i < impostor.Scores.Length && impostor.Scores[i] == next)
                i++;
        }
        var resolution = Math.Max(mated.Resolution, impostor.Resolution);
        thresholds.Add(resolution > 0 ? thresholds[^1] + resolution : Math.BitIncrement(thresholds[^1]));
        _thresholds = [.. thresholds];
        _falseMatches = Array.ConvertAll(_thresholds, impostor.CountAtOrAbove);
        _falseNonMatches = Array.ConvertAll(_thresholds, mated.CountBelow);
    }

    /// <summary>Scores of the mated comparisons.</summary>
    public ScoreDistribution Mated { get; }

    /// <summary>Scores of the impostor comparisons.</summary>
    public ScoreDistribution Impostor { get; }

    /// <summary>How many points the curve has.</summary>
    public int Count => _thresholds.Length;

    /// <summary>A point of the curve; thresholds rise with the index.</summary>
    public DetPoint this[int index] => new(
        _thresholds[index],
        _falseMatches[index],
        _falseNonMatches[index],
        (double)_falseMatches[index] / Impostor.Total,
        (double)_falseNonMatches[index] / Mated.Total);

    /// <summary>The errors at any threshold.</summary>
    public DetPoint At(double threshold)
    {
        var (fm, fnm) = (Impostor.CountAtOrAbove(threshold), Mated.CountBelow(threshold));
        return new DetPoint(threshold, fm, fnm, (double)fm / Impostor.Total, (double)fnm / Mated.Total);
    }

    /// <summary>
    /// The point with the lowest threshold at which FMR ≤ <paramref name="fmr"/>. This is what a threshold "at FMR f" means in this house.
    /// </summary>
    /// <param name="fmr">0 … 1.</param>
    public DetPoint AtMostFmr(double fmr)
    {
        // False match counts fall with the threshold, so the first index that satisfies the condition can be bisected.
        var (low, high) = (0, Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if ((double)_falseMatches[middle] / Impostor.Total <= fmr)
                high = middle;
            else
                low = middle + 1;
        }
        return this[low];
    }

    /// <summary>
    /// The point whose FMR is nearest to <paramref name="fmr"/>, the lower threshold where two are equally near: the definition of FMR100,
    /// FMR1000 and ZeroFMR in pyeer. It may lie above the wanted FMR; <see cref="AtMostFmr"/> never does.
    /// </summary>
    /// <param name="fmr">0 … 1.</param>
    public DetPoint NearestFmr(double fmr)
    {
        var best = 0;
        for (var i = 1; i < Count; i++)
        {
            if (Math.Abs((double)_falseMatches[i] / Impostor.Total - fmr) < Math.Abs((double)_falseMatches[best] / Impostor.Total - fmr))
                best = i;
        }
        return this[best];
    }

    /// <summary>The point with the highest threshold at which no mated comparison is rejected; its FMR is ZeroFNMR.</summary>
    public DetPoint ZeroFnmr
    {
        get
        {
            var last = 0;
            while (last + 1 < Count && _falseNonMatches[last + 1] == 0)
                last++;
            return this[last];
        }
    }

    /// <summary>
    /// The area under the ROC: the probability that a mated comparison scores above an impostor comparison, ties counting half
    /// (Hanley and McNeil 1982). Equals the trapezoidal area.
    /// </summary>
    public double AreaUnderRoc
    {
        get
        {
            // In whole numbers: a sum of a million rounded products can pass 1.
            var area = Int128.Zero;
            for (var i = 0; i + 1 < Count; i++)
                area += (Int128)(_falseMatches[i] - _falseMatches[i + 1]) * (2 * Mated.Total - _falseNonMatches[i] - _falseNonMatches[i
                    + 1]);
            return (double)area / ((double)Impostor.Total * (2 * Mated.Total));
        }
    }

    /// <summary>
    /// d′ = |μ(mated) − μ(impostor)| / √((σ²(mated) + σ²(impostor)) / 2): how far apart the two distributions lie (Daugman 2000).
    /// </summary>
    public double DPrime
    {
        get
        {
            var (m, i) = (Mated.StandardDeviation, Impostor.StandardDeviation);
            return Math.Abs(Mated.Mean - Impostor.Mean) / Math.Sqrt((m * m + i * i) / 2);
        }
    }

    /// <summary>
    /// At most <paramref name="points"/> points for a drawing, spread evenly over log FMR and over the rest of the thresholds;
    /// the ends are always among them.
    /// </summary>
    public IReadOnlyList<DetPoint> Thinned(int points)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 2);
        if (Count <= points)
            return [.. Enumerable.Range(0, Count).Select(i => this[i])];
        var chosen = new SortedSet<int> { 0, Count - 1 };
        var half = points / 2;
        var lowest = Math.Log10(1.0 / Impostor.Total);
        for (var p = 0; p <= half; p++)
        {
            var target = Math.Pow(10, lowest * p / half);
            var (low, high) = (0, Count - 1);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if ((double)_falseMatches[middle] / Impostor.Total <= target)
                    high = middle;
                else
                    low = middle + 1;
            }
            chosen.Add(low);
        }
        for (var p = 1; p < points - half - 1; p++)
            chosen.Add((int)((long)(Count - 1) * p / (points - half - 1)));
        return [.. chosen.Select(i => this[i])];
    }
}
