using System.Globalization;

namespace MatchEngine.Evaluation.Intervals;

/// <summary>Where an interval comes from.</summary>
public enum IntervalMethod
{
    /// <summary>There were no trials.</summary>
    None,

    /// <summary>No error (or nothing but errors) was seen: the interval is the bound 3/n; n counts people where they are known.</summary>
    RuleOfThree,

    /// <summary>The people behind the trials are too few, or too alike, for any interval: the ends are not numbers.</summary>
    CannotBeSaid,

    /// <summary>Wilson's interval: the trials are independent, or nothing is known of the subjects behind them.</summary>
    Wilson,

    /// <summary>Subjects were drawn again and again, and all comparisons of a subject moved with it.</summary>
    SubjectBootstrap,
}

/// <summary>A rate with the counts it is made of and its 95 % interval. It can say "0 of n, below 3/n", and never says 0 %.</summary>
/// <param name="Errors">How many errors.</param>
/// <param name="Trials">In how many trials; 0 when there were none, and then there is no rate.</param>
/// <param name="Range">The interval that is to be believed, by <paramref name="Method"/>.</param>
/// <param name="Method">Where <paramref name="Range"/> comes from.</param>
public sealed record RateEstimate(long Errors, long Trials, Interval Range, IntervalMethod Method)
{
    /// <summary>
    /// Whether simulation shows that intervals such as <see cref="Range"/> hold the truth in less than 93 of 100 cases (the table of
    /// eval/README.md): false matches that cluster on a few of fewer than a hundred subjects,
    /// or trials nearly all of which belong to one or two.
    /// </summary>
    public bool IsUncertain { get; init; }

    /// <summary>
    /// What a bound of <see cref="IntervalMethod.RuleOfThree"/> counts, in words, such as <c>44 people</c>: comparisons that share people
    /// are no further evidence. Null where nothing is known of the people.
    /// </summary>
    public string? Units { get; init; }

    /// <summary>Errors over trials; NaN when there were no trials.</summary>
    public double Rate => Trials == 0 ? double.NaN : (double)Errors / Trials;

    /// <summary>Wilson's interval, as if the trials were independent; null without trials.</summary>
    public Interval? Wilson => Trials == 0 ? null : BinomialInterval.Wilson(Errors, Trials);

    /// <summary>The interval of Clopper and Pearson, as if the trials were independent; null without trials.</summary>
    public Interval? ClopperPearson => Trials == 0 ? null : BinomialInterval.ClopperPearson(Errors, Trials);

    /// <summary>A rate from independent trials, or where nothing is known of the subjects behind them.</summary>
    public static RateEstimate Independent(long errors, long trials) => new(
        errors,
        trials,
        trials == 0 ? new Interval(0, 1)
        : errors == 0 ? new Interval(0, BinomialInterval.ZeroErrorBound(trials))
        : errors == trials ? new Interval(1 - BinomialInterval.ZeroErrorBound(trials), 1)
        : BinomialInterval.Wilson(errors, trials),
        trials == 0 ? IntervalMethod.None : errors == 0 || errors == trials ? IntervalMethod.RuleOfThree : IntervalMethod.Wilson);

    /// <summary>
    /// A rate whose interval comes from drawing subjects. Without errors, or with nothing but errors, that interval has no width, and the
    /// bound 3/n stands instead, where n counts people (or pairs of them); with so few that it says nothing, or where the draws have no
    /// width although there are errors (one person), nothing can be said.
    /// </summary>
    /// <param name="errors">Errors.</param>
    /// <param name="trials">Trials.</param>
    /// <param name="bootstrap">The interval by drawing subjects; not numbers where the draws have no width.</param>
    /// <param name="units">How many people, or pairs of people, stand behind the trials.</param>
    /// <param name="noun">What the units are: <c>people</c> or <c>pairs of people</c>.</param>
    /// <param name="zeroErrors">How many errors are expected where none is seen in one of twenty sets: 3 of independent units.</param>
    public static RateEstimate Clustered(
        long errors, long trials, Interval bootstrap, long units, string noun = "people", double zeroErrors = 3)
    {
        var independent = Independent(errors, trials);
        var counted = $"{Count(units)} {(units == 1 ? noun.Replace("people", "person", StringComparison.Ordinal) : noun)}";
        if (independent.Method == IntervalMethod.None)
            return independent;
        var nothing = independent with { Range = new Interval(double.NaN, double.NaN), Method = IntervalMethod.CannotBeSaid, Units =
            counted };
        if (independent.Method == IntervalMethod.Wilson)
            return double.IsFinite(bootstrap.Low) && double.IsFinite(bootstrap.High)
                ? independent with { Range = bootstrap, Method = IntervalMethod.SubjectBootstrap }
                : nothing;
        var bound = units < 1 ? 1 : Math.Min(1, zeroErrors / units);
        return bound >= 1 ? nothing
            : independent with { Range = errors == 0 ? new Interval(0, bound) : new Interval(1 - bound, 1), Units = counted };
    }

