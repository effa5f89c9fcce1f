using MathNet.Numerics.Distributions;

namespace MatchEngine.Evaluation.Intervals;

/// <summary>
/// Intervals of a rate from independent trials. Comparisons that share subjects are not independent: see <see cref="SubjectBootstrap"/>.
/// </summary>
public static class BinomialInterval
{
    /// <summary>The score interval of Wilson (JASA 22, 1927): the rates that a normal test would not reject.</summary>
    /// <param name="errors">0 … <paramref name="trials"/>.</param>
    /// <param name="trials">Above 0.</param>
    /// <param name="confidence">Between 0 and 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public static Interval Wilson(long errors, long trials, double confidence = Interval.Confidence)
    {
        Check(errors, trials, confidence);
        var range = WilsonOf((double)errors / trials, trials, confidence);
        // At the ends the formula is exact in real numbers only.
        return new Interval(errors == 0 ? 0 : range.Low, errors == trials ? 1 : range.High);
    }

    /// <summary>The same for a rate that is known as well as from so many independent trials, which need not be a whole number.</summary>
    internal static Interval WilsonOf(double p, double n, double confidence = Interval.Confidence)
    {
        var z = Normal.InvCDF(0, 1, 1 - (1 - confidence) / 2);
        var centre = p + z * z / (2 * n);
        var spread = z * Math.Sqrt(p * (1 - p) / n + z * z / (4 * n * n));
        var scale = 1 + z * z / n;
        return new Interval((centre - spread) / scale, (centre + spread) / scale);
    }

    /// <summary>
    /// The interval of Clopper and Pearson (Biometrika 26, 1934), which never covers less than it says: quantiles of the beta distribution.
    /// </summary>
    /// <inheritdoc cref="Wilson"/>
    public static Interval ClopperPearson(long errors, long trials, double confidence = Interval.Confidence)
    {
        Check(errors, trials, confidence);
        var tail = (1 - confidence) / 2;
        return new Interval(
            errors == 0 ? 0 : BetaQuantile(errors, trials - errors + 1.0, tail),
            errors == trials ? 1 : BetaQuantile(errors + 1.0, trials - errors, 1 - tail));
    }

    /// <summary>
    /// The "rule of three": with no error in n independent trials the rate lies below 3/n with 95 % confidence (one-sided; −ln 0.05 ≈ 3).
    /// </summary>
    /// <param name="trials">Above 0.</param>
    public static double ZeroErrorBound(long trials)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(trials);
        return Math.Min(1, 3.0 / trials);
    }

    // The library's own root finder stops at an absolute error that is too coarse for rates of 1e-6; bisection on the regularised
    // incomplete beta function goes to the last bit.
    private static double BetaQuantile(double a, double b, double probability)
    {
        var (low, high) = (0.0, 1.0);
        for (var step = 0; step < 200 && high - low > 1e-15 * high; step++)
        {
            var middle = (low + high) / 2;
            if (Beta.CDF(a, b, middle) < probability)
                low = middle;
            else
                high = middle;
        }
        return (low + high) / 2;
    }

    private static void Check(long errors, long trials, double confidence)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(trials);
        ArgumentOutOfRangeException.ThrowIfNegative(errors);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(errors, trials);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(confidence);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(confidence, 1);
    }
}
