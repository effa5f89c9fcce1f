using MatchEngine.Evaluation.Intervals;
using MathNet.Numerics.Distributions;

namespace MatchEngine.Evaluation.Demographics;

/// <summary>A rate of one group over that of the reference group, and whether the data show that the two differ.</summary>
/// <param name="Value">The ratio; null where either group has no error.</param>
/// <param name="Range">Its 95 % interval, formed draw by draw; null without a bootstrap or where there is no ratio.</param>
/// <param name="Below">Where the group has no error and the reference has: the ratio lies below this; else null.</param>
/// <param name="Above">Where the reference has no error and the group has: the ratio lies above this; else null.</param>
/// <param name="PValue">Two-sided p-value of "the ratio is 1"; null where it was not tested (too few subjects, no error, no draws).</param>
/// <param name="Detectable">
/// The smallest ratio above 1 that the test would have found in 80 of 100 such data sets: from the numbers of trials, the rate of all
/// groups together and how much comparisons share people, not from what the group's own rate turned out to be. Null where it cannot be
/// said.
/// </param>
public sealed record GroupRatio(double? Value, Interval? Range, double? Below, double? Above, double? PValue, double? Detectable)
{
    /// <summary>The significance level of the tests.</summary>
    public const double Level = 1 - Interval.Confidence;

    /// <summary>The p-value corrected for all ratios of the report by Holm's method; null where it was not tested.</summary>
    public double? AdjustedPValue { get; init; }

    /// <summary>Whether the ratio was tested and its interval excludes 1.</summary>
    public bool Differs => PValue is not null && Range is { } range && (range.Low > 1 || range.High < 1);

    /// <summary>Whether it still does when all ratios that were looked at are allowed for.</summary>
    public bool DiffersAfterHolm => Differs && AdjustedPValue <= Level;

    /// <summary>Compares the groups of one slicing in one rate with one of them.</summary>
    /// <param name="rates">The rate of each group.</param>
    /// <param name="drawn">Its draws, in the same order; null without a bootstrap.</param>
    /// <param name="reference">The reference group, or −1 for none.</param>
    /// <param name="isMarked">Which groups have too few subjects to take part.</param>
    /// <returns>One for each group; null for the reference group and without one.</returns>
    internal static GroupRatio?[] Of(
        IReadOnlyList<SubjectRate> rates, IReadOnlyList<BootstrapResult>? drawn, int reference, Func<int, bool> isMarked)
    {
        var found = new GroupRatio?[rates.Count];
        if (reference < 0)
            return found;
        var taking = Enumerable.Range(0, rates.Count).Where(g => !isMarked(g) && rates[g].Trials > 0).ToArray();
        var (pooled, spread) = Pooled(rates, drawn, taking);
        var basis = Estimate(reference);
        for (var g = 0; g < rates.Count; g++)
        {
            if (g == reference || rates[g].Trials == 0 || rates[reference].Trials == 0)
                continue;
            var own = Estimate(g);
            var tested = !isMarked(g) && !isMarked(reference) && drawn is not null;
            var both = own.Errors > 0 && basis.Errors > 0;
            found[g] = new GroupRatio(
                both ? rates[g].Rate / rates[reference].Rate : null,
                both && drawn is not null ? BootstrapResult.Ratio(drawn[g], drawn[reference]) : null,
                own.Errors == 0 && basis.Errors > 0 ? own.Range.High / basis.Rate : null,
                own.Errors > 0 && basis.Errors == 0 ? own.Rate / basis.Range.High : null,
                both && tested ? BootstrapResult.RatioPValue(drawn![g], drawn[reference]) : null,
                tested
                    ? DetectableRatio(
                        pooled, spread, rates[g].Trials, rates[g].EffectiveSubjects, rates[reference].Trials,
                        rates[reference].EffectiveSubjects)
                    : null);
        }
        return found;

        RateEstimate Estimate(int g) => drawn is null ? rates[g].Undrawn() : drawn[g].ToEstimate();
    }

