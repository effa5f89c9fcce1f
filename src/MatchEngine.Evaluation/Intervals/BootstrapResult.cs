using MathNet.Numerics.Distributions;

namespace MatchEngine.Evaluation.Intervals;

/// <summary>What a statistic was in each replicate of a bootstrap.</summary>
public sealed class BootstrapResult
{
    private readonly double[] _replicates;

    internal BootstrapResult(SubjectRate statistic, double[] replicates)
    {
        Statistic = statistic;
        _replicates = Scaled(replicates, statistic);
    }

    /// <summary>What was estimated.</summary>
    public SubjectRate Statistic { get; }

    /// <summary>The rate in each replicate, after scaling; NaN where no trial was left.</summary>
    public ReadOnlySpan<double> Replicates => _replicates;

    /// <summary>
    /// The interval of the rate: percentiles of the replicates, corrected for bias and skewness (BCa; Efron, JASA 82, 1987, with a sixth of
    /// the replicates' skewness as acceleration).
    /// </summary>
    public Interval ToInterval(double confidence = Interval.Confidence) => Endpoints(_replicates, Statistic.Rate, confidence);

    /// <summary>The rate with its counts and interval.</summary>
    public RateEstimate ToEstimate()
    {
        var estimate = RateEstimate.Clustered(Statistic.Errors, Statistic.Trials, ToInterval());
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

    /// <summary>The interval of the difference of two rates, formed in every replicate.</summary>
    public static Interval Difference(BootstrapResult first, BootstrapResult second, double confidence = Interval.Confidence)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var differences = new double[first._replicates.Length];
        for (var r = 0; r < differences.Length; r++)
            differences[r] = first._replicates[r] - second._replicates[r];
        return Endpoints(differences, double.NaN, confidence);
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
        return new Interval(At(-deviate), At(deviate));
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
    /// Scales the replicates about the estimate: to the variance that the design implies, and, for few subjects, by Student's t over the
    /// normal deviate (Hesterberg, The American Statistician 69, 2015) with <see cref="SubjectRate.EffectiveSubjects"/> − 1 degrees of
    /// freedom, at least 2: below that no interval says anything, and the rate is marked.
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
        const double Tail = 1 - (1 - Interval.Confidence) / 2;
        var freedom = Math.Max(2, statistic.EffectiveSubjects - 1);
        var factor = StudentT.InvCDF(0, 1, freedom, Tail) / Normal.InvCDF(0, 1, Tail);
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
