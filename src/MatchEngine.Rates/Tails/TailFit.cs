using MatchEngine.Rates.Summaries;

namespace MatchEngine.Rates.Tails;

/// <summary>
/// How many strangers a probe meets above a score, from its own scores in this very search: a generalised Pareto tail over the top tenth
/// of the
/// subjects' best scores. It holds for the person in the photo and for the people in the gallery, whoever they are, because it was
/// measured on
/// both; a rate of a model's card was measured on others.
/// </summary>
/// <remarks>
/// <para><b>Threshold.</b> The highest score of the grid that a tenth of the subjects reach, or <see cref="MostExceedances"/> of them in
/// a gallery of
/// ten thousand or more: what is left of the error grows with the distance between the threshold and the score in question.</para>
/// <para><b>The possible mate.</b> Whether the best subject is the probe's own person nobody knows. It counts as a stranger with the
/// probability
/// that Bayes' rule gives: odds of a mate = <see cref="MateOdds"/> per unit of score over the number of strangers per unit of score that
/// the
/// others' tail expects there. In the midst of the strangers it counts as one; far above them it does not count.</para>
/// <para><b>Value and interval.</b> Mean and variance over the tails that the data and the prior leave possible; the interval is
/// lognormal.</para>
/// </remarks>
public sealed class TailFit
{
    /// <summary>The least number of subjects by whose scores alone a number is said.</summary>
    public const int LeastSubjects = 300;

    /// <summary>The least number of subjects with whom a pool of the gallery's own tails (<see cref="TailPrior.LogScale"/>) lets a number
    /// be said.</summary>
    public const int LeastSubjectsPooled = 100;

    /// <summary>As many exceedances as are made use of.</summary>
    public const int MostExceedances = 1000;

    /// <summary>The share of subjects that make the tail.</summary>
    public const double TailShare = 0.1;

    /// <summary>The least number of strangers that is said; below it only this bound is.</summary>
    public const double LeastExpected = 0.001;

    /// <summary>
    /// The odds that a probe's person is enrolled times the density of a mate's score: even odds, and mates' scores spread evenly over 0
    /// … 1.
    /// </summary>
    public const double MateOdds = 1;

    /// <summary>
    /// As many exceedances are enough where a scan counted no farther down than to them; in a small gallery the share of subjects is.
    /// </summary>
    public const int LeastExceedances = 100;

    // Scores in fewer cells of the grid have no tail to see.
    private const int LeastCells = 3;

    private readonly ScoreSummary _summary;
    private readonly TailPosterior? _posterior;
    private readonly double[] _strangers;
    private readonly double _threshold;

    private TailFit(ScoreSummary summary, string population, UnsaidReason reason)
    {
        (_summary, Population, Reason, _strangers) = (summary, population, reason, []);
        _threshold = double.NaN;
    }

    private TailFit(ScoreSummary summary, string population, TailPosterior posterior, double[] strangers)
    {
        (_summary, Population, _posterior, _threshold, _strangers) = (summary, population, posterior, posterior.Threshold, strangers);
    }

    /// <summary>Who the probe was compared with, in words.</summary>
    public string Population { get; }

    /// <summary>How many subjects the probe was compared with.</summary>
    public long Comparisons => _summary.Subjects;

    /// <summary>Why nothing can be said at any score.</summary>
    public UnsaidReason Reason { get; }

    /// <summary>The score where the tail begins; NaN where there is no fit.</summary>
    public double Threshold => _threshold;

    /// <summary>How many strangers' scores the tail was fitted to; a subject that may be a mate counts by the probability that it is
    /// not.</summary>
    public double Exceedances => _posterior?.Exceedances ?? 0;

    /// <summary>The likeliest shape ξ; NaN where there is no fit.</summary>
    public double Shape => _posterior?.Mode.Shape ?? double.NaN;

    /// <summary>The standard deviation of the shape, prior and data together; NaN where there is no fit.</summary>
    public double ShapeDeviation => _posterior?.ShapeDeviation ?? double.NaN;

    /// <summary>The likeliest scale σ; NaN where there is no fit.</summary>
    public double Scale => _posterior?.Mode.Scale ?? double.NaN;

