using MatchEngine.Evaluation.Scores;
using MatchEngine.Evaluation.Verification;

namespace MatchEngine.Evaluation.Identification;

/// <summary>Rates of open-set identification as NIST's FRTE 1:N defines them, over one set of searches.</summary>
public sealed class OpenSet
{
    private readonly Search[] _mated;
    private readonly Search[] _nonMated;
    private readonly ScoreDistribution _highest;

    // Scores of the mates that are on their list at all.
    private readonly ScoreDistribution _mates;

    /// <summary>Sorts the searches.</summary>
    public OpenSet(SearchSet searches)
    {
        ArgumentNullException.ThrowIfNull(searches);
        Searches = searches;
        _mated = [.. searches.Mated];
        _nonMated = [.. searches.NonMated];
        // A search with an empty list, or without a template, has no false positive at any threshold.
        var scores = _nonMated.Where(s => !s.HasFailed && !double.IsNegativeInfinity(s.HighestNonMate))
            .Select(s => s.HighestNonMate).ToArray();
        _highest = ScoreDistribution.Of(scores);
        _mates = ScoreDistribution.Of(
            [.. _mated.Where(s => !s.IsMiss(int.MaxValue, double.NegativeInfinity)).Select(s => s.MateScore!.Value)]);
    }

    /// <summary>The searches.</summary>
    public SearchSet Searches { get; }

    /// <summary>Mated searches.</summary>
    public int Mated => _mated.Length;

    /// <summary>Non-mated searches.</summary>
    public int NonMated => _nonMated.Length;

    /// <summary>
    /// FNIR(N, R, T): share of mated searches whose mate is not among the first R candidates with a score ≥ T; NaN without mated searches.
    /// A probe without template is a miss.
    /// </summary>
    public double Fnir(int rank, double threshold) => (double)Misses(rank, threshold) / _mated.Length;

    /// <summary>FNIR at any rank of the list.</summary>
    internal double Fnir(double threshold) => (double)(_mated.Length - _mates.CountAtOrAbove(threshold)) / _mated.Length;

    /// <summary>How many mated searches miss.</summary>
    public long Misses(int rank, double threshold) => _mated.Count(s => s.IsMiss(rank, threshold));

    /// <summary>FPIR(N, T): share of non-mated searches with a candidate at score ≥ T; NaN without non-mated searches.</summary>
    public double Fpir(double threshold) => (double)FalsePositives(threshold) / _nonMated.Length;

    /// <summary>How many non-mated searches have a candidate at score ≥ T.</summary>
    public long FalsePositives(double threshold) => _highest.CountAtOrAbove(threshold);

    /// <summary>Share of mated searches whose mate has at most rank r, for r = 1 … <paramref name="ranks"/>.</summary>
    public IReadOnlyList<double> Cmc(int ranks)
    {
        var hits = new long[ranks + 1];
        foreach (var search in _mated)
        {
            if (!search.HasFailed && search.MateRank is { } rank && rank <= ranks)
                hits[rank]++;
        }
        var cumulative = new double[ranks];
        var sum = 0L;
        for (var r = 1; r <= ranks; r++)
        {
            sum += hits[r];
            cumulative[r - 1] = (double)sum / _mated.Length;
        }
        return cumulative;
    }

    /// <summary>
    /// The lowest threshold at which FPIR does not exceed <paramref name="fpir"/>;
    /// null where there are fewer than 10 / FPIR non-mated searches.
    /// </summary>
    public double? ThresholdAt(double fpir)
    {
        return OperatingPoint.IsSupported(fpir, _nonMated.Length) ? ThresholdWhere(fpir) : null;
    }

    /// <summary>The lowest threshold at which FPIR does not exceed <paramref name="fpir"/>, however few searches support it.</summary>
    internal double ThresholdWhere(double fpir)
    {
        var scores = _highest.Scores;
        // False positives fall with the threshold; candidates are the highest scores of the searches and just above them all.
        var (low, high) = (0, scores.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if ((double)_highest.CountAtOrAbove(scores[middle]) / _nonMated.Length <= fpir)
                high = middle;
            else
                low = middle + 1;
        }
        // Where every score keeps the FPIR, or there is none, any threshold does: the lowest that matters is that of the mates.
        if (low == 0)
            return scores.Length == 0 ? LowestMate() : Math.Min(scores[0], LowestMate());
        return low < scores.Length ? scores[low] : Math.BitIncrement(scores[^1]);
    }

    /// <summary>
    /// Mean number of candidates with a score ≥ T in a non-mated search, and whether any list was full,
    /// so that more may lie beyond its end.
    /// </summary>
    public (double Mean, bool IsCut) Selectivity(double threshold)
    {
        var (sum, cut) = (0L, false);
        foreach (var search in _nonMated)
        {
            var above = search.HasFailed ? 0 : search.Candidates.Count(c => c.Score >= threshold);
            sum += above;
            cut |= above > 0 && above == search.Candidates.Count && above < Searches.GallerySize;
        }
        return ((double)sum / _nonMated.Length, cut);
    }

    /// <summary>FNIR against FPIR at every threshold that makes a difference to either, rising thresholds.</summary>
    public IReadOnlyList<(double Threshold, double Fpir, double Fnir)> Curve()
    {
        var curve = new List<(double, double, double)>();
        if (_mated.Length == 0 || _nonMated.Length == 0)
            return curve;
        foreach (var threshold in _highest.Scores.ToArray().Union(_mates.Scores.ToArray()).Order())
            curve.Add((threshold, Fpir(threshold), Fnir(threshold)));
        return curve;
    }

    private double LowestMate() => _mated.Where(s => s.MateScore is not null).Select(s => s.MateScore!.Value).DefaultIfEmpty(0).Min();
}
