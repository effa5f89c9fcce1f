using MathNet.Numerics.Distributions;

namespace MatchEngine.Evaluation.Intervals;

/// <summary>What a statistic was in each replicate of a bootstrap.</summary>
public sealed class BootstrapResult
{
    private readonly double[] _replicates;
    private readonly Lazy<double[]> _without;

    internal BootstrapResult(SubjectRate statistic, double[] replicates, int subjects)
    {
        Statistic = statistic;
        _without = new Lazy<double[]>(() => WithoutEach(statistic, subjects));
        _replicates = Scaled(replicates, statistic);
    }

    /// <summary>What was estimated.</summary>
    public SubjectRate Statistic { get; }

    /// <summary>The rate in each replicate, after scaling; NaN where no trial was left.</summary>
    public ReadOnlySpan<double> Replicates => _replicates;

    /// <summary>Variance of the rate over the replicates; NaN without any.</summary>
    internal double Variance
    {
        get
        {
            var known = Array.FindAll(_replicates, r => !double.IsNaN(r));
            var mean = known.Length == 0 ? double.NaN : known.Average();
            return known.Length < 2 ? double.NaN : known.Sum(r => (r - mean) * (r - mean)) / (known.Length - 1);
        }
    }

    /// <summary>
    /// The interval of the rate: percentiles of the replicates, corrected for bias and skewness (BCa; Efron, JASA 82, 1987, with a sixth of
    /// the replicates' skewness as acceleration).
    /// </summary>
    public Interval ToInterval(double confidence = Interval.Confidence) => Endpoints(_replicates, Statistic.Rate, confidence);

    /// <summary>The rate with its counts and interval.</summary>
    public RateEstimate ToEstimate()
    {
        var estimate = RateEstimate.Clustered(
            Statistic.Errors, Statistic.Trials, ToInterval(), Statistic.Units, Statistic.UnitsNoun, Statistic.ZeroErrors);
        return estimate.Method == IntervalMethod.SubjectBootstrap ? estimate with { IsUncertain = Statistic.IsUncertain } : estimate;
    }

    /// <summary>
    /// The interval of the ratio of two rates, formed in every replicate; null when either has no error, for then the ratio has no value.
    /// </summary>
    public static Interval? Ratio(BootstrapResult numerator, BootstrapResult denominator, double confidence = Interval.Confidence)
    {
        ArgumentNullException.ThrowIfNull(numerator);
        ArgumentNullException.ThrowIfNull(denominator);
        if (numerator.Statistic.Errors == 0 || denominator.Statistic.Errors == 0)
            return null;
        var ratios = new double[numerator._replicates.Length];
        for (var r = 0; r < ratios.Length; r++)
            ratios[r] = denominator._replicates[r] == 0 && numerator._replicates[r] == 0
                ? double.NaN
                : numerator._replicates[r] / denominator._replicates[r];
        return Endpoints(ratios, double.NaN, confidence);
    }

    /// <summary>
    /// How surprising a ratio of two rates is if both are equal: the two-sided p-value, twice the share of draws on the far side of 1;
    /// beyond the last ten draws by the normal distribution of the logarithm. Null when either rate has no error.
    /// </summary>
    public static double? RatioPValue(BootstrapResult numerator, BootstrapResult denominator)
    {
        ArgumentNullException.ThrowIfNull(numerator);
        ArgumentNullException.ThrowIfNull(denominator);
        if (numerator.Statistic.Errors == 0 || denominator.Statistic.Errors == 0)
            return null;
        var (low, high, count, logs) = (0, 0, 0, new List<double>());
        for (var r = 0; r < numerator._replicates.Length; r++)
        {
            var (x, y) = (numerator._replicates[r], denominator._replicates[r]);
            if (double.IsNaN(x + y) || (x == 0 && y == 0))
                continue;
            count++;
            low += x <= y ? 1 : 0;
            high += x >= y ? 1 : 0;
            if (x > 0 && y > 0)
                logs.Add(Math.Log(x / y));
        }
        const int Enough = 10;
        var rarer = Math.Min(low, high);
        if (count == 0 || rarer >= Enough || logs.Count < 2)
            return count == 0 ? 1 : Math.Min(1, 2 * (rarer + 1.0) / (count + 1));
        var mean = logs.Average();
        var deviation = Math.Sqrt(logs.Sum(v => (v - mean) * (v - mean)) / (logs.Count - 1));
        var beyond = deviation == 0 ? 1 : 2 * Normal.CDF(0, 1, -Math.Abs(mean) / deviation);
        return Math.Min(beyond, 2.0 * (Enough + 1) / (count + 1));
    }