    /// <summary>The variance of ln σ at the likeliest shape; NaN where there is no fit.</summary>
    public double LogScaleVariance => _posterior?.LogScaleVariance ?? double.NaN;

    /// <summary>For each of the best subjects of the summary that may be a mate, the probability that it is a stranger.</summary>
    public ReadOnlySpan<double> StrangerProbabilities => _strangers;

    /// <summary>Fits the tail of one probe face.</summary>
    /// <param name="summary">The probe's scores; of all shards and galleries that count together.</param>
    /// <param name="population">Who the subjects are, in words: it goes with every number.</param>
    /// <param name="prior">What is known of the model's tails; null for <see cref="TailPrior.Cosines"/>.</param>
    /// <returns>A fit, or one with a <see cref="Reason"/> that says nothing.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The prior is out of range.</exception>
    public static TailFit Of(ScoreSummary summary, string population, TailPrior? prior = null)
    {
        ArgumentNullException.ThrowIfNull(summary);
        ArgumentException.ThrowIfNullOrWhiteSpace(population);
        prior ??= TailPrior.Cosines;
        prior.Require();
        return Of(summary, population, prior, prior.LogScale is null ? LeastSubjects : LeastSubjectsPooled);
    }

    internal static TailFit Of(ScoreSummary summary, string population, TailPrior prior, int least)
    {
        if (summary.Subjects < least)
            return new TailFit(summary, population, UnsaidReason.TooFewComparisons);
        var wanted = (long)Math.Min(Math.Floor(TailShare * summary.Subjects), MostExceedances);
        if (summary.Counted < Math.Min(wanted, LeastExceedances))
            return new TailFit(summary, population, UnsaidReason.NotCompared);
        return Fit(summary, population, prior, wanted);
    }

    /// <summary>The number of strangers expected at or above a score.</summary>
    /// <param name="score">Any score.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="score"/> is not a number.</exception>
    public StrangersExpected Above(double score)
    {
        if (double.IsNaN(score))
            throw new ArgumentOutOfRangeException(nameof(score), "a score is a number");
        if (_posterior is null)
            return StrangersExpected.Unsaid(Reason, Comparisons, Population);
        if (score < ScoreGrid.ScoreAt(_summary.From) && _summary.From > 0)
            return StrangersExpected.Unsaid(UnsaidReason.BelowCounted, Comparisons, Population);
        var (mean, variance) = Moments(score);
        return mean < LeastExpected
            ? StrangersExpected.Bounded(mean, variance, LeastExpected, Comparisons, Population)
            : StrangersExpected.Said(mean, variance, Comparisons, Population);
    }

    /// <summary>
    /// The floor above which about a number of strangers are expected for this probe: the least score, in ten-thousandths, with no more
    /// than
    /// that number expected at or above it. It rises as the number falls.
    /// </summary>
    /// <param name="strangers"><see cref="LeastExpected"/> or more.</param>
    /// <returns>
    /// The score; that of the first counted cell where fewer are expected everywhere, 1 where more are. Null where nothing can be said;
    /// see <see cref="Reason"/>.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="strangers"/> is below <see cref="LeastExpected"/> or no
    /// number.</exception>
    public double? FloorForStrangers(double strangers) => FloorForStrangers([this], strangers);

