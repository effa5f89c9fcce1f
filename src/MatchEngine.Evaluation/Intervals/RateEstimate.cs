using System.Globalization;

namespace MatchEngine.Evaluation.Intervals;

/// <summary>Where an interval comes from.</summary>
public enum IntervalMethod
{
    /// <summary>There were no trials.</summary>
    None,

    /// <summary>No error (or nothing but errors) was seen: the interval is the bound 3/n.</summary>
    RuleOfThree,

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
    /// A rate whose interval comes from drawing subjects; without errors, or with nothing but errors,
    /// that interval has no width and the bound stands instead.
    /// </summary>
    public static RateEstimate Clustered(long errors, long trials, Interval bootstrap)
    {
        var independent = Independent(errors, trials);
        return independent.Method == IntervalMethod.Wilson && double.IsFinite(bootstrap.Low) && double.IsFinite(bootstrap.High)
            ? independent with { Range = bootstrap, Method = IntervalMethod.SubjectBootstrap }
            : independent;
    }

    /// <summary>In words: <c>12 of 3,000 (0.4 %; 0.21 … 0.7 %)</c>, or <c>0 of 3,000, below 0.1 %</c>.</summary>
    public override string ToString() => Method switch
    {
        IntervalMethod.None => "no comparisons",
        IntervalMethod.RuleOfThree when Errors == 0 => $"0 of {Count(Trials)}, below {Percent(Range.High)}",
        IntervalMethod.RuleOfThree => $"{Count(Errors)} of {Count(Trials)}, above {Percent(Range.Low)}",
        _ =>
            $"{Count(Errors)} of {Count(Trials)} ({Percent(Rate)}; "
                + $"{(Range.Low > 0 ? Percent(Range.Low) + " … " : "up to ")}{Percent(Range.High)}"
                + $"{(IsUncertain ? ", perhaps wider" : "")})",
    };

    internal static string Count(long n) => n.ToString("N0", CultureInfo.InvariantCulture);

    internal static string Percent(double rate) =>
        (rate * 100).ToString("G3", CultureInfo.InvariantCulture) is var text && text.Contains('E', StringComparison.Ordinal)
            ? rate.ToString("0.0#e-0", CultureInfo.InvariantCulture)
            : text + " %";
}