    /// <summary>
    /// The interval of a rate at a threshold that was set on the same people so that another rate (FMR, FPIR) had a wanted value. In each
    /// draw the threshold is set anew: where the draw's other rate at the old threshold is s times that of the data, the draw's own
    /// threshold lies where the data have 1/s of it, and the rate moves as it moves in the data between the two.
    /// </summary>
    /// <param name="setBy">The rate that the threshold was set by, at the threshold.</param>
    /// <param name="rateAt">The rate in the data at the threshold where the other rate is so many times what it is now.</param>
    /// <param name="confidence">Between 0 and 1.</param>
    /// <exception cref="ArgumentException">The two do not come from the same draws.</exception>
    internal Interval AtWanted(BootstrapResult setBy, Func<double, double> rateAt, double confidence = Interval.Confidence)
    {
        if (setBy._replicates.Length != _replicates.Length)
            throw new ArgumentException("both rates come from the same draws", nameof(setBy));
        return Moved(new MovingRate(this, setBy, rateAt)) is { } moved ? Endpoints(moved, Statistic.Rate, confidence)
            : ToInterval(confidence);
    }

    /// <summary>
    /// The interval of the difference of two rates, each at a threshold of its own that every draw sets anew, and the two-sided p-value of
    /// "no difference"; both as of <see cref="Difference(BootstrapResult, BootstrapResult, double)"/>, and null where nothing can be said.
    /// </summary>
    internal static (Interval? Range, double? PValue) DifferenceAtWanted(
        MovingRate first, MovingRate second, double confidence = Interval.Confidence)
    {
        var (x, y) = (Moved(first) ?? first.Rate._replicates, Moved(second) ?? second.Rate._replicates);
        if (x.Length != y.Length)
            throw new ArgumentException("both rates come from the same draws", nameof(second));
        return Difference(
            x, y, MovedWithoutEach(first) ?? first.Rate._without.Value, MovedWithoutEach(second) ?? second.Rate._without.Value,
            first.Rate.Statistic, second.Rate.Statistic, confidence);
    }

    // Null where the threshold cannot move, or the rate with it.
    private static double[]? Moved(MovingRate rate) => Moved(rate, rate.Rate._replicates, rate.SetBy._replicates);

    private static double[]? MovedWithoutEach(MovingRate rate) => Moved(rate, rate.Rate._without.Value, rate.SetBy._without.Value);

    private static double[]? Moved(MovingRate rate, double[] drawn, double[] drawnSetBy)
    {
        var (now, other) = (rate.RateAt(1), rate.SetBy.Statistic.Rate);
        if (!(now > 0) || !(other > 0))
            return null;
        return [.. drawn.Zip(drawnSetBy, (own, setBy) => double.IsNaN(setBy)
            ? double.NaN
            : Math.Min(1, own * (rate.RateAt(setBy > 0 ? other / setBy : double.MaxValue) / now)))];
    }