    /// <summary>
    /// A rate of independent trials at a threshold that was set so that another rate of independent trials had a wanted value. The error of
    /// the threshold comes on top: the other rate's logarithm has the variance 1/k, and the rate moves with it. Wilson's interval of as
    /// many trials as have that variance.
    /// </summary>
    /// <param name="errors">Errors at the threshold.</param>
    /// <param name="trials">Trials, above 0.</param>
    /// <param name="setByErrors">Errors of the other rate at the threshold: k, above 0.</param>
    /// <param name="rateAt">The rate at the threshold where the other rate is so many times what it is now.</param>
    internal static RateEstimate AtWantedRate(long errors, long trials, long setByErrors, Func<double, double> rateAt)
    {
        var plain = Independent(errors, trials);
        var step = 1 / Math.Sqrt(setByErrors);
        var (fewer, more) = (rateAt(Math.Exp(-2 * step)), rateAt(Math.Exp(2 * step)));
        if (plain.Method != IntervalMethod.Wilson)
            return plain.Method == IntervalMethod.RuleOfThree && errors == 0
                ? plain with { Range = new Interval(0, Math.Min(1, plain.Range.High + fewer)) }
                : plain;
        var slope = (fewer - more) / (4 * step);
        var rate = plain.Rate;
        var variance = rate * (1 - rate) / trials + slope * slope * step * step;
        return plain with { Range = BinomialInterval.WilsonOf(rate, rate * (1 - rate) / variance) };
    }

    /// <summary>The same errors out of more trials, none of which can be an error: rate and interval shrink alike.</summary>
    internal RateEstimate OutOf(long trials)
    {
        if (trials == Trials || Trials == 0)
            return this;
        var share = (double)Trials / trials;
        return this with { Trials = trials, Range = new Interval(Range.Low * share, Range.High * share) };
    }

    /// <summary>In words: <c>12 of 3,000 (0.4 %; 0.21 … 0.7 %)</c>, or <c>0 of 3,000 from 60 people, below 5 %</c>.</summary>
    public override string ToString()
    {
        var counts = $"{Count(Errors)} of {Count(Trials)}{(Units is null ? "" : $" from {Units}")}";
        return Method switch
        {
            IntervalMethod.None => "no comparisons",
            IntervalMethod.CannotBeSaid =>
                $"{counts}{(Errors == 0 ? "" : $" ({Percent(Rate)})")}: too few people to say how far off that may be",
            IntervalMethod.RuleOfThree when Errors == 0 => $"{counts}, below {Percent(Range.High)}",
            IntervalMethod.RuleOfThree => $"{counts}, above {Percent(Range.Low)}",
            _ => $"{counts} ({Ranged(Rate, Range, IsUncertain)})",
        };
    }

    internal static string Count(long n) => n.ToString("N0", CultureInfo.InvariantCulture);

    internal static string Percent(double rate) => InUnit(rate, IsSmall(rate));

    /// <summary>A rate with its interval, all three in one unit: per cent, or powers of ten where one of them is below 0.001 %.</summary>
    internal static string Ranged(double rate, Interval range, bool isUncertain = false)
    {
        var small = IsSmall(rate) || IsSmall(range.Low) || IsSmall(range.High);
        return $"{InUnit(rate, small)}; {(range.Low > 0 ? InUnit(range.Low, small) + " … " : "up to ")}{InUnit(range.High, small)}"
            + (isUncertain ? ", perhaps wider" : "");
    }

    private static bool IsSmall(double rate) => rate is > 0 and < 1e-5;

    private static string InUnit(double rate, bool small) => small
        ? rate.ToString("0.0#e-0", CultureInfo.InvariantCulture)
        : (rate * 100).ToString("G3", CultureInfo.InvariantCulture) + " %";
}
