using MatchEngine.Evaluation.Intervals;

namespace MatchEngine.Evaluation.PairedReports;

/// <summary>
/// A rate of comparisons of two subjects each, of which only every subject's own totals are known: to first order the rate moves with the
/// sum of the totals of those that were drawn (Hájek's projection), and it is scaled to the dyadic variance.
/// </summary>
internal sealed class LinearPairRate : SubjectRate
{
    private readonly long[] _errors;
    private readonly long[] _trials;

    /// <summary>Makes a rate from totals in which every comparison stands with both of its subjects.</summary>
    public LinearPairRate(long[] errors, long[] trials) => (_errors, _trials) = (errors, trials);

    /// <inheritdoc/>
    public override long Errors => _errors.Sum() / 2;

    /// <inheritdoc/>
    public override long Trials => _trials.Sum() / 2;

    /// <inheritdoc/>
    public override int Subjects => _trials.Count(n => n > 0);

    /// <inheritdoc/>
    public override double EffectiveSubjects => OneWayRate.Kish(_trials);

    internal override double Freedom
    {
        get
        {
            var (second, fourth) = Moments();
            return Math.Min(EffectiveSubjects - 1, fourth > 0 ? second * second / fourth : double.PositiveInfinity);
        }
    }

    // Each comparison stands in the sum with both of its subjects and counts once.
    internal override double DesignVariance =>
        Math.Max(Moments().Second - Errors, Errors * (1 - Rate)) / ((double)Trials * Trials);

    private (double Second, double Fourth) Moments()
    {
        var (rate, second, fourth) = (Rate, 0.0, 0.0);
        for (var s = 0; s < _errors.Length; s++)
        {
            var square = (_errors[s] - rate * _trials[s]) * (_errors[s] - rate * _trials[s]);
            second += square;
            fourth += square * square;
        }
        return (second, fourth);
    }

    internal override double Replicate(ReadOnlySpan<int> weights)
    {
        var (errors, trials) = ((double)Errors, (double)Trials);
        for (var s = 0; s < _errors.Length; s++)
        {
            errors += (weights[s] - 1) * (double)_errors[s];
            trials += (weights[s] - 1) * (double)_trials[s];
        }
        return trials <= 0 ? double.NaN : Math.Max(0, errors / trials);
    }
}