    /// <summary>The group that the others are compared with where the protocol names none: the one with the most trials.</summary>
    /// <returns>−1 where there are fewer than two groups to compare.</returns>
    internal static int Largest(IReadOnlyList<SubjectRate> rates, Func<int, bool> isMarked)
    {
        var taking = Enumerable.Range(0, rates.Count).Where(g => !isMarked(g) && rates[g].Trials > 0).ToArray();
        return taking.Length < 2 ? -1 : taking.MaxBy(g => rates[g].Trials);
    }

    /// <summary>Holm's correction (Scandinavian Journal of Statistics 6, 1979): p(1)·m, p(2)·(m − 1) …, never falling, at most 1.</summary>
    /// <param name="pValues">The p-values of everything that was looked at.</param>
    /// <returns>The corrected values in the same order.</returns>
    public static double[] Holm(IReadOnlyList<double> pValues)
    {
        ArgumentNullException.ThrowIfNull(pValues);
        var adjusted = new double[pValues.Count];
        var highest = 0.0;
        foreach (var (index, place) in Enumerable.Range(0, pValues.Count).OrderBy(i => pValues[i]).Select((index, place) => (index, place)))
            adjusted[index] = highest = Math.Max(highest, Math.Min(1, pValues[index] * (pValues.Count - place)));
        return adjusted;
    }

    /// <summary>Corrects all ratios of a report together; those that were not tested stay as they are.</summary>
    internal static GroupRatio?[] Corrected(IReadOnlyList<GroupRatio?> all)
    {
        var tested = Enumerable.Range(0, all.Count).Where(i => all[i]?.PValue is not null).ToArray();
        var adjusted = Holm([.. tested.Select(i => all[i]!.PValue!.Value)]);
        var corrected = all.ToArray();
        for (var t = 0; t < tested.Length; t++)
            corrected[tested[t]] = all[tested[t]]! with { AdjustedPValue = adjusted[t] };
        return corrected;
    }

    /// <summary>
    /// The smallest ratio above 1 that 80 of 100 such data sets would show. The logarithm of a rate has the variance 1/E + κ/P: of E
    /// expected errors one by one, and of P people who differ. Of a ratio the two add up, and 1.96 + 0.84 deviations are found in 80 of 100
    /// sets.
    /// </summary>
    /// <param name="rate">The rate of both groups together.</param>
    /// <param name="spread">κ: the part of a rate's relative variance that belongs to people, times their number.</param>
    /// <param name="trials">The group's trials.</param>
    /// <param name="people">Its people, or how many they amount to.</param>
    /// <param name="referenceTrials">The reference group's trials.</param>
    /// <param name="referencePeople">Its people.</param>
    /// <returns>Null where fewer than about five errors are expected: the approximation then says nothing.</returns>
    public static double? DetectableRatio(
        double rate, double spread, double trials, double people, double referenceTrials, double referencePeople)
    {
        const double Power = 0.8;
        var deviates = Normal.InvCDF(0, 1, 1 - Level / 2) + Normal.InvCDF(0, 1, Power);
        double Variance(double of, double persons) => 1 / (rate * of) + spread / Math.Max(1, persons);
        return Math.Min(trials, referenceTrials) * rate < 5
            ? null
            : Math.Exp(deviates * Math.Sqrt(Variance(trials, people) + Variance(referenceTrials, referencePeople)));
    }

    // The rate of all groups together, and κ: the part of a rate's relative variance that belongs to people, times their number. It is the
    // same in a small group and a large one, which a design effect is not.
    private static (double Rate, double Spread) Pooled(IReadOnlyList<SubjectRate> rates, IReadOnlyList<BootstrapResult>? drawn,
        int[] taking)
    {
        var (errors, trials) = (taking.Sum(g => rates[g].Errors), taking.Sum(g => rates[g].Trials));
        if (trials == 0 || drawn is null)
            return (trials == 0 ? double.NaN : (double)errors / trials, 0);
        var (sum, weight) = (0.0, 0.0);
        foreach (var g in taking.Where(g => rates[g].Errors > 0 && rates[g].Errors < rates[g].Trials))
        {
            var relative = drawn[g].Variance / (rates[g].Rate * rates[g].Rate) - 1.0 / rates[g].Errors;
            sum += rates[g].Errors * Math.Max(0, relative) * rates[g].EffectiveSubjects;
            weight += rates[g].Errors;
        }
        return ((double)errors / trials, weight == 0 ? 0 : sum / weight);
    }
}