    /// <summary>
    /// The interval of the difference of two rates of the same people. Most people add nothing to it and a few add much, so it reaches as
    /// far as two intervals do: that of the draws, and Student's with the variance of leaving each person out in turn (the jackknife) and
    /// as many degrees of freedom as those who add to it are worth, (Σu²)²/Σu⁴ − 1 (after Satterthwaite), at least 2. Where fewer than five
    /// people's worth add to it, it reaches at least 3/n either way: so often may happen what was not seen in any of n people.
    /// </summary>
    /// <returns>Null where there are three people or fewer, or one person has all trials: nothing can be said.</returns>
    public static Interval? Difference(BootstrapResult first, BootstrapResult second, double confidence = Interval.Confidence)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return Difference(
            first._replicates, second._replicates, first._without.Value, second._without.Value, first.Statistic, second.Statistic,
            confidence).Range;
    }

    private static (Interval? Range, double? PValue) Difference(
        double[] first, double[] second, double[] firstWithout, double[] secondWithout, SubjectRate one, SubjectRate other,
        double confidence)
    {
        var difference = one.Rate - other.Rate;
        double[] drawn = [.. first.Zip(second, (a, b) => a - b).Where(d => !double.IsNaN(d))];
        double[] changes = [.. firstWithout.Zip(secondWithout, (a, b) => a - b - difference)];
        var people = Math.Min(one.Units, other.Units);
        if (drawn.Length == 0 || people <= 3 || double.IsNaN(difference) || changes.Any(double.IsNaN))
            return (null, null);
        var (squares, fourths) = (changes.Sum(u => u * u), changes.Sum(u => u * u * u * u));
        // The mean takes one of them, as everywhere.
        var freedom = squares > 0 ? Math.Max(2, squares * squares / fourths - 1) : 2;
        const int Few = 5;
        var unseen = freedom < Few ? BinomialInterval.ZeroErrorBound(people) : 0;
        var error = Math.Sqrt(squares * (people - 1) / people);
        var reach = Math.Max(unseen, error * StudentT.InvCDF(0, 1, freedom, 1 - (1 - confidence) / 2));
        var ends = Endpoints(drawn, double.NaN, confidence);
        var (below, above) = (drawn.Count(d => d <= 0), drawn.Count(d => d >= 0));
        var byDraws = Math.Min(1, 2 * (Math.Min(below, above) + 1.0) / (drawn.Length + 1));
        var byPeople = error > 0 ? 2 * StudentT.CDF(0, 1, freedom, -Math.Abs(difference) / error) : 0;
        // e⁻³ is the twentieth that 3/n goes with.
        var byChance = unseen > 0 ? Math.Exp(-people * Math.Abs(difference)) : 0;
        return (
            new Interval(
                Math.Max(-1, Math.Min(ends.Low, difference - reach)), Math.Min(1, Math.Max(ends.High, difference + reach))),
            Math.Max(Math.Max(byDraws, byPeople), byChance));
    }

    private static double[] WithoutEach(SubjectRate statistic, int subjects)
    {
        var rates = new double[subjects];
        Parallel.For(0, subjects, () => Ones(subjects), (s, _, weights) =>
        {
            weights[s] = 0;
            rates[s] = statistic.Replicate(weights);
            weights[s] = 1;
            return weights;
        }, _ => { });
        return rates;

        static int[] Ones(int count)
        {
            var weights = new int[count];
            Array.Fill(weights, 1);
            return weights;
        }
    }

    private static Interval Endpoints(double[] replicates, double estimate, double confidence)
    {
        var sorted = Array.FindAll(replicates, r => !double.IsNaN(r));
        Array.Sort(sorted);
        if (sorted.Length == 0 || (sorted[0] == sorted[^1] && !double.IsNaN(estimate)))
            return new Interval(double.NaN, double.NaN);
        var (bias, acceleration) = double.IsNaN(estimate) ? (0, 0) : Correction(sorted, estimate);
        var deviate = Normal.InvCDF(0, 1, 1 - (1 - confidence) / 2);
        double At(double z)
        {
            var shifted = bias + (bias + z) / (1 - acceleration * (bias + z));
            var position = Normal.CDF(0, 1, shifted) * (sorted.Length - 1);
            var below = (int)position;
            var above = Math.Min(below + 1, sorted.Length - 1);
            return sorted[below] == sorted[above] ? sorted[below] : sorted[below] + (position - below) * (sorted[above] - sorted[below]);
        }
        // Corrections for bias can push both ends past the estimate itself; an interval holds at least that.
        return double.IsNaN(estimate)
            ? new Interval(At(-deviate), At(deviate))
            : new Interval(Math.Min(estimate, At(-deviate)), Math.Max(estimate, At(deviate)));
    }

    private static (double Bias, double Acceleration) Correction(double[] sorted, double estimate)
    {
        var mean = sorted.Average();
        var (below, equal, second, third) = (0, 0, 0.0, 0.0);
        foreach (var value in sorted)
        {
            below += value < estimate ? 1 : 0;
            equal += value == estimate ? 1 : 0;
            second += (value - mean) * (value - mean);
            third += (value - mean) * (value - mean) * (value - mean);
        }
        if (second == 0)
            return (0, 0);
        var share = Math.Clamp((below + equal / 2.0) / sorted.Length, 0.01, 0.99);
        var skewness = third / sorted.Length / Math.Pow(second / sorted.Length, 1.5);
        return (Normal.InvCDF(0, 1, share), Math.Clamp(skewness / 6, -0.15, 0.15));
    }

    /// <summary>
    /// How much wider an interval of few subjects is: Student's t over the normal deviate (Hesterberg, The American Statistician 69, 2015).
    /// </summary>
    /// <param name="freedom">Degrees of freedom, at least 2: below that no interval says anything.</param>
    internal static double Widening(double freedom)
    {
        const double Tail = 1 - (1 - Interval.Confidence) / 2;
        return StudentT.InvCDF(0, 1, Math.Max(2, freedom), Tail) / Normal.InvCDF(0, 1, Tail);
    }

    /// <summary>
    /// Scales the replicates about the estimate: to the variance that the design implies, and, for few subjects, by
    /// <see cref="Widening"/> with <see cref="SubjectRate.Freedom"/> degrees of freedom; with fewer than 2 the rate is marked.
    /// </summary>
    /// <remarks>On the square-root scale a rare count has the same variance everywhere, and no replicate falls below 0.</remarks>
    private static double[] Scaled(double[] replicates, SubjectRate statistic)
    {
        var (estimate, variance) = (statistic.Rate, statistic.DesignVariance);
        if (!(estimate > 0))
            return replicates;
        var (sum, count) = (0.0, 0);
        foreach (var value in replicates)
        {
            if (double.IsNaN(value))
                continue;
            sum += (value - estimate) * (value - estimate);
            count++;
        }
        if (count == 0 || sum == 0)
            return replicates;
        var factor = Widening(statistic.Freedom);
        if (double.IsNaN(variance))
            factor *= Math.Sqrt(
                Math.Max(statistic.Subjects / Math.Max(1.0, statistic.Subjects - 1), statistic.LeastVariance / (sum / count)));
        else
            factor *= Math.Sqrt(variance / (sum / count));
        var centre = Math.Sqrt(estimate);
        return Array.ConvertAll(replicates, value =>
        {
            var moved = Math.Max(0, centre + factor * (Math.Sqrt(value) - centre));
            return Math.Min(1, moved * moved);
        });
    }
}