    /// <summary>The same for several comparisons that make one list: of several faces, or with several galleries.</summary>
    /// <param name="fits">The tails of each, at least one.</param>
    /// <param name="strangers">How many are expected of all together; <see cref="LeastExpected"/> or more.</param>
    /// <returns>The score; null where one of them says nothing.</returns>
    /// <exception cref="ArgumentException">There is no fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">As for one.</exception>
    public static double? FloorForStrangers(IReadOnlyList<TailFit> fits, double strangers)
    {
        ArgumentNullException.ThrowIfNull(fits);
        if (fits.Count == 0)
            throw new ArgumentException("there is no fit", nameof(fits));
        if (!(strangers >= LeastExpected))
            throw new ArgumentOutOfRangeException(nameof(strangers), $"a floor can be said for {LeastExpected} strangers or more");
        if (fits.Any(fit => fit._posterior is null))
            return null;
        const int PerUnit = 10_000;
        var (low, high) = ((int)Math.Round(ScoreGrid.ScoreAt(fits.Max(fit => fit._summary.From)) * PerUnit), PerUnit);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (fits.Sum(fit => fit.Moments(middle / (double)PerUnit).Mean) <= strangers)
                high = middle;
            else
                low = middle + 1;
        }
        return low / (double)PerUnit;
    }

    /// <summary>Mean and variance of the number at or above a score; there is a fit, and the score was counted.</summary>
    internal (double Mean, double Variance) Moments(double score)
    {
        if (score >= _threshold)
            return _posterior!.Beyond(score);
        var counted = Counted(score);
        return (counted, Math.Max(counted, 1));
    }

    private static TailFit Fit(ScoreSummary summary, string population, TailPrior prior, long wanted)
    {
        var first = ScoreGrid.Cells;
        for (var reached = 0L; reached < wanted && first > summary.From;)
            reached += summary.Counts[--first];
        var cells = (Span<double>)stackalloc double[ScoreGrid.Cells];
        var edges = (Span<double>)stackalloc double[ExceedanceBins.MaxEdges];
        var numbers = (Span<double>)stackalloc double[ExceedanceBins.MaxEdges];
        var strangers = new double[Math.Min(summary.PossibleMates, summary.Best.Length)];
        // First without those who may be mates, then with each by its probability, as the tail of the others has it.
        Weigh(summary, first, strangers, cells);
        var bins = new ExceedanceBins(cells, first, edges, numbers);
        if (bins.OccupiedCells < LeastCells)
            return new TailFit(summary, population, UnsaidReason.DegenerateScores);
        var mode = TailMode.Start(bins, prior).Improve(bins, prior);
        if (summary.ExcessVariance != 0)
            bins.MoveToExact(mode.Tail, summary.ExcessVariance);
        for (var pass = 0; pass < (strangers.Length == 0 ? 0 : 2); pass++)
        {
            for (var i = 0; i < strangers.Length; i++)
                strangers[i] = StrangerProbability(mode, bins, summary.Best[i].Score);
            Weigh(summary, first, strangers, cells);
            bins = new ExceedanceBins(cells, first, edges, numbers);
            if (summary.ExcessVariance != 0)
                bins.MoveToExact(mode.Tail, summary.ExcessVariance);
            if (pass == 0)
                mode = mode.Improve(bins, prior);
        }
        if (strangers.Length == 0)
            mode = mode.Improve(bins, prior);
        return new TailFit(summary, population, TailPosterior.About(bins, prior, mode), strangers);
    }

    private static double StrangerProbability(TailMode mode, in ExceedanceBins bins, double score)
    {
        var intensity = mode.Intensity(Math.Max(0, score - bins.Threshold), bins.Total);
        return intensity / (intensity + MateOdds);
    }

    private static void Weigh(ScoreSummary summary, int first, ReadOnlySpan<double> strangers, Span<double> cells)
    {
        for (var cell = first; cell < cells.Length; cell++)
            cells[cell] = summary.Counts[cell];
        for (var i = 0; i < strangers.Length; i++)
        {
            var cell = ScoreGrid.CellOf(summary.Best[i].CountedAt);
            if (cell >= first)
                cells[cell] = Math.Max(0, cells[cell] - (1 - strangers[i]));
        }
    }

    /// <summary>
    /// The strangers counted at or above a score below the threshold; between two scores of the grid the logarithm of the count is taken
    /// as linear.
    /// </summary>
    private double Counted(double score)
    {
        if (score <= ScoreGrid.ScoreAt(0))
            return Strangers(0);
        var cell = Math.Max(_summary.From, ScoreGrid.CellOf((float)score));
        var (below, above) = (Strangers(cell), Strangers(Math.Min(cell + 1, ScoreGrid.Cells - 1)));
        var part = Math.Clamp((score - ScoreGrid.ScoreAt(cell)) * 100, 0, 1);
        return below <= 0 || above <= 0 ? below : Math.Exp((1 - part) * Math.Log(below) + part * Math.Log(above));
    }

    private double Strangers(int cell)
    {
        double count = _summary.CountAtOrAbove(cell);
        for (var i = 0; i < _strangers.Length; i++)
        {
            if (_summary.Best[i].CountedAt >= (float)ScoreGrid.ScoreAt(cell))
                count -= 1 - _strangers[i];
        }
        return Math.Max(0, count);
    }
}
