using MatchEngine.Evaluation.Intervals;

namespace MatchEngine.Evaluation.Identification;

/// <summary>A rate over searches whose interval comes from the one draw of the subjects that serves all rates of an evaluation.</summary>
/// <param name="Statistic">The rate by subject; null where the subjects are not known.</param>
/// <param name="Place">Its place among the results of the bootstrap.</param>
/// <param name="Undrawn">The rate with the interval that stands where nothing was drawn.</param>
internal sealed record WantedRate(SubjectRate? Statistic, int Place, RateEstimate Undrawn)
{
    /// <summary>The draws of this rate, or null.</summary>
    public BootstrapResult? Draws(IReadOnlyList<BootstrapResult>? drawn) => Statistic is null ? null : drawn?[Place];

    /// <summary>The rate with its interval.</summary>
    public RateEstimate Estimate(IReadOnlyList<BootstrapResult>? drawn) => Draws(drawn)?.ToEstimate() ?? Undrawn;

    /// <summary>The rate at the threshold at which another one had a wanted value; its interval allows for that.</summary>
    /// <param name="setBy">The rate that the threshold was set by.</param>
    /// <param name="rateAt">This rate in the data at the threshold where the other is so many times what it is now.</param>
    /// <param name="drawn">The draws.</param>
    public RateEstimate EstimateAt(WantedRate setBy, Func<double, double> rateAt, IReadOnlyList<BootstrapResult>? drawn)
    {
        var estimate = Estimate(drawn);
        if (setBy.Undrawn.Errors == 0)
            return estimate;
        if (Draws(drawn) is not { } own || setBy.Draws(drawn) is not { } other)
            return Statistic is null
                ? RateEstimate.AtWantedRate(estimate.Errors, estimate.Trials, setBy.Undrawn.Errors, rateAt)
                : estimate;
        if (estimate.Method == IntervalMethod.SubjectBootstrap)
            return estimate with
            {
                Range = own.AtWanted(other, rateAt),
                IsUncertain = estimate.IsUncertain || other.Statistic.IsUncertain,
            };
        var highest = other.ToInterval().High;
        return estimate is { Method: IntervalMethod.RuleOfThree, Errors: 0 } && highest > 0
            ? estimate with { Range = new Interval(0, Math.Min(1, estimate.Range.High + rateAt(other.Statistic.Rate / highest))) }
            : estimate;
    }
}
