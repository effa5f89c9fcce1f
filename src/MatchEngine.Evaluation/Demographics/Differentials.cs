using MatchEngine.Evaluation.Intervals;

namespace MatchEngine.Evaluation.Demographics;

/// <summary>
/// How unequal a rate is between groups. Values are null where they do not exist; a ratio with a zero in it becomes a bound.
/// </summary>
/// <param name="Groups">How many groups were compared.</param>
/// <param name="Minimum">The lowest rate.</param>
/// <param name="MinimumGroup">The group that has it.</param>
/// <param name="Maximum">The highest rate.</param>
/// <param name="MaximumGroup">The group that has it.</param>
/// <param name="MaxOverMin">Highest over lowest rate; null when the lowest is 0.</param>
/// <param name="MaxOverMinAbove">When the lowest rate is 0 of n: highest rate over the bound of <paramref name="MinimumGroup"/>, which of
/// several groups without errors is the one with the lowest bound; the ratio lies above it.</param>
/// <param name="MaxOverMean">Highest rate over the mean of the rates.</param>
/// <param name="MaxOverGeometricMean">Highest rate over the geometric mean; null when a rate is 0.</param>
/// <param name="VaryGeometricMean">Mean of |log10(rate / geometric mean)|; null when a rate is 0.</param>
/// <param name="Gini">G = n/(n−1) · Σ|xi − xj| / (2 n² x̄): 0 when all are equal,
/// 1 when one group has all errors (Howard et al., GARBE).</param>
/// <param name="GiniRaw">Without the factor n/(n−1): half of the mean absolute difference over the mean, over all ordered pairs of groups,
/// a group with itself included.</param>
public sealed record RateDifferentials(
    int Groups,
    double Minimum,
    string MinimumGroup,
    double Maximum,
    string MaximumGroup,
    double? MaxOverMin,
    double? MaxOverMinAbove,
    double? MaxOverMean,
    double? MaxOverGeometricMean,
    double? VaryGeometricMean,
    double? Gini,
    double? GiniRaw);

/// <summary>Measures of demographic differentials over the groups of one slicing (NIST IR 8429; ISO/IEC 19795-10).</summary>
public static class Differentials
{
    /// <summary>Compares the rate of several groups.</summary>
    /// <param name="groups">Each group's name and its rate with counts; groups without trials are left out.</param>
    /// <returns>Null with fewer than two groups.</returns>
    public static RateDifferentials? Of(IEnumerable<(string Group, RateEstimate Estimate)> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        var all = groups.Where(g => g.Estimate.Trials > 0).ToArray();
        if (all.Length < 2)
            return null;
        var rates = all.Select(g => g.Estimate.Rate).ToArray();
        // Of several groups without errors, the one of which the data say most is named, and gives the bound.
        var (lowest, highest) = (
            all.OrderBy(g => g.Estimate.Rate).ThenBy(g => double.IsNaN(g.Estimate.Range.High) ? 1 : g.Estimate.Range.High).First(),
            all.MaxBy(g => g.Estimate.Rate));
        var (min, max) = (lowest.Estimate.Rate, highest.Estimate.Rate);
        var positive = rates.All(r => r > 0);
        var geometric = positive ? Math.Exp(rates.Average(Math.Log)) : double.NaN;
        return new RateDifferentials(
            all.Length,
            min,
            lowest.Group,
            max,
            highest.Group,
            min > 0 ? max / min : null,
            min == 0 && max > 0 && lowest.Estimate.Range.High is > 0 and var bound ? max / bound : null,
            max > 0 ? max / rates.Average() : null,
            positive ? max / geometric : null,
            positive ? rates.Average(r => Math.Abs(Math.Log10(r / geometric))) : null,
            Gini(rates, corrected: true),
            Gini(rates, corrected: false));
    }

    /// <summary>The Gini coefficient of rates; 0 when all are equal, also when all are 0.</summary>
    /// <param name="rates">At least two rates, none below 0.</param>
    /// <param name="corrected">Whether to multiply by n/(n−1), so that 1 can be reached.</param>
    public static double Gini(IReadOnlyList<double> rates, bool corrected = true)
    {
        ArgumentNullException.ThrowIfNull(rates);
        ArgumentOutOfRangeException.ThrowIfLessThan(rates.Count, 2);
        var n = rates.Count;
        var mean = rates.Average();
        if (mean == 0)
            return 0;
        var differences = 0.0;
        foreach (var x in rates)
        {
            foreach (var y in rates)
                differences += Math.Abs(x - y);
        }
        return differences / (2.0 * n * n * mean) * (corrected ? n / (n - 1.0) : 1);
    }

    /// <summary>
    /// FDR(α) = 1 − (α·max|ΔFMR| + (1−α)·max|ΔFNMR|):
    /// 1 when all groups are treated alike (de Freitas Pereira and Marcel, IEEE T-BIOM 4, 2022).
    /// </summary>
    public static double FairnessDiscrepancyRate(IReadOnlyList<double> fmr, IReadOnlyList<double> fnmr, double alpha) =>
        1 - (alpha * (fmr.Max() - fmr.Min()) + (1 - alpha) * (fnmr.Max() - fnmr.Min()));

    /// <summary>
    /// IR(α) = (max FMR / min FMR)^α · (max FNMR / min FNMR)^(1−α): 1 when all groups are treated alike (Grother, NIST IR 8429);
    /// null when a lowest rate is 0.
    /// </summary>
    public static double? InequityRate(IReadOnlyList<double> fmr, IReadOnlyList<double> fnmr, double alpha) =>
        fmr.Min() == 0 || fnmr.Min() == 0
            ? null
            : Math.Pow(fmr.Max() / fmr.Min(), alpha) * Math.Pow(fnmr.Max() / fnmr.Min(), 1 - alpha);

    /// <summary>
    /// GARBE(α) = α·G(FMR) + (1−α)·G(FNMR): 0 when all groups are treated alike (Howard et al., Evaluating proposed fairness models for
    /// face recognition algorithms, 2022).
    /// </summary>
    public static double Garbe(IReadOnlyList<double> fmr, IReadOnlyList<double> fnmr, double alpha) =>
        alpha * Gini(fmr) + (1 - alpha) * Gini(fnmr);
}
